"""Attempts to log in and to register, counted and slowed down."""

from __future__ import annotations

from limits import RateLimitItem, parse

from knowflow_server.domain.api_key import sha256
from knowflow_server.domain.counting import Counter
from knowflow_server.errors.base import RateLimitedError

# A person mistypes a few times; a guesser has neither one address nor all of them for himself.
LOGIN_BY_EMAIL_AND_ADDRESS = parse("10/15 minutes")
LOGIN_BY_EMAIL = parse("100/15 minutes")


class Throttle:
    """Counts attempts.

    Args:
        counter: Counts them.
        per_address: Most logins, and most registrations, from one address in 15 minutes.
    """

    def __init__(self, counter: Counter, *, per_address: int) -> None:
        self._counter = counter
        self._by_address = parse(f"{per_address}/15 minutes")

    async def login(self, email: str, address: str) -> None:
        """Count an attempt to log in.

        Raises:
            RateLimitedError: There were too many.
        """
        # The e-mail address itself would lie in a storage that others can read.
        name = sha256(email.casefold())
        await self._hit(LOGIN_BY_EMAIL_AND_ADDRESS, "login", name, address)
        await self._hit(self._by_address, "login", address)
        await self._hit(LOGIN_BY_EMAIL, "login", name)

    async def forget(self, email: str, address: str) -> None:
        """Forget the attempts before one that succeeded."""
        await self._counter.clear(LOGIN_BY_EMAIL_AND_ADDRESS, "login", sha256(email.casefold()), address)

    async def registration(self, address: str) -> None:
        """Count a registration.

        Raises:
            RateLimitedError: There were too many.
        """
        await self._hit(self._by_address, "register", address)

    async def _hit(self, item: RateLimitItem, *identifiers: str) -> None:
        count = await self._counter.hit(item, *identifiers)
        if not count.is_allowed:
            raise RateLimitedError(retry_after_s=count.retry_after_s)
