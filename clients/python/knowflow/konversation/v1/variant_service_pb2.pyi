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

class ListVariantsRequest(_message.Message):
    __slots__ = ("product_id", "limit", "page", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    limit: int
    page: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., limit: _Optional[int] = ..., page: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateVariantRequest(_message.Message):
    __slots__ = ("product_id", "price", "compare_price", "qty", "sku", "barcode", "image", "variant_1_value", "variant_2_value", "taxable", "track_stock", "allow_no_stock_sell", "display_order", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
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
    DISPLAY_ORDER_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
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
    display_order: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., qty: _Optional[int] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., image: _Optional[str] = ..., variant_1_value: _Optional[str] = ..., variant_2_value: _Optional[str] = ..., taxable: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., track_stock: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., allow_no_stock_sell: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., display_order: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetVariantRequest(_message.Message):
    __slots__ = ("product_id", "variant_id", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    variant_id: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., variant_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateVariantRequest(_message.Message):
    __slots__ = ("product_id", "variant_id", "price", "compare_price", "qty", "sku", "barcode", "image", "variant_1_value", "variant_2_value", "taxable", "track_stock", "allow_no_stock_sell", "display_order", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
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
    DISPLAY_ORDER_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    variant_id: int
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
    display_order: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., variant_id: _Optional[int] = ..., price: _Optional[float] = ..., compare_price: _Optional[float] = ..., qty: _Optional[int] = ..., sku: _Optional[str] = ..., barcode: _Optional[str] = ..., image: _Optional[str] = ..., variant_1_value: _Optional[str] = ..., variant_2_value: _Optional[str] = ..., taxable: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., track_stock: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., allow_no_stock_sell: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., display_order: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteVariantRequest(_message.Message):
    __slots__ = ("product_id", "variant_id", "flow_ns")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    VARIANT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    product_id: int
    variant_id: int
    flow_ns: str
    def __init__(self, product_id: _Optional[int] = ..., variant_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class VariantResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _product_pb2.Variant
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_product_pb2.Variant, _Mapping]] = ...) -> None: ...

class ListVariantsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_product_pb2.Variant]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[_product_pb2.Variant, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
