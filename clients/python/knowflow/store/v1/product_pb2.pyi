from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Product(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "description", "image", "note", "inactive", "type", "vendor", "tags", "use_variant", "option_1", "option_2", "track_stock", "allow_no_stock_sell", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    INACTIVE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    USE_VARIANT_FIELD_NUMBER: _ClassVar[int]
    OPTION_1_FIELD_NUMBER: _ClassVar[int]
    OPTION_2_FIELD_NUMBER: _ClassVar[int]
    TRACK_STOCK_FIELD_NUMBER: _ClassVar[int]
    ALLOW_NO_STOCK_SELL_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    description: str
    image: str
    note: str
    inactive: bool
    type: int
    vendor: int
    tags: _containers.RepeatedScalarFieldContainer[int]
    use_variant: bool
    option_1: str
    option_2: str
    track_stock: bool
    allow_no_stock_sell: bool
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., image: _Optional[str] = ..., note: _Optional[str] = ..., inactive: _Optional[bool] = ..., type: _Optional[int] = ..., vendor: _Optional[int] = ..., tags: _Optional[_Iterable[int]] = ..., use_variant: _Optional[bool] = ..., option_1: _Optional[str] = ..., option_2: _Optional[str] = ..., track_stock: _Optional[bool] = ..., allow_no_stock_sell: _Optional[bool] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class Variant(_message.Message):
    __slots__ = ("id", "organization_id", "product_id", "flow_id", "number", "image", "sku", "barcode", "price", "compare_price", "qty", "track_stock", "allow_no_stock_sell", "taxable", "display_order", "value_1", "value_2", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    BARCODE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    TRACK_STOCK_FIELD_NUMBER: _ClassVar[int]
    ALLOW_NO_STOCK_SELL_FIELD_NUMBER: _ClassVar[int]
    TAXABLE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_ORDER_FIELD_NUMBER: _ClassVar[int]
    VALUE_1_FIELD_NUMBER: _ClassVar[int]
    VALUE_2_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    product_id: str
    flow_id: str
    number: int
    image: str
    sku: str
    barcode: str
    price: str
    compare_price: str
    qty: int
    track_stock: bool
    allow_no_stock_sell: bool
    taxable: bool
    display_order: int
    value_1: str
    value_2: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., product_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., image: _Optional[str] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., price: _Optional[str] = ..., compare_price: _Optional[str] = ..., qty: _Optional[int] = ..., track_stock: _Optional[bool] = ..., allow_no_stock_sell: _Optional[bool] = ..., taxable: _Optional[bool] = ..., display_order: _Optional[int] = ..., value_1: _Optional[str] = ..., value_2: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
