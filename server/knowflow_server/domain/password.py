"""Passwords: hashed with Argon2id, off the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

# One hash takes 64 MiB; more at a time would let anybody fill the memory.
AT_A_TIME = 2
WAITING = 64


class Passwords:
    """Hashes passwords with the second parameter set which RFC 9106 recommends (64 MiB, three passes)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._gate = asyncio.Semaphore(AT_A_TIME)
        self._waiting = 0
        # Made with the first question about an unknown user.
        self._decoy = ""

    @property
    def is_busy(self) -> bool:
        """Whether more callers wait for a hash than are served in a few seconds."""
        return self._waiting >= WAITING

    async def hash(self, password: str) -> str:
        """Return the hash of a password, with its salt and parameters."""
        return await self._off_the_loop(self._hasher.hash, password)

    async def fits(self, password_hash: str, password: str) -> bool:
        """Return whether a password is the one of a hash; an empty hash, of nobody, takes as long and fits nothing."""
        self._decoy = self._decoy or await self.hash("nobody's password")
        return await self._off_the_loop(self._verify, password_hash or self._decoy, password) and bool(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_the_loop(self, work: Callable[..., T], *arguments: str) -> T:
        self._waiting += 1
        try:
            async with self._gate:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self._waiting -= 1
