"""Chatbots: which there are, and which of them a call is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from google.protobuf.message import Message

from knowflow.store.v1.flow_field_pb2 import BotField, UserField
from knowflow.store.v1.flow_label_pb2 import FlowTag
from knowflow.store.v1.flow_pb2 import Flow, FlowCounter, InboundWebhook, SubFlow
from knowflow.store.v1.flow_segment_pb2 import CustomEvent, Segment
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.team_pb2 import TeamAgent
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.deletion import delete_all, delete_many
from knowflow_server.domain.konversation.naming import OF_WORKSPACE, flow_ns, found, identifier, next_number
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import (
    FlowLimitReachedError,
    FlowNotChosenError,
    FlowNotFoundError,
    SubFlowNotFoundError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_FLOWS = 1000
# The word which stands for the sub flow with which conversations begin.
MAIN = "main"


def owned_flow(entities: EntityStore | Transaction, principal: Principal, ns: str) -> Flow:
    """Return a chatbot which the caller may see, read-only.

    Raises:
        FlowNotFoundError: It does not exist, is another workspace's, or not that of the key; all look alike.
    """
    flow = entities.get(Flow, identifier(principal.organization_id, ns))
    if flow is None or not _reaches(principal, ns):
        raise FlowNotFoundError(flow_ns=ns)
    return flow


def _reaches(principal: Principal, ns: str) -> bool:
    in_workspace = principal.workspace_id in ("", principal.organization_id)
    return in_workspace and principal.chatbot_id in ("", ns)


class Flows:
    """The chatbots of all organizations; each method acts for one caller."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock
        # Kinds of records whose parent is a chatbot; they go with it.
        self._owned: list[type[Message]] = [
            *(Subscriber, Segment, CustomEvent, FlowTag, UserField, BotField, InboundWebhook, SubFlow)
        ]
        self._shared: list[type[Message]] = [*OF_WORKSPACE, TeamAgent, FlowCounter]
        self._below: dict[type[Message], type[Message]] = {}

    def own(self, *kinds: type[Message], below: Mapping[type[Message], type[Message]] | None = None) -> None:
        """Have records of further kinds, whose parent is a chatbot, deleted together with it.

        Args:
            kinds: The kinds.
            below: Kinds whose parents are records of some of these, and which go with them, by the kinds of those.
        """
        self._owned[:0] = kinds
        self._below |= below or {}

    def share(self, *kinds: type[Message]) -> None:
        """Have records of further kinds, which have no parent, deleted together with their workspace."""
        self._shared[:0] = kinds

    def chosen(self, principal: Principal, ns: str = "", *, hint: str = "") -> Flow:
        """Return the chatbot which a call is for, read-only.

        It is the key's. With a key of no single chatbot it is the one that the call names, else the one of whose
        things it names one, else the only one there is.

        Args:
            principal: The caller.
            ns: What the call names, for example `f1`; empty for nothing.
            hint: The chatbot of something which the call names; empty for nothing.

        Raises:
            FlowNotFoundError: It does not exist for the caller.
            FlowNotChosenError: There is none yet, or there are several.
        """
        if ns or principal.chatbot_id:
            return owned_flow(self._entities, principal, ns or principal.chatbot_id)
        if hint and self._entities.get(Flow, identifier(principal.organization_id, hint)) is not None:
            return owned_flow(self._entities, principal, hint)
        flows = self._visible(principal)
        if not flows:
            raise FlowNotChosenError(
                "There is no chatbot yet: create one with POST /flow/create, whose one member is `name`.",
                field="flow_ns",
            )
        if len(flows) > 1:
            names = ", ".join(flow_ns(flow.number) for flow in flows[:10])
            raise FlowNotChosenError(
                f"The API key is for no single chatbot, and there are several ({names}): name one as `flow_ns`, or use "
                "a key of one chatbot.",
                field="flow_ns",
            )
        return flows[0]

    def list(self, principal: Principal, page: PageRequest, *, name: str = "", channel: str = "") -> Page[Flow]:
        """Return one page of the chatbots which the caller may see, oldest first.

        Args:
            principal: The caller.
            page: Which page.
            name: Only those whose name holds this, without regard to case.
            channel: Only those of this kind of channel, when not empty.
        """
        flows = [flow for flow in self._visible(principal) if name.casefold() in flow.name.casefold()]
        return page_of([flow for flow in flows if channel in ("", flow.type)], page)

    async def create(
        self, principal: Principal, *, name: str, channel: str = "web", linked_label: str = "", description: str = ""
    ) -> Flow:
        """Create a chatbot.

        Raises:
            FlowLimitReachedError: The workspace has too many.
            FlowNotFoundError: The key is for one chatbot.
            InvalidArgumentError: The name is blank.
        """
        if principal.chatbot_id or not _reaches(principal, ""):
            raise FlowNotFoundError(
                "The API key is for one chatbot and cannot create another.", flow_ns=principal.chatbot_id
            )
        now = microseconds(self._clock)

        def work(transaction: Transaction) -> Flow:
            if sum(1 for _ in transaction.children(Flow, principal.organization_id)) >= MAX_FLOWS:
                raise FlowLimitReachedError(kind="chatbots", limit=MAX_FLOWS)
            number = next_number(transaction, principal.organization_id, Flow)
            flow = Flow(
                id=identifier(principal.organization_id, flow_ns(number)),
                organization_id=principal.organization_id,
                number=number,
                name=shown_name(name),
                type=channel,
                linked_label=linked_label,
                description=description,
                created_at=now,
                updated_at=now,
            )
            transaction.put(flow)
            return flow

        return await self._entities.transact(work)

    async def update(self, principal: Principal, flow: Flow, **changes: str) -> Flow:
        """Change a chatbot's name, linked_label or description and return it.

        Raises:
            FlowNotFoundError: It was deleted meanwhile.
            InvalidArgumentError: The name is blank.
        """

        def work(transaction: Transaction) -> Flow:
            edited = transaction.edit(owned_flow(transaction, principal, flow_ns(flow.number)))
            for field, value in changes.items():
                setattr(edited, field, shown_name(value) if field == "name" else value)
            edited.updated_at = microseconds(self._clock)
            return edited

        return await self._entities.transact(work)

    async def set_start(self, principal: Principal, flow: Flow, sub_flow_ns: str) -> None:
        """Have conversations begin with a sub flow; `main` is the one that was made first.

        Raises:
            FlowNotFoundError, SubFlowNotFoundError: They do not exist for the caller.
        """

        def work(transaction: Transaction) -> None:
            edited = transaction.edit(owned_flow(transaction, principal, flow_ns(flow.number)))
            sub_flow = None if sub_flow_ns == MAIN else found(transaction, SubFlow, flow, sub_flow_ns)
            if sub_flow is None and sub_flow_ns != MAIN:
                raise SubFlowNotFoundError(sub_flow=sub_flow_ns)
            edited.start_sub_flow = sub_flow.number if sub_flow else 0
            edited.updated_at = microseconds(self._clock)

        await self._entities.transact(work)

    async def delete(self, principal: Principal, ns: str) -> None:
        """Delete a chatbot with everything that is in it.

        Raises:
            FlowNotFoundError: It does not exist for the caller.
        """
        flow = owned_flow(self._entities, principal, ns)
        for kind in self._owned:
            records: list[Any] = self._entities.children(kind, flow.organization_id, flow.id)
            if kind in self._below:
                below = (self._entities.children(self._below[kind], flow.organization_id, one.id) for one in records)
                await delete_many(self._entities, list(chain.from_iterable(below)))
            await delete_many(self._entities, records)

        def work(transaction: Transaction) -> None:
            # What others have made meanwhile goes with the chatbot, after which nothing can be made any more.
            for kind in self._owned:
                delete_all(transaction, transaction.children(kind, flow.organization_id, flow.id))
            transaction.delete(owned_flow(transaction, principal, ns))

        await self._entities.transact(work)

    async def delete_all(self, principal: Principal) -> None:
        """Delete all chatbots of an organization, and what belongs to none of them."""
        for flow in self._entities.children(Flow, principal.organization_id):
            await self.delete(principal, flow_ns(flow.number))

        def work(transaction: Transaction) -> None:
            for kind in self._shared:
                delete_all(transaction, transaction.children(kind, principal.organization_id))

        await self._entities.transact(work)

    def _visible(self, principal: Principal) -> Sequence[Flow]:
        flows = self._entities.children(Flow, principal.organization_id)
        return [flow for flow in flows if _reaches(principal, flow_ns(flow.number))]


def live_flow(transaction: Transaction, flow: Flow) -> Flow:
    """Return a chatbot as it is now; for what is put into it.

    Raises:
        FlowNotFoundError: It was deleted meanwhile.
    """
    present = transaction.get(Flow, flow.id)
    if present is None:
        raise FlowNotFoundError(flow_ns=flow_ns(flow.number))
    return present


def shown_name(name: str) -> str:
    """Return a name without blanks around it.

    Raises:
        InvalidArgumentError: Nothing is left.
    """
    if not name.strip():
        raise InvalidArgumentError("`name` must not be blank.", field="name")
    return name.strip()
