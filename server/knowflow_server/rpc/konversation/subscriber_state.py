"""What becomes of conversations with subscribers."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, subscriber_state_service_pb2_grpc
from knowflow.konversation.v1 import subscriber_state_service_pb2 as pb
from knowflow.store.v1 import subscriber_pb2 as store
from knowflow.store.v1.flow_journal_pb2 import AgentAction
from knowflow_server.domain import free_json
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation import subscriber_change as change
from knowflow_server.domain.konversation.custom_event import CustomEvents
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.journal import Journal
from knowflow_server.domain.konversation.subscriber import Change, Subscribers
from knowflow_server.domain.konversation.team import Team
from knowflow_server.domain.ports import Clock
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import done
from knowflow_server.rpc.konversation.views import STATUSES
from knowflow_server.store.transaction import Transaction

NUMBERS = {name: status for status, name in STATUSES.items() if status}
# In which a conversation goes on.
RUNNING = frozenset({store.CHAT_STATUS_OPEN, store.CHAT_STATUS_PENDING})


class SubscriberStateService(subscriber_state_service_pb2_grpc.SubscriberStateServiceServicer):
    """Answers for the state of conversations."""

    def __init__(
        self, flows: Flows, subscribers: Subscribers, events: CustomEvents, team: Team, journal: Journal, clock: Clock
    ) -> None:
        self._flows = flows
        self._team = team
        self._journal = journal
        self._subscribers = subscribers
        self._events = events
        self._clock = clock

    async def PauseBot(self, request: pb.PauseBotRequest, context: Any) -> page_pb2.Done:
        """Have the chatbot be silent."""
        work = change.paused(self._now(), request.minutes)
        return await self._act(request, work, AgentAction(action="paused", minutes=request.minutes))

    async def ResumeBot(self, request: pb.ResumeBotRequest, context: Any) -> page_pb2.Done:
        """Have the chatbot speak again."""
        work = change.resumed(self._now(), request.minutes)
        return await self._act(request, work, AgentAction(action="resumed", minutes=request.minutes))

    async def SubscribeToBot(self, request: pb.SubscribeToBotRequest, context: Any) -> page_pb2.Done:
        """Let the chatbot write."""
        return await self._change(request, change.begun("subscribed_at", self._now()))

    async def UnsubscribeFromBot(self, request: pb.UnsubscribeFromBotRequest, context: Any) -> page_pb2.Done:
        """Forbid the chatbot to write."""
        return await self._change(request, change.values(subscribed_at=0))

    async def OptInEmail(self, request: pb.OptInEmailRequest, context: Any) -> page_pb2.Done:
        """Note that e-mails are agreed to."""
        return await self._change(request, change.begun("opted_in_email", self._now(), opted_in_through=change.THROUGH))

    async def OptInSms(self, request: pb.OptInSmsRequest, context: Any) -> page_pb2.Done:
        """Note that text messages are agreed to."""
        return await self._change(request, change.begun("opted_in_sms", self._now(), opted_in_through=change.THROUGH))

    async def OptOutEmail(self, request: pb.OptOutEmailRequest, context: Any) -> page_pb2.Done:
        """Note that no e-mails are wanted."""
        return await self._change(request, change.values(opted_in_email=0))

    async def OptOutSms(self, request: pb.OptOutSmsRequest, context: Any) -> page_pb2.Done:
        """Note that no text messages are wanted."""
        return await self._change(request, change.values(opted_in_sms=0))

    async def AssignAgent(self, request: pb.AssignAgentRequest, context: Any) -> page_pb2.Done:
        """Have an agent look after the conversation."""
        action = AgentAction(action="assigned", assignee=request.agent_id)
        return await self._act(request, change.looked_after(request.agent_id), action)

    async def AssignAgentGroup(self, request: pb.AssignAgentGroupRequest, context: Any) -> page_pb2.Done:
        """Have a group of agents look after the conversation."""
        action = AgentAction(action="assigned_group", assignee=request.agent_group_id)
        return await self._act(request, change.looked_after_by_group(request.agent_group_id), action)

    async def UnassignAgent(self, request: pb.UnassignAgentRequest, context: Any) -> page_pb2.Done:
        """Have nobody look after the conversation."""
        return await self._act(request, change.values(agent=0, agent_group=0), AgentAction(action="unassigned"))

    async def MoveChatTo(self, request: pb.MoveChatToRequest, context: Any) -> page_pb2.Done:
        """Say how far the conversation is."""
        action = AgentAction(action="moved", status=request.status)
        return await self._act(request, change.values(status=NUMBERS[request.status]), action)

    async def LogCustomEvent(self, request: pb.LogCustomEventRequest, context: Any) -> page_pb2.Done:
        """Note that a custom event happened."""
        await self._events.log(
            chatbot(self._flows, request),
            request.user_ns,
            name=request.event_name,
            text=request.text_value,
            number=free_json.values(request.number_value, "number_value") if request.HasField("number_value") else None,
            price=free_json.values(request.price_value, "price_value") if request.HasField("price_value") else None,
        )
        return done()

    def _now(self) -> int:
        return microseconds(self._clock)

    async def _act(self, request: Any, work: Change, action: AgentAction) -> page_pb2.Done:
        """Change a subscriber, and keep who did what in the journal, unless it was so already."""
        before, after = store.Subscriber(), store.Subscriber()

        def noted(transaction: Transaction, record: store.Subscriber) -> None:
            before.CopyFrom(record)
            work(transaction, record)
            after.CopyFrom(record)

        record = await self._subscribers.change(chatbot(self._flows, request), request.user_ns, noted)
        if before != after:
            doer = await self._team.doer(caller())
            reopens = before.status == store.CHAT_STATUS_DONE and after.status in RUNNING
            await self._journal.acted(record, doer, action, reopens=reopens)
        return done()

    async def _change(self, request: Any, work: Change) -> page_pb2.Done:
        await self._subscribers.change(chatbot(self._flows, request), request.user_ns, work)
        return done()
