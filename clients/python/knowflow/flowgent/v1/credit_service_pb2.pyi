from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetUsageRequest(_message.Message):
    __slots__ = ("agent_id", "start_date", "end_date")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    START_DATE_FIELD_NUMBER: _ClassVar[int]
    END_DATE_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    start_date: str
    end_date: str
    def __init__(self, agent_id: _Optional[str] = ..., start_date: _Optional[str] = ..., end_date: _Optional[str] = ...) -> None: ...

class GetUsageResponse(_message.Message):
    __slots__ = ("agent_id", "time_range", "usage", "note")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    time_range: TimeRange
    usage: Usage
    note: str
    def __init__(self, agent_id: _Optional[str] = ..., time_range: _Optional[_Union[TimeRange, _Mapping]] = ..., usage: _Optional[_Union[Usage, _Mapping]] = ..., note: _Optional[str] = ...) -> None: ...

class TimeRange(_message.Message):
    __slots__ = ("start", "end")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: str
    end: str
    def __init__(self, start: _Optional[str] = ..., end: _Optional[str] = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ("total_credits_used", "daily_breakdown")
    TOTAL_CREDITS_USED_FIELD_NUMBER: _ClassVar[int]
    DAILY_BREAKDOWN_FIELD_NUMBER: _ClassVar[int]
    total_credits_used: int
    daily_breakdown: _containers.RepeatedCompositeFieldContainer[DailyUsage]
    def __init__(self, total_credits_used: _Optional[int] = ..., daily_breakdown: _Optional[_Iterable[_Union[DailyUsage, _Mapping]]] = ...) -> None: ...

class DailyUsage(_message.Message):
    __slots__ = ("date", "credits_used")
    DATE_FIELD_NUMBER: _ClassVar[int]
    CREDITS_USED_FIELD_NUMBER: _ClassVar[int]
    date: str
    credits_used: int
    def __init__(self, date: _Optional[str] = ..., credits_used: _Optional[int] = ...) -> None: ...

class GetCreditsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCreditsResponse(_message.Message):
    __slots__ = ("balance", "updated_at")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    balance: int
    updated_at: str
    def __init__(self, balance: _Optional[int] = ..., updated_at: _Optional[str] = ...) -> None: ...

class TopUpCreditsRequest(_message.Message):
    __slots__ = ("organization_id", "amount", "reference", "idempotency_key")
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    amount: int
    reference: str
    idempotency_key: str
    def __init__(self, organization_id: _Optional[str] = ..., amount: _Optional[int] = ..., reference: _Optional[str] = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class TopUpCreditsResponse(_message.Message):
    __slots__ = ("balance", "transaction")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_FIELD_NUMBER: _ClassVar[int]
    balance: int
    transaction: CreditTransaction
    def __init__(self, balance: _Optional[int] = ..., transaction: _Optional[_Union[CreditTransaction, _Mapping]] = ...) -> None: ...

class CreditTransaction(_message.Message):
    __slots__ = ("id", "amount", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    amount: int
    created_at: str
    def __init__(self, id: _Optional[str] = ..., amount: _Optional[int] = ..., created_at: _Optional[str] = ...) -> None: ...
