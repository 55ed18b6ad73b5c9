from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderItem(_message.Message):
    __slots__ = ("id", "product_id", "name", "desc", "image", "sku", "price", "compare_price", "taxable", "currency", "num", "subtotal")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    TAXABLE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    SUBTOTAL_FIELD_NUMBER: _ClassVar[int]
    id: int
    product_id: int
    name: str
    desc: str
    image: str
    sku: str
    price: float
    compare_price: float
    taxable: bool
    currency: str
    num: int
    subtotal: float
    def __init__(self, id: _Optional[int] = ..., product_id: _Optional[int] = ..., name: _Optional[str] = ..., desc: _Optional[str] = ..., image: _Optional[str] = ..., sku: _Optional[str] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., taxable: _Optional[bool] = ..., currency: _Optional[str] = ..., num: _Optional[int] = ..., subtotal: _Optional[float] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("id", "num_of_items", "total_price", "status", "currency", "total", "subtotal", "discount", "discount_code", "free_shipping", "user_ns", "items", "name", "phone", "email", "address", "suburb", "state", "postcode", "country", "payment_method", "shipping_method", "note", "reference_no", "tracking_no", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    NUM_OF_ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SUBTOTAL_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_CODE_FIELD_NUMBER: _ClassVar[int]
    FREE_SHIPPING_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
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
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    num_of_items: int
    total_price: float
    status: str
    currency: str
    total: str
    subtotal: float
    discount: float
    discount_code: str
    free_shipping: bool
    user_ns: str
    items: _containers.RepeatedCompositeFieldContainer[OrderItem]
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
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[int] = ..., num_of_items: _Optional[int] = ..., total_price: _Optional[float] = ..., status: _Optional[str] = ..., currency: _Optional[str] = ..., total: _Optional[str] = ..., subtotal: _Optional[float] = ..., discount: _Optional[float] = ..., discount_code: _Optional[str] = ..., free_shipping: _Optional[bool] = ..., user_ns: _Optional[str] = ..., items: _Optional[_Iterable[_Union[OrderItem, _Mapping]]] = ..., name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., address: _Optional[str] = ..., suburb: _Optional[str] = ..., state: _Optional[str] = ..., postcode: _Optional[str] = ..., country: _Optional[str] = ..., payment_method: _Optional[str] = ..., shipping_method: _Optional[str] = ..., note: _Optional[str] = ..., reference_no: _Optional[str] = ..., tracking_no: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class OrderResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: Order
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...
