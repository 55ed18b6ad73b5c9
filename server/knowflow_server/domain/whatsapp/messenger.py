"""Sending: templates and texts through a connection, and what is kept of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection, WhatsAppContact, WhatsAppInbound, WhatsAppOutbound
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.family import chunk_id
from knowflow_server.domain.page import Page, PageRequest, newest
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.whatsapp import cloud
from knowflow_server.domain.whatsapp.cloud import WhatsApp, WhatsAppError
from knowflow_server.domain.whatsapp.connection import Connections
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.whatsapp import WhatsAppMessageRefusedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

M = TypeVar("M", WhatsAppInbound, WhatsAppOutbound)

# For so long after a person has written, free text may be sent to it (Cloud API, customer service window).
WINDOW_S = 24 * 3600
# Messages of a connection that are kept, sent ones and received ones each; more are deleted, some at a time.
KEPT = 10_000
SWEPT = 200
# What is told of a message, in its order: no later word is taken back by an earlier one.
STATUSES = ("", "accepted", "sent", "delivered", "read", "failed")


def message_key(connection: WhatsAppConnection, wamid: str) -> str:
    """Return the identifier of the record of a message: who posts a message twice posts one."""
    return chunk_id(connection.id, wamid) + chunk_id(wamid, connection.id)


@dataclass(frozen=True, slots=True)
class Told:
    """What WhatsApp says of a message that was sent.

    Args:
        wamid: The message.
        wa_id: To whom it was sent.
        status: `sent`, `delivered`, `read` or `failed`.
        at: When that was, in microseconds since 1970, UTC.
        code: WhatsApp's code of a failure; 0 for none.
        error: Its words about that.
    """

    wamid: str
    wa_id: str
    status: str
    at: int
    code: int = 0
    error: str = ""


class Messenger:
    """Sends through connections; what it sends is kept with its status.

    Args:
        entities: Where everything is kept.
        whatsapp: The Cloud API.
        connections: The connections.
        clock: The time.
    """

    def __init__(self, entities: EntityStore, whatsapp: WhatsApp, connections: Connections, clock: Clock) -> None:
        self._entities = entities
        self._whatsapp = whatsapp
        self._connections = connections
        self._clock = clock

    async def send_template(
        self,
        connection: WhatsAppConnection,
        to: str,
        *,
        name: str,
        language: str,
        components: Sequence[Any] = (),
        customer_name: str = "",
    ) -> Mapping[str, Any]:
        """Send a template message and return Meta's answer; allowed at any time.

        Args:
            connection: Where to send from.
            to: The recipient, digits only, as `cloud.wa_id_of` returns them.
            name: Name of the template.
            language: Its language. Example: `en_US`.
            components: Its parameters by component, as Meta wants them.
            customer_name: The name of a recipient who has none yet; it stays with us.

        Raises:
            WhatsAppMessageRefusedError, WhatsAppForbiddenError, WhatsAppTemplateNotFoundError,
            WhatsAppLimitReachedError, WhatsAppUnavailableError, WhatsAppTokenRefusedError: As their sentences say.
        """
        return await self.post(connection, cloud.template(to, name, language, components), name=customer_name)

    def refuse_late(self, connection: WhatsAppConnection, to: str) -> None:
        """Refuse free text to a person who has not written for 24 hours.

        Raises:
            WhatsAppMessageRefusedError: It is so.
        """
        contact = self._connections.contact(connection, to)
        if contact is None or not self.is_open(contact):
            raise WhatsAppMessageRefusedError(
                "More than 24 hours have passed since this person last wrote; only a template may be sent.",
                code="131047",
            )

    def is_open(self, contact: WhatsAppContact) -> bool:
        """Return whether free text may be sent to a person."""
        return microseconds(self._clock) - contact.last_received_at < WINDOW_S * 1_000_000

    async def post(
        self, connection: WhatsAppConnection, message: Mapping[str, Any], *, inbound_id: str = "", name: str = ""
    ) -> Mapping[str, Any]:
        """Post a message of any type, keep it, and return Meta's answer; errors as of `send_template`.

        Args:
            connection: Where to send from.
            message: The body for the Cloud API.
            inbound_id: The received message that it replies to; empty for none.
            name: The name of a recipient who has none yet; empty when it is not known.
        """
        try:
            answer = await self._whatsapp.send(self._connections.account(connection), message)
        except WhatsAppError as error:
            if error.kind == "token":
                await self._connections.mark(connection, token_refused=True)
            raise error.error from None
        try:
            await self._connections.mark(connection, token_refused=False)
            await self._entities.transact(
                lambda transaction: self._keep(transaction, connection, message, answer, inbound_id, name)
            )
        except KnowFlowError:
            # It was sent: whoever is told of a failure sends it again.
            logger.exception("A sent message could not be kept.", extra={"connection": connection.id})
        return answer

    def _keep(
        self,
        transaction: Transaction,
        connection: WhatsAppConnection,
        message: Mapping[str, Any],
        answer: Mapping[str, Any],
        inbound_id: str,
        name: str,
    ) -> None:
        wamid = wamid_of(answer)
        if not wamid or transaction.get(WhatsAppConnection, connection.id) is None:
            return
        record = self._outbound(transaction, connection, wamid)
        record.wa_id, record.type, record.inbound_id = str(message["to"]), str(message["type"]), inbound_id
        record.template_name = message["template"]["name"] if message["type"] == "template" else ""
        record.status = record.status or "accepted"
        if name:
            known = (str(one["wa_id"]) for one in answer.get("contacts") or [] if one.get("wa_id"))
            self._connections.contact_of(transaction, connection, next(known, record.wa_id), name=name)
        self.sweep(transaction, connection)

    def told(self, transaction: Transaction, connection: WhatsAppConnection, told: Told) -> WhatsAppOutbound | None:
        """Take in what WhatsApp says of a message; None when that is no news.

        It may say so before the answer to the sending has been kept.
        """
        record = transaction.get(WhatsAppOutbound, message_key(connection, told.wamid))
        if record is not None and STATUSES.index(told.status) <= STATUSES.index(record.status):
            return None
        record = self._outbound(transaction, connection, told.wamid)
        record.wa_id = record.wa_id or told.wa_id
        record.status, record.status_at = told.status, told.at
        record.error_code, record.error = told.code, told.error
        return record

    def sent(self, connection: WhatsAppConnection, page: PageRequest) -> Page[WhatsAppOutbound]:
        """Return one page of what was sent through a connection, newest first."""
        return newest(self._entities, WhatsAppOutbound, page, connection.organization_id, connection.id)

    def _outbound(self, transaction: Transaction, connection: WhatsAppConnection, wamid: str) -> WhatsAppOutbound:
        identifier, now = message_key(connection, wamid), microseconds(self._clock)
        record = transaction.edit(
            transaction.get(WhatsAppOutbound, identifier)
            or WhatsAppOutbound(
                id=identifier,
                organization_id=connection.organization_id,
                connection_id=connection.id,
                wamid=wamid,
                created_at=now,
            )
        )
        record.updated_at = now
        return record

    def sweep(self, transaction: Transaction, connection: WhatsAppConnection) -> None:
        """Delete the oldest messages beyond those that are kept."""
        for record in self.oldest(WhatsAppOutbound, connection)[:SWEPT]:
            transaction.delete(record)

    def oldest(self, kind: type[M], connection: WhatsAppConnection) -> Sequence[M]:
        """Return the oldest messages of a connection, more than go at a time, when there are too many; else none."""
        found, number = self._entities.page(kind, connection.organization_id, connection.id, offset=0, size=2 * SWEPT)
        return found if number >= KEPT + SWEPT else []


def wamid_of(answer: Mapping[str, Any]) -> str:
    """Return the id of the message which an answer of Meta's is about; empty when it has none."""
    first = next(iter(answer.get("messages") or []), None)
    return str(first.get("id") or "") if isinstance(first, dict) else ""
