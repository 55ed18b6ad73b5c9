from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.store.v1 import discount_pb2 as _discount_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CartLine(_message.Message):
    __slots__ = ("variant", "qty")
    VARIANT_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    variant: int
    qty: int
    def __init__(self, variant: _Optional[int] = ..., qty: _Optional[int] = ...) -> None: ...

class Cart(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "lines", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    lines: _containers.RepeatedCompositeFieldContainer[CartLine]
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[CartLine, _Mapping]]] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("variant", "product", "name", "desc", "image", "sku", "price", "compare_price", "taxable", "qty", "taken")
    VARIANT_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    TAXABLE_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    variant: int
    product: int
    name: str
    desc: str
    image: str
    sku: str
    price: str
    compare_price: str
    taxable: bool
    qty: int
    taken: int
    def __init__(self, variant: _Optional[int] = ..., product: _Optional[int] = ..., name: _Optional[str] = ..., desc: _Optional[str] = ..., image: _Optional[str] = ..., sku: _Optional[str] = ..., price: _Optional[str] = ..., compare_price: _Optional[str] = ..., taxable: _Optional[bool] = ..., qty: _Optional[int] = ..., taken: _Optional[int] = ...) -> None: ...

class OrderContact(_message.Message):
    __slots__ = ("name", "phone", "email", "address", "suburb", "state", "postcode", "country", "payment_method", "shipping_method", "note", "reference_no", "tracking_no")
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
    def __init__(self, name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., address: _Optional[str] = ..., suburb: _Optional[str] = ..., state: _Optional[str] = ..., postcode: _Optional[str] = ..., country: _Optional[str] = ..., payment_method: _Optional[str] = ..., shipping_method: _Optional[str] = ..., note: _Optional[str] = ..., reference_no: _Optional[str] = ..., tracking_no: _Optional[str] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "subscriber_id", "user_ns", "status", "currency", "lines", "contact", "subtotal", "discount_amount", "total", "discount_code", "discount_code_id", "discount", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBER_ID_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    SUBTOTAL_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_CODE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_CODE_ID_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    subscriber_id: str
    user_ns: str
    status: str
    currency: str
    lines: _containers.RepeatedCompositeFieldContainer[OrderLine]
    contact: OrderContact
    subtotal: str
    discount_amount: str
    total: str
    discount_code: str
    discount_code_id: str
    discount: _discount_pb2.Discount
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., subscriber_id: _Optional[str] = ..., user_ns: _Optional[str] = ..., status: _Optional[str] = ..., currency: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ..., contact: _Optional[_Union[OrderContact, _Mapping]] = ..., subtotal: _Optional[str] = ..., discount_amount: _Optional[str] = ..., total: _Optional[str] = ..., discount_code: _Optional[str] = ..., discount_code_id: _Optional[str] = ..., discount: _Optional[_Union[_discount_pb2.Discount, _Mapping]] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class Customer(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "orders", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    orders: _containers.RepeatedScalarFieldContainer[int]
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., orders: _Optional[_Iterable[int]] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
