from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KnowledgePlacement(_message.Message):
    __slots__ = ("dataset_id", "document_id", "chunk_id", "token_count")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    chunk_id: str
    token_count: int
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., chunk_id: _Optional[str] = ..., token_count: _Optional[int] = ...) -> None: ...

class KnowledgeItem(_message.Message):
    __slots__ = ("id", "organization_id", "name", "content", "description", "agent_ids", "placements", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    PLACEMENTS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    name: str
    content: str
    description: str
    agent_ids: _containers.RepeatedScalarFieldContainer[str]
    placements: _containers.RepeatedCompositeFieldContainer[KnowledgePlacement]
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., name: _Optional[str] = ..., content: _Optional[str] = ..., description: _Optional[str] = ..., agent_ids: _Optional[_Iterable[str]] = ..., placements: _Optional[_Iterable[_Union[KnowledgePlacement, _Mapping]]] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class KnowledgeStep(_message.Message):
    __slots__ = ("placement", "existed", "tokens_before")
    PLACEMENT_FIELD_NUMBER: _ClassVar[int]
    EXISTED_FIELD_NUMBER: _ClassVar[int]
    TOKENS_BEFORE_FIELD_NUMBER: _ClassVar[int]
    placement: KnowledgePlacement
    existed: bool
    tokens_before: int
    def __init__(self, placement: _Optional[_Union[KnowledgePlacement, _Mapping]] = ..., existed: _Optional[bool] = ..., tokens_before: _Optional[int] = ...) -> None: ...

class KnowledgeChange(_message.Message):
    __slots__ = ("id", "organization_id", "item", "written", "removed", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    item: KnowledgeItem
    written: _containers.RepeatedCompositeFieldContainer[KnowledgeStep]
    removed: _containers.RepeatedCompositeFieldContainer[KnowledgeStep]
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., item: _Optional[_Union[KnowledgeItem, _Mapping]] = ..., written: _Optional[_Iterable[_Union[KnowledgeStep, _Mapping]]] = ..., removed: _Optional[_Iterable[_Union[KnowledgeStep, _Mapping]]] = ..., created_at: _Optional[int] = ...) -> None: ...

class KnowledgeShelf(_message.Message):
    __slots__ = ("id", "organization_id", "item_count", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    item_count: int
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., item_count: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...
