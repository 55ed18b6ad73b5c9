from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateKnowledgeItemRequest(_message.Message):
    __slots__ = ("content", "name", "agent_ids", "description_to_index_on")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_TO_INDEX_ON_FIELD_NUMBER: _ClassVar[int]
    content: str
    name: str
    agent_ids: _struct_pb2.Value
    description_to_index_on: str
    def __init__(self, content: _Optional[str] = ..., name: _Optional[str] = ..., agent_ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., description_to_index_on: _Optional[str] = ...) -> None: ...

class CreateKnowledgeItemResponse(_message.Message):
    __slots__ = ("id", "name", "created_at", "updated_at", "source", "linked_agents")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LINKED_AGENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    created_at: str
    updated_at: str
    source: str
    linked_agents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., source: _Optional[str] = ..., linked_agents: _Optional[_Iterable[str]] = ...) -> None: ...

class ListKnowledgeItemsRequest(_message.Message):
    __slots__ = ("agent_id", "page", "limit")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    page: int
    limit: int
    def __init__(self, agent_id: _Optional[str] = ..., page: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class KnowledgeItem(_message.Message):
    __slots__ = ("id", "name", "created_at", "updated_at", "source", "linked_agents")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LINKED_AGENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    created_at: str
    updated_at: str
    source: str
    linked_agents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., source: _Optional[str] = ..., linked_agents: _Optional[_Iterable[str]] = ...) -> None: ...

class KnowledgePagination(_message.Message):
    __slots__ = ("current_page", "limit", "total_count", "total_pages", "has_next_page", "has_previous_page")
    CURRENT_PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PAGES_FIELD_NUMBER: _ClassVar[int]
    HAS_NEXT_PAGE_FIELD_NUMBER: _ClassVar[int]
    HAS_PREVIOUS_PAGE_FIELD_NUMBER: _ClassVar[int]
    current_page: int
    limit: int
    total_count: int
    total_pages: int
    has_next_page: bool
    has_previous_page: bool
    def __init__(self, current_page: _Optional[int] = ..., limit: _Optional[int] = ..., total_count: _Optional[int] = ..., total_pages: _Optional[int] = ..., has_next_page: _Optional[bool] = ..., has_previous_page: _Optional[bool] = ...) -> None: ...

class ListKnowledgeItemsResponse(_message.Message):
    __slots__ = ("knowledge_items", "pagination")
    KNOWLEDGE_ITEMS_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    knowledge_items: _containers.RepeatedCompositeFieldContainer[KnowledgeItem]
    pagination: KnowledgePagination
    def __init__(self, knowledge_items: _Optional[_Iterable[_Union[KnowledgeItem, _Mapping]]] = ..., pagination: _Optional[_Union[KnowledgePagination, _Mapping]] = ...) -> None: ...

class GetKnowledgeItemRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetKnowledgeItemResponse(_message.Message):
    __slots__ = ("id", "name", "content", "created_at", "updated_at", "source", "linked_agents")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LINKED_AGENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    content: str
    created_at: str
    updated_at: str
    source: str
    linked_agents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., content: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., source: _Optional[str] = ..., linked_agents: _Optional[_Iterable[str]] = ...) -> None: ...

class UpdateKnowledgeItemRequest(_message.Message):
    __slots__ = ("id", "name", "content", "agent_ids", "description_to_index_on")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_TO_INDEX_ON_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    content: str
    agent_ids: _struct_pb2.Value
    description_to_index_on: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., content: _Optional[str] = ..., agent_ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., description_to_index_on: _Optional[str] = ...) -> None: ...

class UpdateKnowledgeItemResponse(_message.Message):
    __slots__ = ("id", "name", "created_at", "updated_at", "source", "linked_agents")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LINKED_AGENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    created_at: str
    updated_at: str
    source: str
    linked_agents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., source: _Optional[str] = ..., linked_agents: _Optional[_Iterable[str]] = ...) -> None: ...

class DeleteKnowledgeItemRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class DeleteKnowledgeItemResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...
