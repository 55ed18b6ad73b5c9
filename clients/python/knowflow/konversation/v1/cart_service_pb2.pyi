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

class CartItem(_message.Message):
    __slots__ = ("id", "product_id", "name", "desc", "image", "price", "compare_price", "currency", "num", "subtotal")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    SUBTOTAL_FIELD_NUMBER: _ClassVar[int]
    id: int
    product_id: int
    name: str
    desc: str
    image: str
    price: float
    compare_price: float
    currency: str
    num: int
    subtotal: float
    def __init__(self, id: _Optional[int] = ..., product_id: _Optional[int] = ..., name: _Optional[str] = ..., desc: _Optional[str] = ..., image: _Optional[str] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., currency: _Optional[str] = ..., num: _Optional[int] = ..., subtotal: _Optional[float] = ...) -> None: ...

class CartDetail(_message.Message):
    __slots__ = ("id", "items", "num_of_items", "total_price", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NUM_OF_ITEMS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    items: _containers.RepeatedCompositeFieldContainer[CartItem]
    num_of_items: int
    total_price: float
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[int] = ..., items: _Optional[_Iterable[_Union[CartItem, _Mapping]]] = ..., num_of_items: _Optional[int] = ..., total_price: _Optional[float] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class CartDiscount(_message.Message):
    __slots__ = ("code", "type", "subtotal", "discount", "total_price", "free_shipping", "currency", "summary")
    CODE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBTOTAL_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    FREE_SHIPPING_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    code: str
    type: str
    subtotal: float
    discount: float
    total_price: float
    free_shipping: bool
    currency: str
    summary: str
    def __init__(self, code: _Optional[str] = ..., type: _Optional[str] = ..., subtotal: _Optional[float] = ..., discount: _Optional[float] = ..., total_price: _Optional[float] = ..., free_shipping: _Optional[bool] = ..., currency: _Optional[str] = ..., summary: _Optional[str] = ...) -> None: ...

class GetCartRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AddToCartRequest(_message.Message):
    __slots__ = ("user_ns", "variant_id", "qty", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    variant_id: int
    qty: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., variant_id: _Optional[int] = ..., qty: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class RemoveFromCartRequest(_message.Message):
    __slots__ = ("user_ns", "variant_id", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    variant_id: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., variant_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class EmptyCartRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class TryDiscountCodeRequest(_message.Message):
    __slots__ = ("user_ns", "code", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    code: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., code: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class PayCartRequest(_message.Message):
    __slots__ = ("user_ns", "name", "phone", "email", "address", "suburb", "state", "postcode", "country", "payment_method", "shipping_method", "note", "reference_no", "tracking_no", "discount_code", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
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
    def __init__(self, user_ns: _Optional[str] = ..., name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., address: _Optional[str] = ..., suburb: _Optional[str] = ..., state: _Optional[str] = ..., postcode: _Optional[str] = ..., country: _Optional[str] = ..., payment_method: _Optional[str] = ..., shipping_method: _Optional[str] = ..., note: _Optional[str] = ..., reference_no: _Optional[str] = ..., tracking_no: _Optional[str] = ..., discount_code: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateOrderStatusRequest(_message.Message):
    __slots__ = ("user_ns", "order_id", "status", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    order_id: int
    status: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., order_id: _Optional[int] = ..., status: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CartResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: CartDetail
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[CartDetail, _Mapping]] = ...) -> None: ...

class CartDiscountResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: CartDiscount
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[CartDiscount, _Mapping]] = ...) -> None: ...
