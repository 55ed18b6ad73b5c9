"""Steps before a case that is about a shop."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

PACKAGE = "knowflow.konversation.v1"


class ShopSteps:
    """What a world can make for shops; the world itself makes the calls."""

    _made: dict[str, dict[str, Any]]

    async def _call(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        raise NotImplementedError

    async def _made_by(self, method: str, request: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        return (await self._call({"method": f"{PACKAGE}.{method}", "request": request}, names, key))["data"]

    async def _shop(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make a chatbot whose shop all cases share, or one of the case's own when `fresh`: a workspace has few."""
        if value.get("fresh"):
            return await self._made_by("FlowService/CreateFlow", {"name": "Own shop"}, names, key)
        place = f"shop of {key}"
        if place not in self._made:
            self._made[place] = await self._made_by("FlowService/CreateFlow", {"name": "Shop"}, names, key)
        return self._made[place]

    async def _buyer(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make a subscriber of `${shop.flow_ns}` unless another chatbot is given."""
        request = {"flow_ns": names["shop"]["flow_ns"], "email": f"{uuid.uuid4().hex[:16]}@example.com", **value}
        return await self._made_by("SubscriberService/CreateSubscriber", request, names, key)

    async def _product(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make a product in `${shop.flow_ns}`, with five pieces at 10 unless others are given; adds `variant`."""
        plain = {} if "variants" in value or "use_variant" in value else {"price": 10, "qty": 5}
        request = {"flow_ns": names["shop"]["flow_ns"], "name": f"product {uuid.uuid4().hex}", **plain, **value}
        made = await self._made_by("ProductService/CreateProduct", request, names, key)
        return {**made, "variant": made["variants"][0]["id"] if made["variants"] else None}

    async def _discount(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make a discount code in `${shop.flow_ns}`: ten per cent off from 2020 to 2090, unless told otherwise."""
        kind = {} if "type" in value else {"type": "percentage", "discount_percentage": 10}
        times = {"start_time": "2020-01-01 00:00:00", "end_time": "2090-01-01 00:00:00"}
        code = {"flow_ns": names["shop"]["flow_ns"], "code": f"C{uuid.uuid4().hex}", **times}
        return await self._made_by("DiscountCodeService/CreateDiscountCode", {**code, **kind, **value}, names, key)

    async def _order(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make an order of `${buyer}` for two pieces of `${product}` unless told otherwise."""
        items = [{"variant_id": names["product"]["variant"], "qty": 2}]
        request = {"user_ns": names["buyer"]["user_ns"], "items": items, **value}
        return await self._made_by("OrderService/CreateOrder", request, names, key)
