"""Secrets that must be read again, as a protocol; `providers/` implements it."""

from __future__ import annotations

from typing import Protocol


class UnsealError(Exception):
    """A sealed secret cannot be read: the key of the server is another one, or the bytes were changed."""


class SecretBox(Protocol):
    """Encrypts what is kept."""

    def seal(self, secret: bytes, *, owner: str) -> bytes:
        """Return a secret, encrypted so that it can be read for the same owner only."""
        ...

    def unseal(self, sealed: bytes, *, owner: str) -> bytes:
        """Return a secret that `seal` has encrypted.

        Raises:
            UnsealError: It cannot be read.
        """
        ...
