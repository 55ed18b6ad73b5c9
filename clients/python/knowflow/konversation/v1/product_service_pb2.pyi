from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.konversation.v1 import product_pb2 as _product_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListProductsRequest(_message.Message):
    __slots__ = ("limit", "page", "name", "product_type_id", "vendor_id", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    name: str
    product_type_id: int
    vendor_id: int
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., name: _Optional[str] = ..., product_type_id: _Optional[int] = ..., vendor_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class NewVariant(_message.Message):
    __slots__ = ("price", "compare_price", "qty", "sku", "barcode", "image", "variant_1_value", "variant_2_value", "taxable", "track_stock", "allow_no_stock_sell")
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    BARCODE_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    VARIANT_1_VALUE_FIELD_NUMBER: _ClassVar[int]
    VARIANT_2_VALUE_FIELD_NUMBER: _ClassVar[int]
    TAXABLE_FIELD_NUMBER: _ClassVar[int]
    TRACK_STOCK_FIELD_NUMBER: _ClassVar[int]
    ALLOW_NO_STOCK_SELL_FIELD_NUMBER: _ClassVar[int]
    price: float
    compare_price: float
    qty: int
    sku: str
    barcode: str
    image: str
    variant_1_value: str
    variant_2_value: str
    taxable: _struct_pb2.Value
    track_stock: _struct_pb2.Value
    allow_no_stock_sell: _struct_pb2.Value
    def __init__(self, price: _Optional[float] = ..., compare_price: _Optional[float] = ..., qty: _Optional[int] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., image: _Optional[str] = ..., variant_1_value: _Optional[str] = ..., variant_2_value: _Optional[str] = ..., taxable: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., track_stock: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., allow_no_stock_sell: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class CreateProductRequest(_message.Message):
    __slots__ = ("name", "description", "image", "note", "status", "type", "vendor", "tags", "price", "compare_price", "qty", "sku", "barcode", "track_stock", "allow_no_stock_sell", "use_variant", "variant_1_name", "variant_2_name", "variants", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COMPARE_PRICE_FIELD_NUMBER: _ClassVar[int]
    QTY_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    BARCODE_FIELD_NUMBER: _ClassVar[int]
    TRACK_STOCK_FIELD_NUMBER: _ClassVar[int]
    ALLOW_NO_STOCK_SELL_FIELD_NUMBER: _ClassVar[int]
    USE_VARIANT_FIELD_NUMBER: _ClassVar[int]
    VARIANT_1_NAME_FIELD_NUMBER: _ClassVar[int]
    VARIANT_2_NAME_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    image: str
    note: str
    status: str
    type: str
    vendor: str
    tags: _struct_pb2.ListValue
    price: float
    compare_price: float
    qty: int
    sku: str
    barcode: str
    track_stock: _struct_pb2.Value
    allow_no_stock_sell: _struct_pb2.Value
    use_variant: _struct_pb2.Value
    variant_1_name: str
    variant_2_name: str
    variants: _containers.RepeatedCompositeFieldContainer[NewVariant]
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., image: _Optional[str] = ..., note: _Optional[str] = ..., status: _Optional[str] = ..., type: _Optional[str] = ..., vendor: _Optional[str] = ..., tags: _Optional[_Union[_struct_pb2.ListValue, _Mapping]] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., qty: _Optional[int] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., track_stock: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., allow_no_stock_sell: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., use_variant: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., variant_1_name: _Optional[str] = ..., variant_2_name: _Optional[str] = ..., variants: _Optional[_Iterable[_Union[NewVariant, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetProductRequest(_message.Message):
    __slots__ = ("product_id", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateProductRequest(_message.Message):
    __slots__ = ("product_id", "name", "description", "image", "note", "status", "type", "vendor", "tags", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VENDOR_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    name: str
    description: str
    image: str
    note: str
    status: str
    type: str
    vendor: str
    tags: _struct_pb2.ListValue
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., image: _Optional[str] = ..., note: _Optional[str] = ..., status: _Optional[str] = ..., type: _Optional[str] = ..., vendor: _Optional[str] = ..., tags: _Optional[_Union[_struct_pb2.ListValue, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteProductRequest(_message.Message):
    __slots__ = ("product_id", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ProductResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _product_pb2.Product
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_product_pb2.Product, _Mapping]] = ...) -> None: ...

class ListProductsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_product_pb2.Product]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[_product_pb2.Product, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
