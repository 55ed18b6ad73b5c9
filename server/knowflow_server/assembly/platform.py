"""People, organizations and keys, and what stands before every call, joined."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.storage import storage_from_string

from knowflow_server.assembly.knowledge import Common
from knowflow_server.assembly.models import Models
from knowflow_server.assembly.stores import Stores
from knowflow_server.domain.access import Access
from knowflow_server.domain.account import Accounts
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.audit import Audit
from knowflow_server.domain.counting import Counter
from knowflow_server.domain.member import Members
from knowflow_server.domain.membership import Memberships
from knowflow_server.domain.organization import Organizations, Sweep
from knowflow_server.domain.password import Passwords
from knowflow_server.domain.rate_limit import DEFAULTS, PLANS, RateLimits
from knowflow_server.domain.talk.visitor import Visitors
from knowflow_server.domain.throttle import Throttle
from knowflow_server.domain.website import Websites
from knowflow_server.rpc.registry import Guards
from knowflow_server.settings import Settings

# How often the last uses of keys are looked through.
USES_INTERVAL_S = 60.0


@dataclass(frozen=True, slots=True)
class Platform:
    """What the services of the platform answer from."""

    keys: ApiKeys
    accounts: Accounts
    members: Members
    memberships: Memberships
    audit: Audit
    guards: Guards


async def start_platform(settings: Settings, stores: Stores, common: Common, stack: AsyncExitStack) -> Platform:
    """Return people, keys and guards; the stack ends what they have under way."""
    entities, clock, ids = stores.entities, common.clock, common.ids
    counter = Counter(_storage(settings, stack))
    keys, memberships = ApiKeys(entities, clock, ids), Memberships(entities)
    throttle = Throttle(counter, per_address=settings.login_attempts)
    accounts = Accounts(
        entities,
        memberships,
        Passwords(),
        throttle,
        clock,
        ids,
        session_hours=settings.session_hours,
        is_open=settings.registration == "open",
    )
    audit = Audit(entities, stores.messages, clock, ids)
    stack.push_async_callback(audit.close)
    stack.push_async_callback(keys.write_uses)
    writer = asyncio.create_task(_write_uses(keys), name="last uses")
    stack.callback(writer.cancel)
    limits = RateLimits(counter, {**DEFAULTS, "platform": PLANS[settings.plan], **settings.rate_limits})
    guards = Guards(Access(keys, accounts, Websites(entities), Visitors(entities, clock)), limits, audit)
    return Platform(keys, accounts, Members(entities, accounts, clock, ids), memberships, audit, guards)


def join_organizations(
    settings: Settings, stores: Stores, models: Models, common: Common, platform: Platform, sweeps: Sequence[Sweep]
) -> Organizations:
    """Return the organizations.

    Args:
        settings: All settings.
        stores: Where everything is kept.
        models: Knows which chat models there are.
        common: Locks, clock and ids.
        platform: People and keys.
        sweeps: Each deletes one kind of what an organization owns.
    """
    return Organizations(
        stores.entities,
        platform.accounts,
        platform.memberships,
        common.locks,
        common.clock,
        common.ids,
        models=models.table,
        sweeps=sweeps,
        most=settings.max_organizations,
    )


def _storage(settings: Settings, stack: AsyncExitStack) -> Storage:
    if settings.redis_url is None:
        return MemoryStorage()
    url = settings.redis_url.get_secret_value()
    storage = storage_from_string(
        f"async+{url}", implementation="redispy", wrap_exceptions=True, socket_connect_timeout=1, socket_timeout=1
    )
    assert isinstance(storage, RedisStorage)
    bridge: Any = storage.bridge
    stack.push_async_callback(bridge.storage.aclose)
    return storage


async def _write_uses(keys: ApiKeys) -> None:
    while True:
        await asyncio.sleep(USES_INTERVAL_S)
        await keys.write_uses()
