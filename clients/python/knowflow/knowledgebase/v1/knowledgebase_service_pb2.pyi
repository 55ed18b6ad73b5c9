from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.knowledgebase.v1 import item_pb2 as _item_pb2
from knowflow.knowledgebase.v1 import knowledgebase_pb2 as _knowledgebase_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListKnowledgebasesRequest(_message.Message):
    __slots__ = ("page", "limit", "sort_by", "sort_order")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    page: int
    limit: int
    sort_by: str
    sort_order: str
    def __init__(self, page: _Optional[int] = ..., limit: _Optional[int] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ...) -> None: ...

class ListKnowledgebasesResponse(_message.Message):
    __slots__ = ("data", "pagination")
    DATA_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_knowledgebase_pb2.KnowledgebaseSummary]
    pagination: _item_pb2.Pagination
    def __init__(self, data: _Optional[_Iterable[_Union[_knowledgebase_pb2.KnowledgebaseSummary, _Mapping]]] = ..., pagination: _Optional[_Union[_item_pb2.Pagination, _Mapping]] = ...) -> None: ...

class CreateKnowledgebaseRequest(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class CreateKnowledgebaseResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _knowledgebase_pb2.Knowledgebase
    message: str
    def __init__(self, data: _Optional[_Union[_knowledgebase_pb2.Knowledgebase, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class GetKnowledgebaseRequest(_message.Message):
    __slots__ = ("knowledgebase_id",)
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ...) -> None: ...

class GetKnowledgebaseResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _knowledgebase_pb2.Knowledgebase
    def __init__(self, data: _Optional[_Union[_knowledgebase_pb2.Knowledgebase, _Mapping]] = ...) -> None: ...

class UpdateKnowledgebaseRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "name", "description")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    name: str
    description: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class UpdateKnowledgebaseResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _knowledgebase_pb2.Knowledgebase
    message: str
    def __init__(self, data: _Optional[_Union[_knowledgebase_pb2.Knowledgebase, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class DeleteKnowledgebaseRequest(_message.Message):
    __slots__ = ("knowledgebase_id",)
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ...) -> None: ...

class DeleteKnowledgebaseResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...
