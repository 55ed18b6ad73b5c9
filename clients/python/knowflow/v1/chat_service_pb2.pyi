from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import chat_pb2 as _chat_pb2
from knowflow.v1 import document_service_pb2 as _document_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateChatRequest(_message.Message):
    __slots__ = ("name", "avatar", "dataset_ids", "description", "llm", "prompt")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    DATASET_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    LLM_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    name: str
    avatar: str
    dataset_ids: _containers.RepeatedScalarFieldContainer[str]
    description: str
    llm: _chat_pb2.ChatLlm
    prompt: _chat_pb2.ChatPrompt
    def __init__(self, name: _Optional[str] = ..., avatar: _Optional[str] = ..., dataset_ids: _Optional[_Iterable[str]] = ..., description: _Optional[str] = ..., llm: _Optional[_Union[_chat_pb2.ChatLlm, _Mapping]] = ..., prompt: _Optional[_Union[_chat_pb2.ChatPrompt, _Mapping]] = ...) -> None: ...

class CreateChatResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _chat_pb2.Chat
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_chat_pb2.Chat, _Mapping]] = ...) -> None: ...

class ListChatsRequest(_message.Message):
    __slots__ = ("page", "page_size", "orderby", "desc", "id", "name")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ORDERBY_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    page: int
    page_size: int
    orderby: str
    desc: bool
    id: str
    name: str
    def __init__(self, page: _Optional[int] = ..., page_size: _Optional[int] = ..., orderby: _Optional[str] = ..., desc: _Optional[bool] = ..., id: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class ListChatsResponse(_message.Message):
    __slots__ = ("code", "data", "total")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _containers.RepeatedCompositeFieldContainer[_chat_pb2.Chat]
    total: int
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Iterable[_Union[_chat_pb2.Chat, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class UpdateChatRequest(_message.Message):
    __slots__ = ("chat_id", "name", "avatar", "dataset_ids", "description", "llm", "prompt")
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    DATASET_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    LLM_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    name: str
    avatar: str
    dataset_ids: _struct_pb2.Value
    description: str
    llm: _chat_pb2.ChatLlm
    prompt: _chat_pb2.ChatPrompt
    def __init__(self, chat_id: _Optional[str] = ..., name: _Optional[str] = ..., avatar: _Optional[str] = ..., dataset_ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., description: _Optional[str] = ..., llm: _Optional[_Union[_chat_pb2.ChatLlm, _Mapping]] = ..., prompt: _Optional[_Union[_chat_pb2.ChatPrompt, _Mapping]] = ...) -> None: ...

class UpdateChatResponse(_message.Message):
    __slots__ = ("code",)
    CODE_FIELD_NUMBER: _ClassVar[int]
    code: int
    def __init__(self, code: _Optional[int] = ...) -> None: ...

class DeleteChatsRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _struct_pb2.Value
    def __init__(self, ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class DeleteChatsResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _document_service_pb2.BulkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_document_service_pb2.BulkResult, _Mapping]] = ...) -> None: ...
