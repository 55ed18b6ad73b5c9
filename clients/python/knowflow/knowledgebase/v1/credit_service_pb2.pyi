from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCreditsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CreditBalance(_message.Message):
    __slots__ = ("balance", "updated_at")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    balance: int
    updated_at: str
    def __init__(self, balance: _Optional[int] = ..., updated_at: _Optional[str] = ...) -> None: ...

class GetCreditsResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: CreditBalance
    def __init__(self, data: _Optional[_Union[CreditBalance, _Mapping]] = ...) -> None: ...
