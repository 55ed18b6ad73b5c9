from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.knowledgebase.v1 import item_pb2 as _item_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListReferencesRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "page", "limit", "source")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    page: int
    limit: int
    source: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., page: _Optional[int] = ..., limit: _Optional[int] = ..., source: _Optional[str] = ...) -> None: ...

class ListReferencesResponse(_message.Message):
    __slots__ = ("data", "pagination")
    DATA_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_item_pb2.Reference]
    pagination: _item_pb2.Pagination
    def __init__(self, data: _Optional[_Iterable[_Union[_item_pb2.Reference, _Mapping]]] = ..., pagination: _Optional[_Union[_item_pb2.Pagination, _Mapping]] = ...) -> None: ...

class CreateReferenceRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "question", "answer")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    question: str
    answer: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ...) -> None: ...

class CreateReferenceResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.Reference
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.Reference, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class GetReferenceRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "reference_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    reference_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., reference_id: _Optional[str] = ...) -> None: ...

class GetReferenceResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.Reference
    def __init__(self, data: _Optional[_Union[_item_pb2.Reference, _Mapping]] = ...) -> None: ...

class UpdateReferenceRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "reference_id", "question", "answer")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    reference_id: str
    question: str
    answer: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., reference_id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ...) -> None: ...

class UpdateReferenceResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.Reference
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.Reference, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class DeleteReferenceRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "reference_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    reference_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., reference_id: _Optional[str] = ...) -> None: ...

class DeleteReferenceResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...
