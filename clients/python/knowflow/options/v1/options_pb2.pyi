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
    AUTH_API_KEY_OR_WEBSITE: _ClassVar[Auth]

class Permission(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERMISSION_UNSPECIFIED: _ClassVar[Permission]
    PERMISSION_ANY: _ClassVar[Permission]
    PERMISSION_ORGANIZATIONS_READ: _ClassVar[Permission]
    PERMISSION_ORGANIZATIONS_WRITE: _ClassVar[Permission]
    PERMISSION_ORGANIZATIONS_DELETE: _ClassVar[Permission]
    PERMISSION_API_KEYS_READ: _ClassVar[Permission]
    PERMISSION_API_KEYS_WRITE: _ClassVar[Permission]
    PERMISSION_KNOWLEDGE_BASES_READ: _ClassVar[Permission]
    PERMISSION_KNOWLEDGE_BASES_WRITE: _ClassVar[Permission]
    PERMISSION_APPS_READ: _ClassVar[Permission]
    PERMISSION_APPS_WRITE: _ClassVar[Permission]
    PERMISSION_CONVERSATIONS_READ: _ClassVar[Permission]
    PERMISSION_CONVERSATIONS_WRITE: _ClassVar[Permission]
    PERMISSION_WEBHOOKS_READ: _ClassVar[Permission]
    PERMISSION_WEBHOOKS_WRITE: _ClassVar[Permission]
    PERMISSION_AUDIT_READ: _ClassVar[Permission]
    PERMISSION_MANAGE_FLOW: _ClassVar[Permission]
    PERMISSION_MANAGE_TEAM: _ClassVar[Permission]
    PERMISSION_SEND_MESSAGE: _ClassVar[Permission]
    PERMISSION_WEBCHAT: _ClassVar[Permission]

class RateClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RATE_CLASS_UNSPECIFIED: _ClassVar[RateClass]
    RATE_CLASS_READ: _ClassVar[RateClass]
    RATE_CLASS_WRITE: _ClassVar[RateClass]
    RATE_CLASS_SEARCH: _ClassVar[RateClass]
    RATE_CLASS_CHAT: _ClassVar[RateClass]

class Index(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INDEX_UNSPECIFIED: _ClassVar[Index]
    INDEX_BTREE: _ClassVar[Index]
    INDEX_FULL_TEXT: _ClassVar[Index]
AUTH_UNSPECIFIED: Auth
AUTH_API_KEY: Auth
AUTH_NONE: Auth
AUTH_API_KEY_OR_WEBSITE: Auth
PERMISSION_UNSPECIFIED: Permission
PERMISSION_ANY: Permission
PERMISSION_ORGANIZATIONS_READ: Permission
PERMISSION_ORGANIZATIONS_WRITE: Permission
PERMISSION_ORGANIZATIONS_DELETE: Permission
PERMISSION_API_KEYS_READ: Permission
PERMISSION_API_KEYS_WRITE: Permission
PERMISSION_KNOWLEDGE_BASES_READ: Permission
PERMISSION_KNOWLEDGE_BASES_WRITE: Permission
PERMISSION_APPS_READ: Permission
PERMISSION_APPS_WRITE: Permission
PERMISSION_CONVERSATIONS_READ: Permission
PERMISSION_CONVERSATIONS_WRITE: Permission
PERMISSION_WEBHOOKS_READ: Permission
PERMISSION_WEBHOOKS_WRITE: Permission
PERMISSION_AUDIT_READ: Permission
PERMISSION_MANAGE_FLOW: Permission
PERMISSION_MANAGE_TEAM: Permission
PERMISSION_SEND_MESSAGE: Permission
PERMISSION_WEBCHAT: Permission
RATE_CLASS_UNSPECIFIED: RateClass
RATE_CLASS_READ: RateClass
RATE_CLASS_WRITE: RateClass
RATE_CLASS_SEARCH: RateClass
RATE_CLASS_CHAT: RateClass
INDEX_UNSPECIFIED: Index
INDEX_BTREE: Index
INDEX_FULL_TEXT: Index
AUTH_FIELD_NUMBER: _ClassVar[int]
auth: _descriptor.FieldDescriptor
PERMISSION_FIELD_NUMBER: _ClassVar[int]
permission: _descriptor.FieldDescriptor
RATE_CLASS_FIELD_NUMBER: _ClassVar[int]
rate_class: _descriptor.FieldDescriptor
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
