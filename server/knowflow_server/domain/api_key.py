"""API keys: made once, kept as a hash, looked up on every call."""

from __future__ import annotations

import hashlib
import logging
import secrets
import string
import zlib
from collections.abc import Sequence
from typing import cast

from knowflow.options.v1.options_pb2 import Permission
from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.flow import owned_flow
from knowflow_server.domain.page import Page, PageRequest, page_by_age
from knowflow_server.domain.permission import NAMES, OF_CHATBOTS, numbers_of, of_key
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import ApiKeyInvalidError, InvalidArgumentError, KnowFlowError, PermissionDeniedError
from knowflow_server.errors.platform import ApiKeyNotFoundError, OrganizationNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX = "kf_"
RANDOM_CHARACTERS = 30  # about 178 bits
CHECKSUM_CHARACTERS = 6
SHOWN_CHARACTERS = 7
LAST_CHARACTERS = 4
# The last use is written so often at most: a key that is used all the time costs a write every five minutes.
LAST_USE_STEP_US = 300 * 1_000_000


def checksum(text: str) -> str:
    """Return the CRC-32 of a text in six base-62 characters; it tells typing errors from keys, and proves nothing."""
    value = zlib.crc32(text.encode())
    digits = []
    for _ in range(CHECKSUM_CHARACTERS):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def new_key(prefix: str = PREFIX) -> str:
    """Return a fresh key: a prefix that says what it is for, 30 random characters, a checksum of six."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"{prefix}{random}{checksum(random)}"


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
        self._hashes = {record.id: record.sha256 for record in self._by_hash.values()}
        self._used: dict[str, int] = {}
        entities.subscribe(ApiKey, self._changed)

    def authenticate(self, key: str) -> Principal:
        """Return for whom a key acts.

        Raises:
            ApiKeyInvalidError: The key is unknown, expired or revoked.
        """
        record = self._by_hash.get(sha256(key))
        now = microseconds(self._clock)
        if record is None or 0 < record.expires_at <= now:
            raise ApiKeyInvalidError
        self._used[record.id] = now
        return Principal(
            record.organization_id,
            record.id,
            permissions=of_key(record.permissions),
            workspace_id=record.workspace_id,
            chatbot_id=record.chatbot_id,
        )

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        permissions: Sequence[str] = (),
        expires_at: int = 0,
        workspace_id: str = "",
        chatbot_id: str = "",
    ) -> tuple[ApiKey, str]:
        """Create a key and return it with its value, which is not kept.

        Args:
            principal: The caller.
            name: Name shown to people.
            permissions: What the key may do; none means all that the caller may, or of that what chatbots need where
                the key is for one.
            expires_at: Time after which it is refused, in microseconds since 1970; 0 means never.
            workspace_id: The workspace of chatbots it is for: the organization, or empty for any.
            chatbot_id: The chatbot it is for.

        Raises:
            InvalidArgumentError: The name is blank, a permission is unknown, or the key would be expired already.
            PermissionDeniedError: The caller does not have a permission itself.
            OrganizationNotFoundError, FlowNotFoundError: The workspace or the chatbot does not exist for the caller.
        """
        if not (name := name.strip()):
            raise InvalidArgumentError("`name` is required.", field="name")
        bound = principal.chatbot_id or chatbot_id
        granted = _granted(principal, permissions, OF_CHATBOTS if bound else frozenset(NAMES))
        now = microseconds(self._clock)
        if 0 < expires_at <= now:
            raise InvalidArgumentError("`expires_at` must be in the future.", field="expires_at")
        if workspace_id not in ("", principal.organization_id):
            raise OrganizationNotFoundError(organization_id=workspace_id)
        value = new_key()
        record = ApiKey(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            name=name,
            sha256=sha256(value),
            prefix=value[:SHOWN_CHARACTERS],
            last4=value[-LAST_CHARACTERS:],
            permissions=cast("list[Permission]", granted),
            expires_at=expires_at,
            # A key that is bound stays bound in the keys which it makes.
            workspace_id=principal.workspace_id or workspace_id,
            chatbot_id=bound,
            created_by=principal.user_id,
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            if chatbot_id:
                owned_flow(transaction, principal, chatbot_id)
            transaction.put(record)

        await self._entities.transact(work)
        return record, value

    def list(self, principal: Principal, page: PageRequest, *, chatbot_id: str = "") -> Page[ApiKey]:
        """Return one page of the keys of the caller's organization, oldest first.

        Args:
            principal: The caller; one with a key of a chatbot sees the keys of that chatbot alone.
            page: Which page.
            chatbot_id: Only keys of this chatbot, when not empty.
        """
        if chatbot_id or principal.chatbot_id or principal.workspace_id:
            found = self._entities.children(ApiKey, principal.organization_id)
            seen = [key for key in found if chatbot_id in ("", key.chatbot_id) and _may_see(principal, key)]
            return page_by_age(seen, page)
        items, total = self._entities.page(
            ApiKey, principal.organization_id, offset=page.offset, size=page.size, after=page.after
        )
        return Page(items, total, page)

    def last_used(self, record: ApiKey) -> int:
        """Return when a key was last used, in microseconds since 1970; 0 for never."""
        return max(self._used.get(record.id, 0), record.last_used_at)

    async def revoke(self, principal: Principal, api_key_id: str) -> None:
        """Revoke a key; the next call with it is refused.

        Raises:
            ApiKeyNotFoundError: There is no such key in the caller's organization.
        """

        def work(transaction: Transaction) -> None:
            record = transaction.get(ApiKey, api_key_id)
            if record is None or record.organization_id != principal.organization_id or not _may_see(principal, record):
                raise ApiKeyNotFoundError(api_key_id=api_key_id)
            transaction.delete(record)

        await self._entities.transact(work)

    async def write_uses(self) -> None:
        """Keep when keys were last used, as far as it has changed by some minutes."""
        due = {}
        for identifier, time in self._used.items():
            record = self._entities.get(ApiKey, identifier)
            if record is not None and time - record.last_used_at >= LAST_USE_STEP_US:
                due[identifier] = time

        def work(transaction: Transaction) -> None:
            for identifier, time in due.items():
                record = transaction.get(ApiKey, identifier)
                if record is not None:
                    transaction.edit(record).last_used_at = time

        if not due:
            return
        try:
            await self._entities.transact(work)
        except KnowFlowError:
            # The next time comes in a minute.
            logger.warning("When keys were last used could not be written.", extra={"rows": len(due)})

    def _changed(self, identifier: str, record: ApiKey | None) -> None:
        if record is None:
            self._by_hash.pop(self._hashes.pop(identifier, ""), None)
            self._used.pop(identifier, None)
            return
        self._by_hash[record.sha256] = record
        self._hashes[identifier] = record.sha256

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
            last4=value[-LAST_CHARACTERS:] if len(value) >= RANDOM_CHARACTERS else "",
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            transaction.put(organization)
            transaction.put(record)

        await self._entities.transact(work)
        return value


def _granted(principal: Principal, permissions: Sequence[str], usual: frozenset[int]) -> list[int]:
    """Return what a new key may do: what is asked for, else what is usual, as far as the caller may do it.

    Raises:
        InvalidArgumentError: A permission is unknown.
        PermissionDeniedError: The caller does not have a permission itself.
    """
    granted = numbers_of(permissions) or principal.permissions & usual
    if not granted:
        # A record without permissions would be a key that may do everything.
        raise PermissionDeniedError(permission=NAMES[min(OF_CHATBOTS)])
    for missing in sorted(granted - principal.permissions):
        raise PermissionDeniedError(permission=NAMES[missing])
    return sorted(granted)


def _may_see(principal: Principal, record: ApiKey) -> bool:
    """Return whether a key exists for a caller of its organization: for a key of a chatbot, others' do not."""
    in_workspace = principal.workspace_id in ("", record.workspace_id or record.organization_id)
    return in_workspace and principal.chatbot_id in ("", record.chatbot_id)
