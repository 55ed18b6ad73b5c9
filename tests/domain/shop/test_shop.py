"""What goes with products and discount codes, and how much of it counts as there."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowflow.store.v1.discount_pb2 import DiscountUse
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.product_pb2 import Product, Variant
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain import deletion
from knowflow_server.domain.clock import SystemClock
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.shop.code import DiscountCodes, count_use
from knowflow_server.domain.shop.place import DISCOUNT_CODE, PRODUCT, VARIANT, Place, shop_of
from knowflow_server.domain.shop.product import Draft, Products
from knowflow_server.domain.shop.shop import BELOW, OWNED, follow
from tests.domain.shop.ledger import NOW, PLACE, buyer
from tests.domain.talk.house import OWNER
from tests.store.records import open_entities

ALWAYS = {"type": "free_shipping", "start_time": 1, "end_time": 2}


async def test_chatbot_takes_all_variants_and_uses_along_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "DELETED_AT_ONCE", 2)
    async with open_entities(tmp_path) as entities:
        flows = Flows(entities, SystemClock())
        flows.own(*OWNED, below=BELOW)
        entities.observe(follow)
        flow = await flows.create(OWNER, name="a")
        place = Place(flow.organization_id, flow.id)
        products, codes = Products(entities, SystemClock()), DiscountCodes(entities, SystemClock())
        values = {"name": "Shirt", "use_variant": True, "option_1": "size"}
        for _ in range(3):
            await products.create(place, Draft(values, variants=[{"value_1": size} for size in "SML"]))
        code = await codes.create(place, {"code": "a", **ALWAYS})
        for number in range(3):
            await entities.transact(lambda t, number=number: count_use(t, code.id, str(number), 1, NOW))  # type: ignore[misc]
        sizes: list[int] = []
        entities.observe(lambda transaction: sizes.append(len(transaction.writes)))
        await flows.delete(OWNER, name_of(flow))
        assert [] == [*entities.all(Variant), *entities.all(Product), *entities.all(DiscountUse)]
        # The last one takes the chatbot and its shop.
        assert max(sizes) <= 2


async def test_variants_go_with_their_product_and_uses_with_their_code(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        entities.observe(follow)
        organization = {"organization_id": PLACE.organization_id}
        await entities.transact(lambda t: t.put(Flow(id=PLACE.flow_id, number=1, **organization)))
        products, codes = Products(entities, SystemClock()), DiscountCodes(entities, SystemClock())
        values = {"name": "Shirt", "use_variant": True, "option_1": "size"}
        sizes = [{"value_1": size} for size in "SML"]
        shirts = [await products.create(PLACE, Draft(values, variants=sizes)) for _ in range(2)]
        made = [await codes.create(PLACE, {"code": name, **ALWAYS}) for name in ("a", "b")]
        await entities.transact(lambda t: t.put(Subscriber(id=buyer(1).id, user_id="1", **organization)))
        for code in made:
            await entities.transact(lambda t, code=code: count_use(t, code.id, buyer(1).id, 1, NOW))  # type: ignore[misc]
        await products.delete(PLACE, shirts[0].number)
        await codes.delete_written(PLACE, "A")
        left = {kind: shop_of(entities, PLACE).counts[kind].present for kind in (PRODUCT, VARIANT, DISCOUNT_CODE)}
        assert {PRODUCT: 1, VARIANT: 3, DISCOUNT_CODE: 1} == left
        assert {shirts[1].id} == {one.product_id for one in entities.all(Variant)}
        assert [made[1].id] == [one.code_id for one in entities.all(DiscountUse)]
