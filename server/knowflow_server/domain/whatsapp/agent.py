"""Agents on WhatsApp: their connections, and the threads in which they answer who writes to them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.app_pb2 import Deployment
from knowflow.store.v1.chat_pb2 import Session
from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection, WhatsAppInbound, WhatsAppOutbound
from knowflow_server.domain.agent import Agents, owned_agent
from knowflow_server.domain.agent_run import AgentAsk, AgentRuns, RunFailed, RunFinished
from knowflow_server.domain.app.deployment import on_whatsapp
from knowflow_server.domain.chat.citation import MARK
from knowflow_server.domain.credits import CHAT, Credits
from knowflow_server.domain.family import chunk_id
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.whatsapp import cloud
from knowflow_server.domain.whatsapp.connection import ConnectionDraft, Connections
from knowflow_server.domain.whatsapp.messenger import Messenger
from knowflow_server.errors.base import InvalidArgumentError, ModelUnavailableError
from knowflow_server.errors.whatsapp import WhatsAppFieldsMissingError, WhatsAppMessageRefusedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

KIND = "agent"
# How an answer ends that was given as a whole.
WHOLE = frozenset({"stop", "length"})


class AgentWhatsApp:
    """What callers do with the connections of their agents; and `InboundHandler` for them.

    A person has one thread with an agent, which goes on until it is deleted. An answer costs what a chat costs, once;
    a failed one costs nothing.
    """

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        agents: Agents,
        runs: AgentRuns,
        connections: Connections,
        messenger: Messenger,
        ledger: Credits,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._agents = agents
        self._runs = runs
        self._connections = connections
        self._messenger = messenger
        self._ledger = ledger
        entities.observe(self._observe)

    async def connect(self, principal: Principal, agent_id: str, draft: ConnectionDraft) -> WhatsAppConnection:
        """Make or change the connection of an agent, and return it.

        Raises:
            AgentNotFoundError, WhatsAppNumberTakenError: As their sentences say.
        """
        owned = partial(owned_agent, principal=principal, agent_id=agent_id)
        return await self._connections.put(principal, agent_id, draft, kind=KIND, owned=owned)

    def connection(self, principal: Principal, agent_id: str) -> WhatsAppConnection:
        """Return the connection of an agent, read-only.

        Raises:
            AgentNotFoundError, WhatsAppConnectionNotFoundError: As their sentences say.
        """
        owned_agent(self._entities, principal, agent_id)
        return self._connections.of(principal, agent_id)

    async def disconnect(self, principal: Principal, agent_id: str) -> None:
        """Remove the connection of an agent; its threads stay.

        Raises:
            AgentNotFoundError, WhatsAppConnectionNotFoundError: As their sentences say.
        """
        owned_agent(self._entities, principal, agent_id)
        await self._connections.remove(principal, agent_id)

    def sent(self, principal: Principal, agent_id: str, page: PageRequest) -> Page[WhatsAppOutbound]:
        """Return one page of what an agent has sent, newest first.

        Raises:
            AgentNotFoundError, WhatsAppConnectionNotFoundError: As their sentences say.
        """
        return self._messenger.sent(self.connection(principal, agent_id), page)

    async def send_template(
        self,
        principal: Principal,
        agent_id: str,
        *,
        to: str,
        name: str,
        language: str,
        components: Sequence[Any],
        customer_name: str = "",
    ) -> Mapping[str, Any]:
        """Send a template message to a phone number, and return Meta's answer.

        Raises:
            AgentNotFoundError, WhatsAppFieldsMissingError, WhatsAppConnectionNotFoundError, InvalidArgumentError: As
                their sentences say; nothing was sent.
            WhatsAppMessageRefusedError, WhatsAppForbiddenError, WhatsAppTemplateNotFoundError,
            WhatsAppLimitReachedError, WhatsAppUnavailableError, WhatsAppTokenRefusedError: WhatsApp did not take it.
        """
        owned_agent(self._entities, principal, agent_id)
        if not to.strip() or not name.strip():
            field = "template_name" if to.strip() else "recipient_phone_number"
            raise WhatsAppFieldsMissingError("recipient_phone_number and template_name are required", field=field)
        if not language.strip():
            raise WhatsAppFieldsMissingError("language is required", field="language")
        wa_id = cloud.wa_id_of(to)
        if wa_id is None:
            raise InvalidArgumentError(
                "`recipient_phone_number` must be a phone number with its country code, like 31612345678.",
                field="recipient_phone_number",
            )
        return await self._messenger.send_template(
            self._connections.of(principal, agent_id),
            wa_id,
            name=name.strip(),
            language=language.strip(),
            components=components,
            customer_name=customer_name.strip(),
        )

    async def answer(self, connection: WhatsAppConnection, message: WhatsAppInbound) -> Sequence[Mapping[str, Any]]:
        """Have the agent answer a message in the person's thread; what has no text is not answered.

        Raises:
            KnowFlowError: The agent could not answer.
        """
        decided, deployment = on_whatsapp(self._entities, connection.organization_id, connection.owner_id)
        if not message.text.strip() or (decided and deployment is None):
            return []
        # An answer that cannot be sent would be paid for.
        self._messenger.refuse_late(connection, message.wa_id)
        principal = Principal(organization_id=connection.organization_id)
        session_id = await self._thread(principal, connection, message, deployment)
        # A call that goes on with what an earlier one began pays with the same key, and so once.
        async with self._ledger.spending(
            principal, operation=CHAT, agent_id=connection.owner_id, key=f"whatsapp/{message.id}"
        ) as price:
            answer = await self._known(connection, message, session_id)
            if answer is None:
                answer = await self._asked(principal, connection, message, session_id, price=price)
            if not answer.strip():
                raise WhatsAppMessageRefusedError("The agent has said nothing.", code="none")
        # The marks say what an answer rests on; here nobody can look that up.
        return cloud.texts(message.wa_id, MARK.sub("", answer).replace(" \n", "\n"))

    async def told(self, connection: WhatsAppConnection, message: WhatsAppOutbound) -> None:
        """Nothing to do: the status is kept with the message."""

    def _observe(self, transaction: Transaction) -> None:
        """Take its connection from an agent that goes."""
        for before, after in transaction.changes():
            if isinstance(before, Agent) and after is None:
                found = transaction.holder(
                    WhatsAppConnection, organization_id=before.organization_id, owner_id=before.id
                )
                connection = transaction.get(WhatsAppConnection, found) if found is not None else None
                if connection is not None:
                    self._connections.take(transaction, connection)

    async def _asked(
        self,
        principal: Principal,
        connection: WhatsAppConnection,
        message: WhatsAppInbound,
        session_id: str,
        *,
        price: int,
    ) -> str:
        ask = AgentAsk(
            connection.owner_id,
            message.text,
            session_id,
            user_id=message.wa_id,
            message_id=_answer_id(message, message.attempts),
            price=price,
        )
        answer = ""
        async with aclosing(self._runs.stream(principal, ask)) as events:
            async for event in events:
                if isinstance(event, RunFailed) and event.trouble:
                    # Another time the model may be there.
                    raise ModelUnavailableError(model="of the agent", cause=event.error.sentence)
                if isinstance(event, RunFailed):
                    raise event.error
                if isinstance(event, RunFinished):
                    answer = event.answer
        return answer

    async def _known(self, connection: WhatsAppConnection, message: WhatsAppInbound, session_id: str) -> str | None:
        """Return the answer which an earlier server has got and not kept with the message, or None."""
        earlier = {_answer_id(message, attempt) for attempt in range(1, message.attempts)}
        if not earlier:
            return None
        said = (await self._messages.of(connection.organization_id, [session_id]))[session_id]
        return next((one.content for one in said if one.id in earlier and one.finish_reason in WHOLE), None)

    async def _thread(
        self,
        principal: Principal,
        connection: WhatsAppConnection,
        message: WhatsAppInbound,
        deployment: Deployment | None,
    ) -> str:
        """Return the session of a person, which is begun when there is none, or none with what is deployed."""
        deployed = deployment.id if deployment is not None else ""
        frozen = deployment.agent_dsl if deployment is not None else ""
        contact = self._connections.contact(connection, message.wa_id)
        present = self._entities.get(Session, contact.session_id) if contact is not None else None
        if present is not None and (present.assistant_id, present.deployment_id) == (connection.owner_id, deployed):
            return present.id

        def remember(_: Transaction, session: Session) -> None:
            session.deployment_id = deployed

        begun = await self._agents.begin_session(
            principal, connection.owner_id, user_id=message.wa_id, frozen=frozen, also=remember
        )
        session_id = begun.session.id

        def work(transaction: Transaction) -> None:
            if transaction.get(WhatsAppConnection, connection.id) is not None:
                self._connections.contact_of(transaction, connection, message.wa_id).session_id = session_id

        await self._entities.transact(work)
        return session_id


def _answer_id(message: WhatsAppInbound, attempt: int) -> str:
    """Return the identifier of the message that answers in an attempt: by it an answer is found again."""
    return chunk_id(message.id, "answer", str(attempt)) + chunk_id(message.id, str(attempt))
