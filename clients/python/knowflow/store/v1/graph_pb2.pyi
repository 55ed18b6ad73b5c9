from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GraphFactKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRAPH_FACT_KIND_UNSPECIFIED: _ClassVar[GraphFactKind]
    GRAPH_FACT_KIND_ENTITY: _ClassVar[GraphFactKind]
    GRAPH_FACT_KIND_RELATION: _ClassVar[GraphFactKind]
    GRAPH_FACT_KIND_ALIAS: _ClassVar[GraphFactKind]
    GRAPH_FACT_KIND_DRAFT: _ClassVar[GraphFactKind]
    GRAPH_FACT_KIND_REPORT: _ClassVar[GraphFactKind]
GRAPH_FACT_KIND_UNSPECIFIED: GraphFactKind
GRAPH_FACT_KIND_ENTITY: GraphFactKind
GRAPH_FACT_KIND_RELATION: GraphFactKind
GRAPH_FACT_KIND_ALIAS: GraphFactKind
GRAPH_FACT_KIND_DRAFT: GraphFactKind
GRAPH_FACT_KIND_REPORT: GraphFactKind

class GraphFact(_message.Message):
    __slots__ = ("id", "organization_id", "dataset_id", "document_id", "generation", "kind", "source", "target", "label", "name", "weight", "description", "keywords", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    dataset_id: str
    document_id: str
    generation: str
    kind: GraphFactKind
    source: str
    target: str
    label: str
    name: str
    weight: float
    description: str
    keywords: _containers.RepeatedScalarFieldContainer[str]
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., generation: _Optional[str] = ..., kind: _Optional[_Union[GraphFactKind, str]] = ..., source: _Optional[str] = ..., target: _Optional[str] = ..., label: _Optional[str] = ..., name: _Optional[str] = ..., weight: _Optional[float] = ..., description: _Optional[str] = ..., keywords: _Optional[_Iterable[str]] = ..., created_at: _Optional[int] = ...) -> None: ...
