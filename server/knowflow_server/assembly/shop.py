"""The shops of chatbots."""

from __future__ import annotations

from knowflow_server.assembly.konversation import Konversation
from knowflow_server.assembly.part import Base, Part
from knowflow_server.domain.shop.cart import Carts
from knowflow_server.domain.shop.code import DiscountCodes
from knowflow_server.domain.shop.location import Locations
from knowflow_server.domain.shop.names import ShopNames
from knowflow_server.domain.shop.order import Orders
from knowflow_server.domain.shop.place import TAG, TYPE, VENDOR
from knowflow_server.domain.shop.product import Products
from knowflow_server.domain.shop.shop import BELOW, OWNED, Shops, follow
from knowflow_server.rpc.konversation.cart import CartService
from knowflow_server.rpc.konversation.discount_code import DiscountCodeService
from knowflow_server.rpc.konversation.order import OrderService
from knowflow_server.rpc.konversation.product import ProductService
from knowflow_server.rpc.konversation.product_tag import ProductTagService
from knowflow_server.rpc.konversation.product_type import ProductTypeService
from knowflow_server.rpc.konversation.product_vendor import ProductVendorService
from knowflow_server.rpc.konversation.shop import ShopService
from knowflow_server.rpc.konversation.shop_location import ShopLocationService
from knowflow_server.rpc.konversation.variant import VariantService


def join_shop(base: Base, konversation: Konversation) -> Part:
    """Return the services of shops; a shop goes with its chatbot."""
    entities, clock = base.stores.entities, base.common.clock
    flows, subscribers = konversation.flows, konversation.subscribers
    products, orders, shops = Products(entities, clock), Orders(entities, clock), Shops(entities, clock)
    flows.own(*OWNED, below=BELOW)
    entities.observe(follow)
    return Part(
        [
            ProductService(flows, products),
            VariantService(flows, products),
            ProductTagService(flows, ShopNames(entities, clock, TAG)),
            ProductTypeService(flows, ShopNames(entities, clock, TYPE)),
            ProductVendorService(flows, ShopNames(entities, clock, VENDOR)),
            DiscountCodeService(flows, DiscountCodes(entities, clock), shops),
            ShopLocationService(flows, Locations(entities, clock)),
            ShopService(flows, shops),
            OrderService(flows, subscribers, orders),
            CartService(flows, subscribers, Carts(entities, clock), orders),
        ]
    )
