from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.v1 import retrieval_pb2 as _retrieval_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReferenceChunk(_message.Message):
    __slots__ = ("id", "content", "document_id", "document_name", "dataset_id", "positions", "page_number", "similarity", "vector_similarity", "term_similarity", "image_id", "doc_type")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    PAGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    VECTOR_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    TERM_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    DOC_TYPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    content: str
    document_id: str
    document_name: str
    dataset_id: str
    positions: _containers.RepeatedCompositeFieldContainer[_struct_pb2.ListValue]
    page_number: int
    similarity: float
    vector_similarity: float
    term_similarity: float
    image_id: str
    doc_type: str
    def __init__(self, id: _Optional[str] = ..., content: _Optional[str] = ..., document_id: _Optional[str] = ..., document_name: _Optional[str] = ..., dataset_id: _Optional[str] = ..., positions: _Optional[_Iterable[_Union[_struct_pb2.ListValue, _Mapping]]] = ..., page_number: _Optional[int] = ..., similarity: _Optional[float] = ..., vector_similarity: _Optional[float] = ..., term_similarity: _Optional[float] = ..., image_id: _Optional[str] = ..., doc_type: _Optional[str] = ...) -> None: ...

class Reference(_message.Message):
    __slots__ = ("total", "chunks", "doc_aggs")
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    DOC_AGGS_FIELD_NUMBER: _ClassVar[int]
    total: int
    chunks: _containers.RepeatedCompositeFieldContainer[ReferenceChunk]
    doc_aggs: _containers.RepeatedCompositeFieldContainer[_retrieval_pb2.DocumentHits]
    def __init__(self, total: _Optional[int] = ..., chunks: _Optional[_Iterable[_Union[ReferenceChunk, _Mapping]]] = ..., doc_aggs: _Optional[_Iterable[_Union[_retrieval_pb2.DocumentHits, _Mapping]]] = ...) -> None: ...

class ChatMessage(_message.Message):
    __slots__ = ("id", "role", "content", "reference", "created_at", "model_served", "finish_reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    MODEL_SERVED_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    role: str
    content: str
    reference: _containers.RepeatedCompositeFieldContainer[ReferenceChunk]
    created_at: str
    model_served: str
    finish_reason: str
    def __init__(self, id: _Optional[str] = ..., role: _Optional[str] = ..., content: _Optional[str] = ..., reference: _Optional[_Iterable[_Union[ReferenceChunk, _Mapping]]] = ..., created_at: _Optional[str] = ..., model_served: _Optional[str] = ..., finish_reason: _Optional[str] = ...) -> None: ...

class ChatSession(_message.Message):
    __slots__ = ("id", "name", "chat_id", "message_count", "messages", "user_id", "create_time", "update_time", "create_date", "update_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_DATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    chat_id: str
    message_count: int
    messages: _containers.RepeatedCompositeFieldContainer[ChatMessage]
    user_id: str
    create_time: str
    update_time: str
    create_date: str
    update_date: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., chat_id: _Optional[str] = ..., message_count: _Optional[int] = ..., messages: _Optional[_Iterable[_Union[ChatMessage, _Mapping]]] = ..., user_id: _Optional[str] = ..., create_time: _Optional[str] = ..., update_time: _Optional[str] = ..., create_date: _Optional[str] = ..., update_date: _Optional[str] = ...) -> None: ...
