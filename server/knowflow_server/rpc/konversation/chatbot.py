"""Which chatbot a request is for."""

from __future__ import annotations

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


def _hint(request: Any) -> str:
    """Return the chatbot whose things a request names, as `f1`; empty where it names none."""
    for field, value in request.ListFields():
        if field.name.endswith("_ns") and field.name != "flow_ns" and isinstance(value, str):
            number = flow_number(value)
            if number:
                return flow_ns(number)
    return ""
