from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WhatsAppTemplateContent(_message.Message):
    __slots__ = ("namespace", "name", "lang", "params")
    NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LANG_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    namespace: str
    name: str
    lang: str
    params: _struct_pb2.Struct
    def __init__(self, namespace: _Optional[str] = ..., name: _Optional[str] = ..., lang: _Optional[str] = ..., params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class WhatsAppContact(_message.Message):
    __slots__ = ("first_name", "last_name", "user_name")
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    USER_NAME_FIELD_NUMBER: _ClassVar[int]
    first_name: str
    last_name: str
    user_name: str
    def __init__(self, first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., user_name: _Optional[str] = ...) -> None: ...
