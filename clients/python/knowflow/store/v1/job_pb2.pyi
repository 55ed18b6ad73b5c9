from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JobKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_KIND_UNSPECIFIED: _ClassVar[JobKind]
    JOB_KIND_PARSE: _ClassVar[JobKind]
    JOB_KIND_REMOVE: _ClassVar[JobKind]
    JOB_KIND_GRAPH: _ClassVar[JobKind]
    JOB_KIND_REMOVE_GRAPH: _ClassVar[JobKind]
    JOB_KIND_GRAPH_REPORTS: _ClassVar[JobKind]
    JOB_KIND_SCRAPE: _ClassVar[JobKind]
    JOB_KIND_EXTRACT: _ClassVar[JobKind]
JOB_KIND_UNSPECIFIED: JobKind
JOB_KIND_PARSE: JobKind
JOB_KIND_REMOVE: JobKind
JOB_KIND_GRAPH: JobKind
JOB_KIND_REMOVE_GRAPH: JobKind
JOB_KIND_GRAPH_REPORTS: JobKind
JOB_KIND_SCRAPE: JobKind
JOB_KIND_EXTRACT: JobKind

class Job(_message.Message):
    __slots__ = ("id", "organization_id", "kind", "dataset_id", "document_id", "blob_ids", "dimension", "attempts", "lease_until", "lease_owner", "created_at", "updated_at", "session_ids", "is_refresh")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    BLOB_IDS_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    LEASE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    LEASE_OWNER_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SESSION_IDS_FIELD_NUMBER: _ClassVar[int]
    IS_REFRESH_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    kind: JobKind
    dataset_id: str
    document_id: str
    blob_ids: _containers.RepeatedScalarFieldContainer[str]
    dimension: int
    attempts: int
    lease_until: int
    lease_owner: str
    created_at: int
    updated_at: int
    session_ids: _containers.RepeatedScalarFieldContainer[str]
    is_refresh: bool
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., kind: _Optional[_Union[JobKind, str]] = ..., dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., blob_ids: _Optional[_Iterable[str]] = ..., dimension: _Optional[int] = ..., attempts: _Optional[int] = ..., lease_until: _Optional[int] = ..., lease_owner: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., session_ids: _Optional[_Iterable[str]] = ..., is_refresh: _Optional[bool] = ...) -> None: ...
