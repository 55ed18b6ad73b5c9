from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProductVariant(_message.Message):
    __slots__ = ("id", "product_id", "name", "desc", "image", "sku", "barcode", "price", "compare_price", "option_1", "option_1_value", "option_2", "option_2_value")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    BARCODE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    OPTION_1_FIELD_NUMBER: _ClassVar[int]
    OPTION_1_VALUE_FIELD_NUMBER: _ClassVar[int]
    OPTION_2_FIELD_NUMBER: _ClassVar[int]
    OPTION_2_VALUE_FIELD_NUMBER: _ClassVar[int]
    id: int
    product_id: int
    name: str
    desc: str
    image: str
    sku: str
    barcode: str
    price: float
    compare_price: float
    option_1: str
    option_1_value: str
    option_2: str
    option_2_value: str
    def __init__(self, id: _Optional[int] = ..., product_id: _Optional[int] = ..., name: _Optional[str] = ..., desc: _Optional[str] = ..., image: _Optional[str] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., option_1: _Optional[str] = ..., option_1_value: _Optional[str] = ..., option_2: _Optional[str] = ..., option_2_value: _Optional[str] = ...) -> None: ...

class Product(_message.Message):
    __slots__ = ("id", "name", "description", "image", "type", "vendor", "use_variant", "track_stock", "num_of_variants", "total_qty", "variants", "status", "note", "tags", "currency", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    USE_VARIANT_FIELD_NUMBER: _ClassVar[int]
    TRACK_STOCK_FIELD_NUMBER: _ClassVar[int]
    NUM_OF_VARIANTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_QTY_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    name: str
    description: str
    image: str
    type: str
    vendor: str
    use_variant: bool
    track_stock: bool
    num_of_variants: int
    total_qty: int
    variants: _containers.RepeatedCompositeFieldContainer[ProductVariant]
    status: str
    note: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    currency: str
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[int] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., image: _Optional[str] = ..., type: _Optional[str] = ..., vendor: _Optional[str] = ..., use_variant: _Optional[bool] = ..., track_stock: _Optional[bool] = ..., num_of_variants: _Optional[int] = ..., total_qty: _Optional[int] = ..., variants: _Optional[_Iterable[_Union[ProductVariant, _Mapping]]] = ..., status: _Optional[str] = ..., note: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., currency: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class Variant(_message.Message):
    __slots__ = ("id", "product_id", "image", "sku", "barcode", "price", "compare_price", "qty", "track_stock", "allow_no_stock_sell", "taxable", "display_order", "variant_1_value", "variant_2_value")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
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
    VARIANT_1_VALUE_FIELD_NUMBER: _ClassVar[int]
    VARIANT_2_VALUE_FIELD_NUMBER: _ClassVar[int]
    id: int
    product_id: int
    image: str
    sku: str
    barcode: str
    price: float
    compare_price: float
    qty: int
    track_stock: bool
    allow_no_stock_sell: bool
    taxable: bool
    display_order: int
    variant_1_value: str
    variant_2_value: str
    def __init__(self, id: _Optional[int] = ..., product_id: _Optional[int] = ..., image: _Optional[str] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., qty: _Optional[int] = ..., track_stock: _Optional[bool] = ..., allow_no_stock_sell: _Optional[bool] = ..., taxable: _Optional[bool] = ..., display_order: _Optional[int] = ..., variant_1_value: _Optional[str] = ..., variant_2_value: _Optional[str] = ...) -> None: ...
