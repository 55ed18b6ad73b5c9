"""Carts on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import cart_service_pb2, cart_service_pb2_grpc, order_pb2, page_pb2
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.shop.cart import Carts, Filled
from knowflow_server.domain.shop.discount import summary
from knowflow_server.domain.shop.order import Orders
from knowflow_server.domain.shop.place import Buyer, Place
from knowflow_server.rpc.konversation.order import CONTACT, answer, item_of
from knowflow_server.rpc.konversation.page import OK, done
from knowflow_server.rpc.konversation.place import buyer_of, given

pb = cart_service_pb2


def view(filled: Filled, buyer: Buyer) -> pb.CartDetail:
    """Return a cart as this surface shows it."""
    cart = filled.cart
    return pb.CartDetail(
        id=buyer.number,
        items=[pb.CartItem(**item_of(line, filled.currency)) for line in filled.lines],
        num_of_items=sum(line.qty for line in filled.lines),
        total_price=float(filled.reckoning.total),
        created_at=time_text(cart.created_at) or None,
        updated_at=time_text(cart.updated_at) or None,
    )


class CartService(cart_service_pb2_grpc.CartServiceServicer):
    """Answers for carts, and for the orders which become of them."""

    def __init__(self, flows: Flows, subscribers: Subscribers, carts: Carts, orders: Orders) -> None:
        self._flows = flows
        self._subscribers = subscribers
        self._carts = carts
        self._orders = orders

    async def GetCart(self, request: pb.GetCartRequest, context: Any) -> pb.CartResponse:
        """Return a cart."""
        place, buyer = self._buyer(request)
        return pb.CartResponse(status=OK, data=view(self._carts.get(place, buyer), buyer))

    async def AddToCart(self, request: pb.AddToCartRequest, context: Any) -> page_pb2.Done:
        """Put pieces of a variant in a cart."""
        place, buyer = self._buyer(request)
        qty = request.qty if request.HasField("qty") else 1
        await self._carts.add(place, buyer, request.variant_id, qty)
        return done()

    async def RemoveFromCart(self, request: pb.RemoveFromCartRequest, context: Any) -> page_pb2.Done:
        """Take a variant out of a cart."""
        place, buyer = self._buyer(request)
        await self._carts.remove(place, buyer, request.variant_id)
        return done()

    async def EmptyCart(self, request: pb.EmptyCartRequest, context: Any) -> page_pb2.Done:
        """Take everything out of a cart."""
        place, buyer = self._buyer(request)
        await self._carts.empty(place, buyer)
        return done()

    async def TryDiscountCode(self, request: pb.TryDiscountCodeRequest, context: Any) -> pb.CartDiscountResponse:
        """Tell what a cart would cost with a discount code."""
        place, buyer = self._buyer(request)
        code, filled = self._carts.discounted(place, buyer, request.code)
        reckoning = filled.reckoning
        data = pb.CartDiscount(
            code=code.code,
            type=code.discount.type,
            subtotal=float(reckoning.subtotal),
            discount=float(reckoning.discount),
            total_price=float(reckoning.total),
            free_shipping=reckoning.free_shipping,
            currency=filled.currency,
            summary=code.summary or summary(code, filled.currency),
        )
        return pb.CartDiscountResponse(status=OK, data=data)

    async def PayCart(self, request: pb.PayCartRequest, context: Any) -> order_pb2.OrderResponse:
        """Make an order of a cart that was paid for."""
        place, buyer = self._buyer(request)
        order = await self._carts.paid(place, buyer, given(request, CONTACT), code=request.discount_code)
        return answer(order)

    async def UpdateOrderStatus(self, request: pb.UpdateOrderStatusRequest, context: Any) -> page_pb2.Done:
        """Give an order of a subscriber its next status."""
        place, buyer = self._buyer(request)
        await self._orders.set_status(place, request.order_id, request.status, subscriber=buyer.id)
        return done()

    def _buyer(self, request: Any) -> tuple[Place, Buyer]:
        return buyer_of(self._flows, self._subscribers, request)
