from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import order_pb2 as _order_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderRow(_message.Message):
    __slots__ = ("id", "status", "currency", "total")
    ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    id: int
    status: str
    currency: str
    total: str
    def __init__(self, id: _Optional[int] = ..., status: _Optional[str] = ..., currency: _Optional[str] = ..., total: _Optional[str] = ...) -> None: ...

class ListOrdersRequest(_message.Message):
    __slots__ = ("user_ns", "limit", "page", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    limit: int
    page: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., limit: _Optional[int] = ..., page: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListOrdersResponse(_message.Message):
    __slots__ = ("data", "links", "meta", "status")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[OrderRow]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    status: str
    def __init__(self, data: _Optional[_Iterable[_Union[OrderRow, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ..., status: _Optional[str] = ...) -> None: ...

class OrderedItem(_message.Message):
    __slots__ = ("variant_id", "qty")
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    variant_id: int
    qty: int
    def __init__(self, variant_id: _Optional[int] = ..., qty: _Optional[int] = ...) -> None: ...

class CreateOrderRequest(_message.Message):
    __slots__ = ("user_ns", "items", "status", "name", "phone", "email", "address", "suburb", "state", "postcode", "country", "payment_method", "shipping_method", "note", "reference_no", "tracking_no", "discount_code", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    SUBURB_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    POSTCODE_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_METHOD_FIELD_NUMBER: _ClassVar[int]
    SHIPPING_METHOD_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_NO_FIELD_NUMBER: _ClassVar[int]
    TRACKING_NO_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_CODE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    items: _containers.RepeatedCompositeFieldContainer[OrderedItem]
    status: str
    name: str
    phone: str
    email: str
    address: str
    suburb: str
    state: str
    postcode: str
    country: str
    payment_method: str
    shipping_method: str
    note: str
    reference_no: str
    tracking_no: str
    discount_code: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., items: _Optional[_Iterable[_Union[OrderedItem, _Mapping]]] = ..., status: _Optional[str] = ..., name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., address: _Optional[str] = ..., suburb: _Optional[str] = ..., state: _Optional[str] = ..., postcode: _Optional[str] = ..., country: _Optional[str] = ..., payment_method: _Optional[str] = ..., shipping_method: _Optional[str] = ..., note: _Optional[str] = ..., reference_no: _Optional[str] = ..., tracking_no: _Optional[str] = ..., discount_code: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetOrderRequest(_message.Message):
    __slots__ = ("order_id", "flow_ns")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    order_id: int
    flow_ns: str
    def __init__(self, order_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateOrderRequest(_message.Message):
    __slots__ = ("order_id", "items", "status", "name", "phone", "email", "address", "suburb", "state", "postcode", "country", "payment_method", "shipping_method", "note", "reference_no", "tracking_no", "flow_ns")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    SUBURB_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    POSTCODE_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_METHOD_FIELD_NUMBER: _ClassVar[int]
    SHIPPING_METHOD_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_NO_FIELD_NUMBER: _ClassVar[int]
    TRACKING_NO_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    order_id: int
    items: _containers.RepeatedCompositeFieldContainer[OrderedItem]
    status: str
    name: str
    phone: str
    email: str
    address: str
    suburb: str
    state: str
    postcode: str
    country: str
    payment_method: str
    shipping_method: str
    note: str
    reference_no: str
    tracking_no: str
    flow_ns: str
    def __init__(self, order_id: _Optional[int] = ..., items: _Optional[_Iterable[_Union[OrderedItem, _Mapping]]] = ..., status: _Optional[str] = ..., name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., address: _Optional[str] = ..., suburb: _Optional[str] = ..., state: _Optional[str] = ..., postcode: _Optional[str] = ..., country: _Optional[str] = ..., payment_method: _Optional[str] = ..., shipping_method: _Optional[str] = ..., note: _Optional[str] = ..., reference_no: _Optional[str] = ..., tracking_no: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...
