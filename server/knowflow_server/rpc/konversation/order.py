"""Orders on the Konversation surface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowflow.konversation.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc
from knowflow.store.v1 import order_pb2 as store
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.shop.discount import FREE_SHIPPING
from knowflow_server.domain.shop.money import amount
from knowflow_server.domain.shop.order import ORDERED, Orders
from knowflow_server.rpc.konversation.page import OK, listed, page_request
from knowflow_server.rpc.konversation.place import buyer_of, given, place_of

pb = order_service_pb2
CONTACT = [field.name for field in store.OrderContact.DESCRIPTOR.fields]


def answer(record: store.Order) -> order_pb2.OrderResponse:
    """Return the answer that shows an order."""
    return order_pb2.OrderResponse(status=OK, data=view(record))


def view(record: store.Order) -> order_pb2.Order:
    """Return an order as this surface shows it."""
    return order_pb2.Order(
        id=record.number,
        num_of_items=sum(line.qty for line in record.lines),
        total_price=float(amount(record.total)),
        status=record.status,
        currency=record.currency,
        total=record.total,
        subtotal=float(amount(record.subtotal)),
        discount=float(amount(record.discount_amount)),
        discount_code=record.discount_code,
        free_shipping=record.discount.type == FREE_SHIPPING,
        user_ns=record.user_ns,
        items=[
            order_pb2.OrderItem(**item_of(line, record.currency), sku=line.sku, taxable=line.taxable)
            for line in record.lines
        ],
        **{name: getattr(record.contact, name) for name in CONTACT},
        created_at=time_text(record.created_at),
        updated_at=time_text(record.updated_at),
    )


def item_of(line: store.OrderLine, currency: str) -> dict[str, Any]:
    """Return what items of orders and of carts show alike."""
    return {
        **{name: getattr(line, name) for name in ("name", "desc", "image")},
        "id": line.variant,
        "product_id": line.product,
        "price": float(amount(line.price)),
        "compare_price": float(amount(line.compare_price)),
        "currency": currency,
        "num": line.qty,
        "subtotal": float(amount(line.price) * line.qty),
    }


def _wanted(items: Iterable[pb.OrderedItem]) -> list[store.CartLine]:
    return [store.CartLine(variant=item.variant_id, qty=item.qty if item.HasField("qty") else 1) for item in items]


class OrderService(order_service_pb2_grpc.OrderServiceServicer):
    """Answers for orders."""

    def __init__(self, flows: Flows, subscribers: Subscribers, orders: Orders) -> None:
        self._flows = flows
        self._subscribers = subscribers
        self._orders = orders

    async def ListOrders(self, request: pb.ListOrdersRequest, context: Any) -> pb.ListOrdersResponse:
        """List orders."""
        if request.user_ns:
            place, buyer = buyer_of(self._flows, self._subscribers, request)
            page = self._orders.list(place, page_request(request), subscriber=buyer.id)
        else:
            page = self._orders.list(place_of(self._flows, request), page_request(request))
        rows = [
            pb.OrderRow(id=one.number, status=one.status, currency=one.currency, total=one.total) for one in page.items
        ]
        return pb.ListOrdersResponse(status=OK, **listed(request, page, "/shop/orders", rows))

    async def CreateOrder(self, request: pb.CreateOrderRequest, context: Any) -> order_pb2.OrderResponse:
        """Make an order."""
        place, buyer = buyer_of(self._flows, self._subscribers, request)
        record = await self._orders.create(
            place,
            buyer,
            _wanted(request.items),
            status=request.status or ORDERED,
            contact=given(request, CONTACT),
            code=request.discount_code,
        )
        return answer(record)

    async def GetOrder(self, request: pb.GetOrderRequest, context: Any) -> order_pb2.OrderResponse:
        """Return an order."""
        return answer(self._orders.get(place_of(self._flows, request), request.order_id))

    async def UpdateOrder(self, request: pb.UpdateOrderRequest, context: Any) -> order_pb2.OrderResponse:
        """Change an order."""
        record = await self._orders.update(
            place_of(self._flows, request),
            request.order_id,
            contact=given(request, CONTACT),
            status=request.status,
            wanted=_wanted(request.items),
        )
        return answer(record)
