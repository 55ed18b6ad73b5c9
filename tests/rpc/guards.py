"""What stands before every call, for servers which tests put together themselves."""

from __future__ import annotations

from typing import Any, cast

from limits.aio.storage import MemoryStorage

from knowflow_server.domain.access import Access
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.audit import Audit
from knowflow_server.domain.counting import Counter
from knowflow_server.domain.rate_limit import RateLimits
from knowflow_server.rpc.registry import Guards


class Forgetful:
    """Has the interface of the audit log, and forgets."""

    def note(self, *_: Any, **__: Any) -> None:
        """Forget an entry."""


def guards_of(keys: ApiKeys, **limits: str) -> Guards:
    """Return guards which know keys and no users, with limits by surface."""
    access = Access(keys, *[cast("Any", None)] * 3)
    return Guards(access, RateLimits(Counter(MemoryStorage()), limits), cast("Audit", Forgetful()))
