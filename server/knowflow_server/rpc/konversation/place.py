"""Whose shop a request is for, and what its answers have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.shop.place import Buyer, Place
from knowflow_server.rpc.konversation.chatbot import chatbot


def place_of(flows: Flows, request: Any) -> Place:
    """Return the shop of the chatbot which a request is for.

    Raises:
        FlowNotFoundError, FlowNotChosenError: As their sentences say.
    """
    flow = chatbot(flows, request)
    return Place(flow.organization_id, flow.id)


def buyer_of(flows: Flows, subscribers: Subscribers, request: Any) -> tuple[Place, Buyer]:
    """Return the shop which a request is for, and the subscriber whom its `user_ns` names.

    Raises:
        FlowNotFoundError, FlowNotChosenError, SubscriberNotFoundError: As their sentences say.
    """
    flow = chatbot(flows, request)
    record = subscribers.get(flow, request.user_ns)
    return Place(flow.organization_id, flow.id), Buyer(record.id, request.user_ns, record.number)


def given(request: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a request that are there, by name; required ones always are."""
    fields = request.DESCRIPTOR.fields_by_name
    return {name: getattr(request, name) for name in names if not fields[name].has_presence or request.HasField(name)}
