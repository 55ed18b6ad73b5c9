from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchKnowledgebaseRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "query", "limit", "threshold")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    query: str
    limit: int
    threshold: float
    def __init__(self, knowledgebase_id: _Optional[str] = ..., query: _Optional[str] = ..., limit: _Optional[int] = ..., threshold: _Optional[float] = ...) -> None: ...

class SearchKnowledgebaseResponse(_message.Message):
    __slots__ = ("data", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[SearchResult]
    meta: SearchMeta
    def __init__(self, data: _Optional[_Iterable[_Union[SearchResult, _Mapping]]] = ..., meta: _Optional[_Union[SearchMeta, _Mapping]] = ...) -> None: ...

class SearchAgentKnowledgebaseRequest(_message.Message):
    __slots__ = ("agent_id", "query", "limit", "threshold")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    query: str
    limit: int
    threshold: float
    def __init__(self, agent_id: _Optional[str] = ..., query: _Optional[str] = ..., limit: _Optional[int] = ..., threshold: _Optional[float] = ...) -> None: ...

class SearchAgentKnowledgebaseResponse(_message.Message):
    __slots__ = ("data", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[SearchResult]
    meta: SearchMeta
    def __init__(self, data: _Optional[_Iterable[_Union[SearchResult, _Mapping]]] = ..., meta: _Optional[_Union[SearchMeta, _Mapping]] = ...) -> None: ...

class SearchResult(_message.Message):
    __slots__ = ("id", "question", "answer", "similarity", "type", "source")
    ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    question: str
    answer: str
    similarity: float
    type: str
    source: str
    def __init__(self, id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ..., similarity: _Optional[float] = ..., type: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class SearchMeta(_message.Message):
    __slots__ = ("agent_id", "agent_name", "knowledgebase_id", "query", "result_count", "limit", "threshold", "credits_used")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_NAME_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    RESULT_COUNT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    CREDITS_USED_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    agent_name: str
    knowledgebase_id: str
    query: str
    result_count: int
    limit: int
    threshold: float
    credits_used: int
    def __init__(self, agent_id: _Optional[str] = ..., agent_name: _Optional[str] = ..., knowledgebase_id: _Optional[str] = ..., query: _Optional[str] = ..., result_count: _Optional[int] = ..., limit: _Optional[int] = ..., threshold: _Optional[float] = ..., credits_used: _Optional[int] = ...) -> None: ...
