"""Which chatbot a request is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.naming import flow_ns, flow_number
from knowflow_server.rpc.call import caller


def chatbot(flows: Flows, request: Any) -> Flow:
    """Return the chatbot which a request, whose `flow_ns` may name one, is for.

    Raises:
        FlowNotFoundError, FlowNotChosenError: As their sentences say.
    """
    return flows.chosen(caller(), request.flow_ns, hint=_hint(request))


# Lists of names in requests.
LISTS = frozenset({"tags"})


def _hint(request: Any) -> str:
    """Return the chatbot whose things a request names, as `f1`; empty where it names none."""
    return next((flow_ns(number) for number in map(flow_number, _names(request)) if number), "")


def _names(message: Any) -> Iterator[str]:
    """Yield the names of things in a message and its items."""
    for field, value in message.ListFields():
        if field.message_type is not None:
            for item in value if field.is_repeated else ():
                yield from _names(item)
        elif field.name in LISTS:
            yield from value
        elif field.name.endswith("_ns") and field.name != "flow_ns":
            yield value
