from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Auth(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUTH_UNSPECIFIED: _ClassVar[Auth]
    AUTH_API_KEY: _ClassVar[Auth]
    AUTH_NONE: _ClassVar[Auth]

class Index(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INDEX_UNSPECIFIED: _ClassVar[Index]
    INDEX_BTREE: _ClassVar[Index]
    INDEX_FULL_TEXT: _ClassVar[Index]
AUTH_UNSPECIFIED: Auth
AUTH_API_KEY: Auth
AUTH_NONE: Auth
INDEX_UNSPECIFIED: Index
INDEX_BTREE: Index
INDEX_FULL_TEXT: Index
AUTH_FIELD_NUMBER: _ClassVar[int]
auth: _descriptor.FieldDescriptor
RECORD_FIELD_NUMBER: _ClassVar[int]
record: _descriptor.FieldDescriptor
COLUMN_FIELD_NUMBER: _ClassVar[int]
column: _descriptor.FieldDescriptor

class UniqueRule(_message.Message):
    __slots__ = ("fields", "fold_case")
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    FOLD_CASE_FIELD_NUMBER: _ClassVar[int]
    fields: _containers.RepeatedScalarFieldContainer[str]
    fold_case: bool
    def __init__(self, fields: _Optional[_Iterable[str]] = ..., fold_case: _Optional[bool] = ...) -> None: ...

class RecordOptions(_message.Message):
    __slots__ = ("table", "kind", "unique")
    TABLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_FIELD_NUMBER: _ClassVar[int]
    table: str
    kind: str
    unique: _containers.RepeatedCompositeFieldContainer[UniqueRule]
    def __init__(self, table: _Optional[str] = ..., kind: _Optional[str] = ..., unique: _Optional[_Iterable[_Union[UniqueRule, _Mapping]]] = ...) -> None: ...

class ColumnOptions(_message.Message):
    __slots__ = ("name", "index")
    NAME_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    name: str
    index: Index
    def __init__(self, name: _Optional[str] = ..., index: _Optional[_Union[Index, str]] = ...) -> None: ...
