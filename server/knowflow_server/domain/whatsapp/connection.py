"""Connections: the phone numbers of owners, with their secrets, and the people they talk with."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection, WhatsAppContact, WhatsAppInbound, WhatsAppOutbound
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.deletion import delete_many
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.sealing import SecretBox, UnsealError
from knowflow_server.domain.whatsapp.cloud import WhatsAppAccount
from knowflow_server.errors.whatsapp import (
    WhatsAppConnectionNotFoundError,
    WhatsAppNumberTakenError,
    WhatsAppTokenRefusedError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

# Records that are deleted in one transaction: more would keep others waiting.
PIECE = 500
# What belongs to a connection.
KINDS: tuple[Any, ...] = (WhatsAppInbound, WhatsAppOutbound, WhatsAppContact)


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """What a connection is made of.

    Args:
        phone_number_id: Meta's identifier of the phone number.
        waba_id: Meta's identifier of the WhatsApp Business account.
        access_token: What messages are sent with.
        app_secret: What events are signed with; empty keeps the present one, or receives nothing.
        display_phone_number: The phone number as people read it; empty when it is not known.
    """

    phone_number_id: str
    waba_id: str
    access_token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)
    display_phone_number: str = ""


class Connections:
    """The connections of all organizations.

    An owner is an agent, or whatever another surface connects; it has one connection at most.
    """

    def __init__(self, entities: EntityStore, box: SecretBox, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._box = box
        self._clock = clock
        self._ids = ids
        self._gone: deque[WhatsAppConnection] = deque()

    def find(self, organization_id: str, owner_id: str) -> WhatsAppConnection | None:
        """Return the connection of an owner, read-only, or None."""
        return self._entities.holder(WhatsAppConnection, organization_id=organization_id, owner_id=owner_id)

    def of(self, principal: Principal, owner_id: str, sentence: str = "") -> WhatsAppConnection:
        """Return the connection of an owner, read-only; `sentence` says that it has none where it is no agent.

        Raises:
            WhatsAppConnectionNotFoundError: It has none.
        """
        connection = self.find(principal.organization_id, owner_id)
        if connection is None:
            raise WhatsAppConnectionNotFoundError(sentence, owner_id=owner_id)
        return connection

    def get(self, connection_id: str) -> WhatsAppConnection | None:
        """Return a connection of whatever organization, read-only; for what comes from WhatsApp."""
        return self._entities.get(WhatsAppConnection, connection_id)

    def beside(self, connection: WhatsAppConnection, phone_number_id: str) -> WhatsAppConnection | None:
        """Return the connection of another phone number whose events may come by this one's address, or None.

        Meta posts the events of all numbers of an app to one address, unless it is told otherwise for each.
        """
        if phone_number_id == connection.phone_number_id:
            return connection
        other = self._entities.holder(
            WhatsAppConnection, organization_id=connection.organization_id, phone_number_id=phone_number_id
        )
        secret = self.app_secret(connection)
        same = other is not None and secret and secrets.compare_digest(self.app_secret(other), secret)
        return other if same else None

    async def put(
        self,
        principal: Principal,
        owner_id: str,
        draft: ConnectionDraft,
        *,
        kind: str,
        owned: Callable[[Transaction], object],
    ) -> WhatsAppConnection:
        """Make or change the connection of an owner, and return it.

        Args:
            principal: The caller.
            owner_id: The owner.
            draft: What it is made of.
            kind: What the owner is: the name under which a handler of its messages is registered.
            owned: Raises when the owner does not exist for the caller; what it raises is raised.

        Raises:
            WhatsAppNumberTakenError: Another owner has the phone number.
        """
        fresh, verify_token = self._ids.new_id(), secrets.token_urlsafe(24)

        def work(transaction: Transaction) -> WhatsAppConnection:
            # Else the connection of an owner that is being deleted would stay, and keep its number.
            owned(transaction)
            organization_id, now = principal.organization_id, microseconds(self._clock)
            number = draft.phone_number_id
            holder = transaction.holder(WhatsAppConnection, organization_id=organization_id, phone_number_id=number)
            mine = transaction.holder(WhatsAppConnection, organization_id=organization_id, owner_id=owner_id)
            if holder not in {None, mine}:
                raise WhatsAppNumberTakenError(phone_number_id=number)
            present = transaction.get(WhatsAppConnection, mine) if mine else None
            connection = transaction.edit(
                present
                or WhatsAppConnection(
                    id=fresh,
                    organization_id=organization_id,
                    owner_id=owner_id,
                    verify_token=verify_token,
                    created_at=now,
                )
            )
            connection.owner_kind = kind
            connection.phone_number_id, connection.waba_id = number, draft.waba_id
            connection.display_phone_number = draft.display_phone_number
            connection.sealed_access_token = self._box.seal(draft.access_token.encode(), owner=connection.id)
            if draft.app_secret:
                connection.sealed_app_secret = self._box.seal(draft.app_secret.encode(), owner=connection.id)
            connection.token_refused = False
            connection.updated_at = now
            return connection

        return await self._entities.transact(work)

    async def remove(self, principal: Principal, owner_id: str, sentence: str = "") -> None:
        """Remove the connection of an owner with what was received and sent; sessions stay. Arguments as of `of`.

        Raises:
            WhatsAppConnectionNotFoundError: It has none.
        """
        await self._remove(self.of(principal, owner_id, sentence))

    async def remove_all(self, principal: Principal) -> None:
        """Remove all connections of an organization."""
        for connection in list(self._entities.all(WhatsAppConnection)):
            if connection.organization_id == principal.organization_id:
                await self._remove(connection)

    async def _remove(self, connection: WhatsAppConnection) -> None:
        # First, so that nothing new comes.
        await self._entities.transact(lambda transaction: self.take(transaction, connection))
        await self.remove_leftovers()

    def take(self, transaction: Transaction, connection: WhatsAppConnection) -> None:
        """Remove a connection in a transaction; what was received and sent goes afterwards."""
        transaction.delete(connection)
        self._gone.append(connection)

    async def remove_leftovers(self, *, everywhere: bool = False) -> None:
        """Delete what is left of connections that are gone.

        Args:
            everywhere: Whether to look at everything, for what an earlier server has left.
        """
        while everywhere or self._gone:
            gone = None if everywhere else self._gone.popleft()
            for kind in KINDS:
                if gone is None:
                    found = [one for one in self._entities.all(kind) if self.get(one.connection_id) is None]
                elif self.get(gone.id) is None:
                    found = self._entities.children(kind, gone.organization_id, gone.id)
                else:
                    # The transaction that was to remove it has failed.
                    found = []
                await delete_many(self._entities, found, at_once=PIECE)
            everywhere = False

    def account(self, connection: WhatsAppConnection) -> WhatsAppAccount:
        """Return what messages are sent with.

        Raises:
            WhatsAppTokenRefusedError: The token cannot be read: the key of the server is another one.
        """
        try:
            token = self._box.unseal(connection.sealed_access_token, owner=connection.id)
        except UnsealError:
            raise WhatsAppTokenRefusedError(
                "The access token of this connection cannot be read, because the key of the server has changed; "
                "set it again.",
                code="none",
            ) from None
        return WhatsAppAccount(connection.phone_number_id, token.decode())

    def app_secret(self, connection: WhatsAppConnection) -> bytes:
        """Return what events are signed with; empty when the connection receives none."""
        if not connection.sealed_app_secret:
            return b""
        try:
            return self._box.unseal(connection.sealed_app_secret, owner=connection.id)
        except UnsealError:
            return b""

    async def mark(self, connection: WhatsAppConnection, *, token_refused: bool) -> None:
        """Keep whether Meta takes the access token of a connection."""

        def work(transaction: Transaction) -> None:
            present = transaction.get(WhatsAppConnection, connection.id)
            # Meanwhile there may be another token, about which nothing is known yet.
            if present is not None and present.sealed_access_token == connection.sealed_access_token:
                transaction.edit(present).token_refused = token_refused

        if connection.token_refused != token_refused:
            await self._entities.transact(work)

    def contact(self, connection: WhatsAppConnection, wa_id: str) -> WhatsAppContact | None:
        """Return a person whom a connection knows, read-only, or None."""
        return self._entities.holder(
            WhatsAppContact, organization_id=connection.organization_id, connection_id=connection.id, wa_id=wa_id
        )

    def contact_of(
        self, transaction: Transaction, connection: WhatsAppConnection, wa_id: str, *, name: str = ""
    ) -> WhatsAppContact:
        """Return the person with an id for editing; who is new gets a record.

        Args:
            transaction: Where the record is written.
            connection: The connection.
            wa_id: WhatsApp's identifier of the person.
            name: The name of one who has none yet.
        """
        identifier = transaction.holder(
            WhatsAppContact, organization_id=connection.organization_id, connection_id=connection.id, wa_id=wa_id
        )
        now = microseconds(self._clock)
        present = transaction.get(WhatsAppContact, identifier) if identifier else None
        contact = transaction.edit(
            present
            or WhatsAppContact(
                id=self._ids.new_id(),
                organization_id=connection.organization_id,
                connection_id=connection.id,
                wa_id=wa_id,
                created_at=now,
            )
        )
        contact.name = contact.name or name
        contact.updated_at = now
        return contact
