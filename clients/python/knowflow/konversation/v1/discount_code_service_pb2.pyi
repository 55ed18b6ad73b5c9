from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DiscountCode(_message.Message):
    __slots__ = ("id", "code", "type", "discount_percentage", "discount_amount", "min_require", "min_price", "min_qty", "has_usage_limit", "max_usage_count", "one_per_customer", "once_per_order", "start_time", "end_time", "summary", "usage_count")
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_PERCENTAGE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_REQUIRE_FIELD_NUMBER: _ClassVar[int]
    MIN_PRICE_FIELD_NUMBER: _ClassVar[int]
    MIN_QTY_FIELD_NUMBER: _ClassVar[int]
    HAS_USAGE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MAX_USAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ONE_PER_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ONCE_PER_ORDER_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    USAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    id: int
    code: str
    type: str
    discount_percentage: float
    discount_amount: float
    min_require: str
    min_price: float
    min_qty: int
    has_usage_limit: bool
    max_usage_count: int
    one_per_customer: bool
    once_per_order: bool
    start_time: str
    end_time: str
    summary: str
    usage_count: int
    def __init__(self, id: _Optional[int] = ..., code: _Optional[str] = ..., type: _Optional[str] = ..., discount_percentage: _Optional[float] = ..., discount_amount: _Optional[float] = ..., min_require: _Optional[str] = ..., min_price: _Optional[float] = ..., min_qty: _Optional[int] = ..., has_usage_limit: _Optional[bool] = ..., max_usage_count: _Optional[int] = ..., one_per_customer: _Optional[bool] = ..., once_per_order: _Optional[bool] = ..., start_time: _Optional[str] = ..., end_time: _Optional[str] = ..., summary: _Optional[str] = ..., usage_count: _Optional[int] = ...) -> None: ...

class ListDiscountCodesRequest(_message.Message):
    __slots__ = ("limit", "page", "code", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    code: str
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., code: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateDiscountCodeRequest(_message.Message):
    __slots__ = ("code", "type", "start_time", "end_time", "discount_percentage", "discount_amount", "min_require", "min_price", "min_qty", "has_usage_limit", "max_usage_count", "one_per_customer", "once_per_order", "summary", "flow_ns")
    CODE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_PERCENTAGE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_REQUIRE_FIELD_NUMBER: _ClassVar[int]
    MIN_PRICE_FIELD_NUMBER: _ClassVar[int]
    MIN_QTY_FIELD_NUMBER: _ClassVar[int]
    HAS_USAGE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MAX_USAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ONE_PER_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ONCE_PER_ORDER_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    code: str
    type: str
    start_time: str
    end_time: str
    discount_percentage: float
    discount_amount: float
    min_require: str
    min_price: float
    min_qty: int
    has_usage_limit: _struct_pb2.Value
    max_usage_count: int
    one_per_customer: _struct_pb2.Value
    once_per_order: _struct_pb2.Value
    summary: str
    flow_ns: str
    def __init__(self, code: _Optional[str] = ..., type: _Optional[str] = ..., start_time: _Optional[str] = ..., end_time: _Optional[str] = ..., discount_percentage: _Optional[float] = ..., discount_amount: _Optional[float] = ..., min_require: _Optional[str] = ..., min_price: _Optional[float] = ..., min_qty: _Optional[int] = ..., has_usage_limit: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., max_usage_count: _Optional[int] = ..., one_per_customer: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., once_per_order: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., summary: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetDiscountCodeRequest(_message.Message):
    __slots__ = ("code_id", "flow_ns")
    CODE_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    code_id: int
    flow_ns: str
    def __init__(self, code_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetDiscountCodeByCodeRequest(_message.Message):
    __slots__ = ("code", "flow_ns")
    CODE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    code: str
    flow_ns: str
    def __init__(self, code: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateDiscountCodeRequest(_message.Message):
    __slots__ = ("code_id", "code", "type", "start_time", "end_time", "discount_percentage", "discount_amount", "min_require", "min_price", "min_qty", "has_usage_limit", "max_usage_count", "one_per_customer", "once_per_order", "summary", "flow_ns")
    CODE_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_PERCENTAGE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_REQUIRE_FIELD_NUMBER: _ClassVar[int]
    MIN_PRICE_FIELD_NUMBER: _ClassVar[int]
    MIN_QTY_FIELD_NUMBER: _ClassVar[int]
    HAS_USAGE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    MAX_USAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ONE_PER_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ONCE_PER_ORDER_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    code_id: int
    code: str
    type: str
    start_time: str
    end_time: str
    discount_percentage: float
    discount_amount: float
    min_require: str
    min_price: float
    min_qty: int
    has_usage_limit: _struct_pb2.Value
    max_usage_count: int
    one_per_customer: _struct_pb2.Value
    once_per_order: _struct_pb2.Value
    summary: str
    flow_ns: str
    def __init__(self, code_id: _Optional[int] = ..., code: _Optional[str] = ..., type: _Optional[str] = ..., start_time: _Optional[str] = ..., end_time: _Optional[str] = ..., discount_percentage: _Optional[float] = ..., discount_amount: _Optional[float] = ..., min_require: _Optional[str] = ..., min_price: _Optional[float] = ..., min_qty: _Optional[int] = ..., has_usage_limit: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., max_usage_count: _Optional[int] = ..., one_per_customer: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., once_per_order: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., summary: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteDiscountCodeRequest(_message.Message):
    __slots__ = ("code_id", "flow_ns")
    CODE_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    code_id: int
    flow_ns: str
    def __init__(self, code_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteDiscountCodeByCodeRequest(_message.Message):
    __slots__ = ("code", "flow_ns")
    CODE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    code: str
    flow_ns: str
    def __init__(self, code: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DiscountCodeResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: DiscountCode
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[DiscountCode, _Mapping]] = ...) -> None: ...

class ListDiscountCodesResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[DiscountCode]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[DiscountCode, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
