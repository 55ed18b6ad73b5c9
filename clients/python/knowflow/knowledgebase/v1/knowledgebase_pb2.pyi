from knowflow.knowledgebase.v1 import item_pb2 as _item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KnowledgebaseSummary(_message.Message):
    __slots__ = ("id", "name", "description", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class Knowledgebase(_message.Message):
    __slots__ = ("id", "name", "description", "webpages", "documents", "references", "is_truncated")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    WEBPAGES_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    IS_TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    webpages: _containers.RepeatedCompositeFieldContainer[_item_pb2.WebpageSummary]
    documents: _containers.RepeatedCompositeFieldContainer[_item_pb2.DocumentSummary]
    references: _containers.RepeatedCompositeFieldContainer[_item_pb2.Reference]
    is_truncated: bool
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., webpages: _Optional[_Iterable[_Union[_item_pb2.WebpageSummary, _Mapping]]] = ..., documents: _Optional[_Iterable[_Union[_item_pb2.DocumentSummary, _Mapping]]] = ..., references: _Optional[_Iterable[_Union[_item_pb2.Reference, _Mapping]]] = ..., is_truncated: _Optional[bool] = ...) -> None: ...
