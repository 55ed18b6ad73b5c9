"""What goes with products and discount codes, and how much of it counts as there."""

from __future__ import annotations

from pathlib import Path

from knowflow.store.v1.discount_pb2 import DiscountUse
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.product_pb2 import Variant
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import SystemClock
from knowflow_server.domain.shop.code import DiscountCodes, count_use
from knowflow_server.domain.shop.place import DISCOUNT_CODE, PRODUCT, VARIANT, shop_of
from knowflow_server.domain.shop.product import Draft, Products
from knowflow_server.domain.shop.shop import follow
from tests.domain.shop.ledger import NOW, PLACE, buyer
from tests.store.records import open_entities

ALWAYS = {"type": "free_shipping", "start_time": 1, "end_time": 2}


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
