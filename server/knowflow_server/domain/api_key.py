"""API keys: made once, kept as a hash, looked up on every call."""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib

from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors import ApiKeyInvalidError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX = "kf_"
RANDOM_CHARACTERS = 30  # about 178 bits
CHECKSUM_CHARACTERS = 6
SHOWN_CHARACTERS = 7


def checksum(text: str) -> str:
    """Return the CRC-32 of a text in six base-62 characters; it tells typing errors from keys, and proves nothing."""
    value = zlib.crc32(text.encode())
    digits = []
    for _ in range(CHECKSUM_CHARACTERS):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def new_key() -> str:
    """Return a fresh key: `kf_`, 30 random characters, a checksum of six."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"{PREFIX}{random}{checksum(random)}"


def sha256(key: str) -> str:
    """Return what is kept of a key. A slow hash would gain nothing: a key has too much entropy to be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeys:
    """The API keys of all organizations."""

    def __init__(self, entities: EntityStore, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._clock = clock
        self._ids = ids
        self._by_hash = {record.sha256: record for record in entities.all(ApiKey)}

    def authenticate(self, key: str) -> Principal:
        """Return for whom a key acts.

        Raises:
            ApiKeyInvalidError: The key is unknown.
        """
        record = self._by_hash.get(sha256(key))
        if record is None:
            raise ApiKeyInvalidError
        return Principal(record.organization_id, record.id)

    async def bootstrap(self, *, organization_name: str, key: str | None) -> str | None:
        """Make the first organization and its key, when there is no organization yet.

        Args:
            organization_name: Name of the organization.
            key: The key's value; None makes a random one.

        Returns:
            The key's value, to be shown once, or None when an organization exists already.
        """
        if any(True for _ in self._entities.all(Organization)):
            return None
        return await self.create_organization(name=organization_name, key=key)

    async def create_organization(self, *, name: str, key: str | None) -> str:
        """Make an organization and its first key, and return the key's value, which is not kept.

        Args:
            name: Name of the organization.
            key: The key's value; None makes a random one.

        Raises:
            ValueError: The key is in use: it would take its first organization's callers to this one.
        """
        value = key or new_key()
        if sha256(value) in self._by_hash:
            raise ValueError("This API key is in use already; choose another.")
        now = microseconds(self._clock)
        organization = Organization(id=self._ids.new_id(), name=name, created_at=now, updated_at=now)
        record = ApiKey(
            id=self._ids.new_id(),
            organization_id=organization.id,
            name="Default",
            sha256=sha256(value),
            prefix=value[:SHOWN_CHARACTERS],
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            transaction.put(organization)
            transaction.put(record)

        await self._entities.transact(work)
        self._by_hash[record.sha256] = record
        return value
