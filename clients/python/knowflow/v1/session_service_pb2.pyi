from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import document_service_pb2 as _document_service_pb2
from knowflow.v1 import session_pb2 as _session_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateSessionRequest(_message.Message):
    __slots__ = ("chat_id", "name", "user_id")
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    name: str
    user_id: str
    def __init__(self, chat_id: _Optional[str] = ..., name: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class CreateSessionResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _session_pb2.ChatSession
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_session_pb2.ChatSession, _Mapping]] = ...) -> None: ...

class ListSessionsRequest(_message.Message):
    __slots__ = ("page", "page_size", "orderby", "desc", "id", "name", "chat_id", "user_id")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ORDERBY_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    page: int
    page_size: int
    orderby: str
    desc: bool
    id: str
    name: str
    chat_id: str
    user_id: str
    def __init__(self, page: _Optional[int] = ..., page_size: _Optional[int] = ..., orderby: _Optional[str] = ..., desc: _Optional[bool] = ..., id: _Optional[str] = ..., name: _Optional[str] = ..., chat_id: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class ListSessionsResponse(_message.Message):
    __slots__ = ("code", "data", "total")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _containers.RepeatedCompositeFieldContainer[_session_pb2.ChatSession]
    total: int
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Iterable[_Union[_session_pb2.ChatSession, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class UpdateSessionRequest(_message.Message):
    __slots__ = ("chat_id", "session_id", "name", "user_id", "message", "messages", "reference")
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    session_id: str
    name: str
    user_id: str
    message: _struct_pb2.Value
    messages: _struct_pb2.Value
    reference: _struct_pb2.Value
    def __init__(self, chat_id: _Optional[str] = ..., session_id: _Optional[str] = ..., name: _Optional[str] = ..., user_id: _Optional[str] = ..., message: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., messages: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., reference: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class UpdateSessionResponse(_message.Message):
    __slots__ = ("code",)
    CODE_FIELD_NUMBER: _ClassVar[int]
    code: int
    def __init__(self, code: _Optional[int] = ...) -> None: ...

class DeleteSessionsRequest(_message.Message):
    __slots__ = ("chat_id", "ids")
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    ids: _struct_pb2.Value
    def __init__(self, chat_id: _Optional[str] = ..., ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class DeleteSessionsResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _document_service_pb2.BulkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_document_service_pb2.BulkResult, _Mapping]] = ...) -> None: ...

class RelatedQuestionsRequest(_message.Message):
    __slots__ = ("session_id", "question")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    question: str
    def __init__(self, session_id: _Optional[str] = ..., question: _Optional[str] = ...) -> None: ...

class RelatedQuestionsResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: RelatedQuestionsResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[RelatedQuestionsResult, _Mapping]] = ...) -> None: ...

class RelatedQuestionsResult(_message.Message):
    __slots__ = ("related_questions",)
    RELATED_QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    related_questions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, related_questions: _Optional[_Iterable[str]] = ...) -> None: ...
