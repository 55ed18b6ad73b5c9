"""Fifty buyers at once, over REST and gRPC: nobody gets what is not there, and nothing is lost."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
import httpx
import pytest

from knowflow.konversation.v1 import cart_service_pb2, cart_service_pb2_grpc

BUYERS = 50
STOCK = 20
USES = 7


async def done(call: Awaitable[httpx.Response]) -> Any:
    """Return the content of an answer to a call that must succeed."""
    answer = await call
    assert answer.status_code == 200, answer.text
    return answer.json()


class Bot:
    """A chatbot with subscribers.

    Args:
        rest: Calls of the workspace.
        flow_ns: The chatbot.
        buyers: Its subscribers.
    """

    def __init__(self, rest: httpx.AsyncClient, flow_ns: str, buyers: Sequence[str]) -> None:
        self.rest = rest
        self.flow_ns = flow_ns
        self.buyers = buyers

    async def product(self, **values: Any) -> tuple[int, int]:
        """Make a product and return its number and that of its variant."""
        body = {"flow_ns": self.flow_ns, "name": "Mug", "price": 9.99, **values}
        data = (await done(self.rest.post("/shop/products/create", json=body)))["data"]
        return data["id"], data["variants"][0]["id"]

    async def stock(self, product: int) -> int:
        """Return how many pieces are in stock."""
        path = f"/shop/products/{product}/get-info"
        return int((await done(self.rest.get(path, params={"flow_ns": self.flow_ns})))["data"]["total_qty"])

    async def fill_carts(self, variant: int, qty: int = 1) -> None:
        """Put pieces of a variant in the carts of all."""
        bodies = [{"user_ns": buyer, "variant_id": variant, "qty": qty} for buyer in self.buyers]
        await asyncio.gather(*(done(self.rest.post("/subscriber/add-to-cart", json=body)) for body in bodies))

    async def sold(self) -> list[Any]:
        """Return all orders of the chatbot."""
        rows = await done(self.rest.get("/shop/orders", params={"flow_ns": self.flow_ns, "limit": 100}))
        paths = [f"/shop/orders/{row['id']}/get-info" for row in rows["data"]]
        answers = await asyncio.gather(*(done(self.rest.get(path, params={"flow_ns": self.flow_ns})) for path in paths))
        return [answer["data"] for answer in answers]


@pytest.fixture
async def bot(rest: httpx.AsyncClient) -> Bot:
    """A chatbot with fifty subscribers."""
    flow_ns = (await done(rest.post("/flow/create", json={"name": "Shop of many"})))["data"]["flow_ns"]
    users = [{"email": f"{uuid.uuid4().hex}@example.com"} for _ in range(BUYERS)]
    await done(rest.post("/subscriber/create-many", json={"flow_ns": flow_ns, "users": users}))
    listed = await done(rest.get("/subscribers", params={"flow_ns": flow_ns, "limit": 100}))
    return Bot(rest, flow_ns, [user["user_ns"] for user in listed["data"]])


def payer(bot: Bot, channel: grpc.aio.Channel, **given: str) -> Callable[[int], Awaitable[str]]:
    """Return what has the cart of a buyer paid for, every other one over gRPC, and returns why not; empty if it was."""
    stub = cart_service_pb2_grpc.CartServiceStub(channel)

    async def pay(place: int) -> str:
        buyer = bot.buyers[place]
        if place % 2:
            answer = await bot.rest.post("/api/subscriber/cart-paid", json={"user_ns": buyer, **given})
            return "" if answer.status_code == 200 else f"{answer.status_code} {answer.json()['message']}"
        try:
            await stub.PayCart(cart_service_pb2.PayCartRequest(user_ns=buyer, **given), timeout=60)
        except grpc.aio.AioRpcError as error:
            return f"400 {error.details()}" if error.code() == grpc.StatusCode.FAILED_PRECONDITION else repr(error)
        return ""

    return pay


async def test_fifty_buyers_of_twenty_pieces_get_twenty(bot: Bot, channel: grpc.aio.Channel) -> None:
    product, variant = await bot.product(qty=STOCK)
    await bot.fill_carts(variant)
    results = await asyncio.gather(*map(payer(bot, channel), range(BUYERS)))
    refused = [result for result in results if result]
    assert len(refused) == BUYERS - STOCK
    assert set(refused) == {f"400 Of the variant {variant}, Mug, 0 are in stock, not 1."}
    assert await bot.stock(product) == 0
    orders = await bot.sold()
    assert len({order["user_ns"] for order in orders}) == len(orders) == STOCK
    assert sorted(order["id"] for order in orders) == list(range(1, STOCK + 1))
    # Who was refused still has the cart.
    carts = [(await done(bot.rest.get("/subscriber/cart", params={"user_ns": buyer})))["data"] for buyer in bot.buyers]
    assert [cart["num_of_items"] for cart in carts] == [1 if result else 0 for result in results]


async def test_fifty_buyers_with_a_code_for_seven_use_it_seven_times(bot: Bot, channel: grpc.aio.Channel) -> None:
    _, variant = await bot.product(qty=BUYERS)
    await bot.fill_carts(variant)
    code = {"code": "SEVEN", "type": "amount", "discount_amount": 4, "has_usage_limit": 1, "max_usage_count": USES}
    times = {"start_time": "2020-01-01 00:00:00", "end_time": "2090-01-01 00:00:00"}
    await done(bot.rest.post("/shop/discount-codes/create", json={"flow_ns": bot.flow_ns, **code, **times}))
    results = await asyncio.gather(*map(payer(bot, channel, discount_code="seven"), range(BUYERS)))
    assert results.count("") == USES
    assert [order["total"] for order in await bot.sold()] == ["5.99"] * USES
    used = await done(bot.rest.get("/shop/discount-codes", params={"flow_ns": bot.flow_ns}))
    assert used["data"][0]["usage_count"] == USES


async def test_buying_and_cancelling_at_once_loses_no_piece(bot: Bot, channel: grpc.aio.Channel) -> None:
    product, variant = await bot.product(qty=STOCK)
    await bot.fill_carts(variant, qty=3)
    pay = payer(bot, channel)

    async def buy_and_regret(place: int) -> None:
        await pay(place)
        buyer = bot.buyers[place]
        rows = (await done(bot.rest.get("/shop/orders", params={"user_ns": buyer})))["data"]
        for row in rows if place % 3 else ():
            body = {"user_ns": buyer, "order_id": row["id"], "status": "cancelled"}
            # Twice at once: what it took comes back once.
            await asyncio.gather(*(done(bot.rest.post("/subscriber/update-order-status", json=body)) for _ in range(2)))

    await asyncio.gather(*map(buy_and_regret, range(BUYERS)))
    kept = [order["num_of_items"] for order in await bot.sold() if order["status"] == "paid"]
    assert await bot.stock(product) == STOCK - sum(kept) >= 0


async def test_shop_goes_with_its_chatbot_and_a_cart_with_its_owner(bot: Bot) -> None:
    _, variant = await bot.product(qty=5, tags=["gone"])
    await bot.fill_carts(variant)
    buyer = bot.buyers[0]
    order = (await done(bot.rest.post("/subscriber/cart-paid", json={"user_ns": buyer})))["data"]["id"]
    await done(bot.rest.request("DELETE", "/subscriber/delete", json={"user_ns": buyer}))
    kept = await done(bot.rest.get(f"/shop/orders/{order}/get-info", params={"flow_ns": bot.flow_ns}))
    assert kept["data"]["user_ns"] == buyer
    assert (await bot.rest.get("/subscriber/cart", params={"user_ns": buyer})).status_code == 404
    # What comes back of an order of somebody who is gone still comes back.
    ended = {"flow_ns": bot.flow_ns, "status": "cancelled"}
    assert (await done(bot.rest.put(f"/shop/orders/{order}/update", json=ended)))["data"]["status"] == "cancelled"
    await done(bot.rest.request("DELETE", "/flow/delete", json={"flow_ns": bot.flow_ns}))
    gone = await bot.rest.get("/shop/orders", params={"flow_ns": bot.flow_ns})
    assert (gone.status_code, gone.json()) == (404, {"message": f"There is no chatbot {bot.flow_ns}."})
