from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.konversation.v1 import subscriber_pb2 as _subscriber_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AddTagRequest(_message.Message):
    __slots__ = ("user_ns", "tag_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TAG_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    tag_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., tag_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AddTagByNameRequest(_message.Message):
    __slots__ = ("user_ns", "tag_name", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TAG_NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    tag_name: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., tag_name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AddTagsRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.TagRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.TagRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AddTagsByNameRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.TagNameRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.TagNameRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AddLabelsByNameRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.LabelNameRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.LabelNameRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class RemoveTagRequest(_message.Message):
    __slots__ = ("user_ns", "tag_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TAG_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    tag_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., tag_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class RemoveTagByNameRequest(_message.Message):
    __slots__ = ("user_ns", "tag_name", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TAG_NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    tag_name: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., tag_name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class RemoveTagsRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.TagRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.TagRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class RemoveTagsByNameRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.TagNameRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.TagNameRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class RemoveLabelsByNameRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.LabelNameRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.LabelNameRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...
