from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Discount(_message.Message):
    __slots__ = ("type", "percentage", "amount", "each")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PERCENTAGE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    EACH_FIELD_NUMBER: _ClassVar[int]
    type: str
    percentage: str
    amount: str
    each: bool
    def __init__(self, type: _Optional[str] = ..., percentage: _Optional[str] = ..., amount: _Optional[str] = ..., each: _Optional[bool] = ...) -> None: ...

class DiscountCode(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "code", "discount", "min_require", "min_price", "min_qty", "has_usage_limit", "max_usage_count", "one_per_customer", "start_time", "end_time", "summary", "used", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_REQUIRE_FIELD_NUMBER: _ClassVar[int]
    MIN_PRICE_FIELD_NUMBER: _ClassVar[int]
    MIN_QTY_FIELD_NUMBER: _ClassVar[int]
    HAS_USAGE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MAX_USAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ONE_PER_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    code: str
    discount: Discount
    min_require: str
    min_price: str
    min_qty: int
    has_usage_limit: bool
    max_usage_count: int
    one_per_customer: bool
    start_time: int
    end_time: int
    summary: str
    used: int
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., code: _Optional[str] = ..., discount: _Optional[_Union[Discount, _Mapping]] = ..., min_require: _Optional[str] = ..., min_price: _Optional[str] = ..., min_qty: _Optional[int] = ..., has_usage_limit: _Optional[bool] = ..., max_usage_count: _Optional[int] = ..., one_per_customer: _Optional[bool] = ..., start_time: _Optional[int] = ..., end_time: _Optional[int] = ..., summary: _Optional[str] = ..., used: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class DiscountUse(_message.Message):
    __slots__ = ("id", "organization_id", "code_id", "used", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_ID_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    code_id: str
    used: int
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., code_id: _Optional[str] = ..., used: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
