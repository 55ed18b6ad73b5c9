"""Credits: the ledgers of all organizations."""

from __future__ import annotations

from contextlib import AsyncExitStack

from knowflow_server.assembly.knowledge import Common
from knowflow_server.assembly.stores import Stores
from knowflow_server.domain.credits import OPERATIONS, Credits
from knowflow_server.settings import Settings


async def start_credits(settings: Settings, stores: Stores, common: Common, stack: AsyncExitStack) -> Credits:
    """Return the ledgers, of which every organization has one; the stack waits for the charges under way."""
    prices: dict[str, int] = dict.fromkeys(OPERATIONS, 1)
    prices.update(settings.credit_prices)  # type: ignore[arg-type]
    ledgers = Credits(
        stores.entities, stores.messages, common.clock, common.ids, prices=prices, grant=settings.credit_grant
    )
    await ledgers.start()
    stack.push_async_callback(ledgers.close)
    return ledgers
