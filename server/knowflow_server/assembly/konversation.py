"""The Konversation chatbot API: chatbots, their sub flows, tags, fields and subscribers."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow_server.assembly.part import Base, Part
from knowflow_server.domain.konversation.field import BotFields, UserFields
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.konversation.subscriber_index import SubscriberIndex
from knowflow_server.domain.konversation.tag import FlowTags, TeamLabels


@dataclass(frozen=True, slots=True)
class Konversation:
    """What sending, running sub flows and the shop stand on.

    Args:
        flows: Chatbots. `own` has further kinds of records deleted with them.
        index: Who has which tag, label, field value and so on.
        part: The servicers.
    """

    flows: Flows
    sub_flows: SubFlows
    tags: FlowTags
    labels: TeamLabels
    user_fields: UserFields
    bot_fields: BotFields
    subscribers: Subscribers
    index: SubscriberIndex
    part: Part


def join_konversation(base: Base) -> Konversation:
    """Return the chatbots and what they have."""
    entities, clock = base.stores.entities, base.common.clock
    flows = Flows(entities, base.stores.messages, clock)
    tags, user_fields = FlowTags(entities, clock), UserFields(entities, clock)
    labels, bot_fields, sub_flows = TeamLabels(entities, clock), BotFields(entities, clock), SubFlows(entities, clock)
    subscribers, index = Subscribers(entities, tags, user_fields, clock), SubscriberIndex(entities)
    part = Part([], [flows.delete_all])
    return Konversation(flows, sub_flows, tags, labels, user_fields, bot_fields, subscribers, index, part)
