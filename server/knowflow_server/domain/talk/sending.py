"""Sending to one subscriber: what callers may send, and to whom they may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.flow_journal_pb2 import AgentAction
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.talk_pb2 import TalkWaiting
from knowflow_server.domain.konversation.journal import Doer, Journal, failure_of
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber import NewSubscriber, Subscribers, user_ns
from knowflow_server.domain.konversation.subscriber_index import digits
from knowflow_server.domain.talk.broadcast_worker import TemplateSender
from knowflow_server.domain.talk.content import Content, Said
from knowflow_server.domain.talk.conversation import Conversation, Place
from knowflow_server.domain.talk.mail import SubscriberMail
from knowflow_server.domain.talk.talks import Talks
from knowflow_server.domain.talk.whatsapp import WHATSAPP
from knowflow_server.errors.base import InvalidArgumentError, KnowFlowError
from knowflow_server.errors.konversation import SubscriberNotFoundError
from knowflow_server.errors.talk import ChannelUnavailableError

# Who sends as an agent with an API key; others have their numbers.
PERSON = "api"


class Sending:
    """Sends for callers. Who may see the chatbot, which they give, was decided before."""

    def __init__(
        self,
        subscribers: Subscribers,
        sub_flows: SubFlows,
        talks: Talks,
        mail: SubscriberMail,
        templates: TemplateSender,
        journal: Journal,
    ) -> None:
        self._subscribers = subscribers
        self._sub_flows = sub_flows
        self._talks = talks
        self._mail = mail
        self._templates = templates
        self._journal = journal

    def subscriber(self, flow: Flow, *, ns: str = "", user_id: str = "") -> Subscriber:
        """Return a subscriber by ns, or by the id in the channel, read-only.

        Raises:
            SubscriberNotFoundError: There is none.
        """
        return self._subscribers.get(flow, ns) if ns else self._subscribers.by_user_id(flow, user_id)

    async def sub_flow(self, flow: Flow, record: Subscriber, *, ns: str = "", name: str = "") -> None:
        """Run a sub flow, by ns or name.

        Raises:
            SubFlowNotFoundError, SubFlowFailedError, SubscriberUnsubscribedError, BotPausedError: As they say.
        """
        found = self._sub_flows.get(flow, ns) if ns else self._sub_flows.by_name(flow, name)
        await self._run(flow, record, Place(found))

    async def main_flow(self, flow: Flow, record: Subscriber) -> None:
        """Run the sub flow with which conversations begin; errors as of `sub_flow`."""
        await self._run(flow, record, self._talks.graphs.start(flow))

    async def node(self, flow: Flow, record: Subscriber, node_ns: str) -> None:
        """Run a sub flow from a component on; errors as of `sub_flow`, and NodeNotFoundError."""
        await self._run(flow, record, await self._talks.graphs.node(flow, node_ns))

    async def text(self, flow: Flow, record: Subscriber, text: str) -> None:
        """Send a text.

        Raises:
            SubscriberUnsubscribedError, ChannelUnavailableError: As their sentences say.
        """
        if not text.strip():
            raise InvalidArgumentError("`content` must not be blank.", field="content")
        await self.content(flow, record, Content(messages=(Said(text=text),)))

    async def content(self, flow: Flow, record: Subscriber, content: Content, *, agent: Doer | None = None) -> None:
        """Do actions, send messages, and go on with a sub flow or a component.

        Args:
            flow: The chatbot.
            record: The subscriber.
            content: What is done and said.
            agent: Who says it; None for the chatbot.

        Raises:
            KnowFlowError: As the sentences say; what was done before stays done.
        """
        place = await self._talks.graphs.place(flow, content.goto) if content.goto else None

        async def said(talk: Conversation) -> TalkWaiting | None:
            for action in content.actions:
                await talk.act(action)
            await talk.send(content.messages, content.quick_replies)
            if agent is not None and content.messages:
                said_now = AgentAction(action="message", messages=len(content.messages))
                await self._journal.acted(record, agent, said_now)
            return await self._talks.run(talk, place) if place else None

        name = "" if agent is None else str(agent.agent or PERSON)
        await self._talks.send(flow, record, said, runs=place is not None, agent=name)

    async def email(self, record: Subscriber, *, subject: str, content: str) -> None:
        """Send an e-mail.

        Raises:
            SubscriberUnsubscribedError, ChannelUnavailableError: As their sentences say.
        """
        self._talks.refuse(record, runs=False)
        try:
            await self._mail.deliver(record, subject=subject, content=content)
        except KnowFlowError as error:
            await self._journal.failed([(record, failure_of("sending", error))])
            raise

    async def sms(self, record: Subscriber) -> None:
        """Refuse: no version has a provider yet.

        Raises:
            ChannelUnavailableError: Always.
        """
        cause = "this server has no provider for text messages to telephones."
        raise ChannelUnavailableError(user_ns=user_ns(record), cause=cause)

    async def template(self, flow: Flow, record: Subscriber, template: Mapping[str, Any]) -> None:
        """Send a template of WhatsApp.

        Raises:
            SubscriberUnsubscribedError, ChannelUnavailableError: As their sentences say.
        """

        async def sent(talk: Conversation) -> None:
            await self._templates.send_template(talk, template)

        await self._talks.send(flow, record, sent, runs=False)

    async def of_number(self, flow: Flow, user_id: str, *, create: bool, details: Mapping[str, str]) -> Subscriber:
        """Return the subscriber of a number on WhatsApp, who is made where that is asked for.

        Raises:
            SubscriberNotFoundError: There is none, and none is to be made.
            InvalidArgumentError: It is no number.
        """
        number = digits(user_id)
        try:
            return self._subscribers.by_user_id(flow, number or user_id)
        except SubscriberNotFoundError:
            if not create:
                raise
        if not number:
            raise InvalidArgumentError("`user_id` must hold the digits of a number.", field="user_id")
        given = {name: text for name, text in details.items() if text}
        new = NewSubscriber({**given, "phone": f"+{number}"}, channel=WHATSAPP, user_id=number)
        return await self._subscribers.create(flow, new)

    async def _run(self, flow: Flow, record: Subscriber, place: Place) -> None:
        await self._talks.send(flow, record, lambda talk: self._talks.run(talk, place), runs=True)
