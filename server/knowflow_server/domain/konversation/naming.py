"""Names of the Konversation API, as `f1t2`: what they say, and the records which they are names of."""

from __future__ import annotations

import re
from typing import Any, TypeVar, cast

from google.protobuf.message import Message

from knowflow.store.v1.broadcast_pb2 import Broadcast
from knowflow.store.v1.flow_field_pb2 import BotField, UserField
from knowflow.store.v1.flow_label_pb2 import FlowTag, TeamLabel
from knowflow.store.v1.flow_pb2 import Flow, FlowCounter, InboundWebhook, SubFlow
from knowflow.store.v1.flow_segment_pb2 import CustomEvent, Segment
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.team_pb2 import AgentGroup
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.schema import spec_of
from knowflow_server.store.transaction import Transaction

M = TypeVar("M", bound=Message)

# What stands between the number of the chatbot and that of the thing. Things of the whole workspace, which have
# numbers alone, are not among them.
LETTERS: dict[type[Message], str] = {
    FlowTag: "t",
    UserField: "v",
    BotField: "v",
    Subscriber: "u",
    SubFlow: "s",
    Segment: "sg",
    CustomEvent: "e",
    InboundWebhook: "w",
    Broadcast: "b",
}
# Names of these kinds look alike, so that they share their numbers.
SHARED: dict[type[Message], type[Message]] = {BotField: UserField}
_NAME = re.compile(r"f([1-9][0-9]{0,8})(?:([a-z]{1,2})([1-9][0-9]{0,8}))?")


def flow_ns(number: int) -> str:
    """Return the name of a chatbot. Example: `f1`."""
    return f"f{number}"


def flow_number(ns: str) -> int:
    """Return the number of the chatbot which a name begins with; 0 when it is no name."""
    match = _NAME.fullmatch(ns)
    return int(match[1]) if match else 0


def name_of(record: Any) -> str:
    """Return the name of a record. Example: `f1t2`."""
    return cast("str", record.id).rpartition(".")[2]


def numbered(flow: Flow, kind: type[Message], number: int) -> str:
    """Return the name of what has a number in a chatbot. Example: `f1t2`."""
    return f"{flow_ns(flow.number)}{LETTERS[kind]}{number}"


def identifier(organization_id: str, name: str) -> str:
    """Return the identifier of the record which a name or a number stands for in an organization."""
    return f"{organization_id}.{name}"


def found(entities: EntityStore | Transaction, message: type[M], flow: Flow, ns: str) -> M | None:
    """Return what has a name in a chatbot, read-only; None when there is none, or it is another chatbot's."""
    match = _NAME.fullmatch(ns)
    if not match or int(match[1]) != flow.number or match[2] != LETTERS[message]:
        return None
    return entities.get(message, identifier(flow.organization_id, ns))


def next_number(transaction: Transaction, organization_id: str, kind: type[Message]) -> int:
    """Return a number which nothing of the kind has had in the organization, from 1."""
    return next_numbers(transaction, organization_id, kind, 1)


def next_numbers(transaction: Transaction, organization_id: str, kind: type[Message], count: int) -> int:
    """Return the first of some numbers in a row, which nothing of the kind has had in the organization, from 1."""
    present = transaction.get(FlowCounter, organization_id)
    if present is None:
        counter = FlowCounter(id=organization_id, organization_id=organization_id)
        transaction.put(counter)
    else:
        counter = transaction.edit(present)
    name = spec_of(SHARED.get(kind, kind)).kind
    counter.last[name] += count
    return counter.last[name] - count + 1


# Kinds which belong to a workspace and not to a chatbot.
OF_WORKSPACE: tuple[type[Message], ...] = (TeamLabel, AgentGroup)
