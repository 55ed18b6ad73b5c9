"""The Konversation chatbot API: chatbots, their sub flows, tags, fields and subscribers."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow_server.assembly.part import Base, Part
from knowflow_server.domain.konversation.audience import Audience
from knowflow_server.domain.konversation.custom_event import CustomEvents
from knowflow_server.domain.konversation.field import BotFields, UserFields
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.inbound_webhook import InboundWebhooks
from knowflow_server.domain.konversation.journal import Journal
from knowflow_server.domain.konversation.journal_reading import JournalReading
from knowflow_server.domain.konversation.segment import Segments
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.konversation.subscriber_index import SubscriberIndex
from knowflow_server.domain.konversation.tag import FlowTags, TeamLabels
from knowflow_server.domain.konversation.team import Team
from knowflow_server.rpc.konversation.api_key import ApiKeyService
from knowflow_server.rpc.konversation.custom_event import CustomEventService
from knowflow_server.rpc.konversation.field import BotFieldService, UserFieldService
from knowflow_server.rpc.konversation.flow import FlowService
from knowflow_server.rpc.konversation.flow_tag import FlowTagService
from knowflow_server.rpc.konversation.journal import JournalService
from knowflow_server.rpc.konversation.segment import SegmentService
from knowflow_server.rpc.konversation.sub_flow import SubFlowService
from knowflow_server.rpc.konversation.subscriber import SubscriberService
from knowflow_server.rpc.konversation.subscriber_field import SubscriberFieldService
from knowflow_server.rpc.konversation.subscriber_state import SubscriberStateService
from knowflow_server.rpc.konversation.subscriber_tag import SubscriberTagService
from knowflow_server.rpc.konversation.team import TeamService
from knowflow_server.rpc.konversation.views import SubscriberViews


@dataclass(frozen=True, slots=True)
class Konversation:
    """What sending, running sub flows and the shop stand on.

    Args:
        flows: Chatbots. `own` has further kinds of records deleted with them.
        index: Who has which tag, label, field value and so on.
        team: Who looks after conversations.
        journal: Keeps what happens in chatbots.
        audience: Finds subscribers by filters and segments.
        hooks: Inbound webhooks, by which others start sub flows.
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
    segments: Segments
    events: CustomEvents
    team: Team
    journal: Journal
    audience: Audience
    hooks: InboundWebhooks
    part: Part


def join_konversation(base: Base) -> Konversation:
    """Return the chatbots and what they have."""
    entities, messages, clock = base.stores.entities, base.stores.messages, base.common.clock
    flows, sub_flows, hooks = Flows(entities, clock), SubFlows(entities, clock), InboundWebhooks(entities, clock)
    tags, labels = FlowTags(entities, clock), TeamLabels(entities, clock)
    user_fields, bot_fields = UserFields(entities, clock), BotFields(entities, clock)
    segments, team = Segments(entities, clock), Team(entities, clock)
    subscribers, index = Subscribers(entities, tags, user_fields, clock), SubscriberIndex(entities)
    events = CustomEvents(entities, messages, subscribers, base.common.jobs, clock)
    audience = Audience(entities, index, tags, labels, user_fields, events, segments, clock)
    journal = Journal(entities, messages, clock)
    views = SubscriberViews(subscribers, labels)
    part = Part(
        [
            ApiKeyService(base.platform.keys, flows),
            FlowService(flows, sub_flows, index),
            SubFlowService(flows, sub_flows, hooks),
            TeamService(team, labels),
            FlowTagService(flows, tags),
            UserFieldService(flows, user_fields),
            BotFieldService(flows, bot_fields),
            SegmentService(flows, segments, audience),
            CustomEventService(flows, events),
            SubscriberService(flows, subscribers, audience, views),
            SubscriberTagService(flows, subscribers, tags),
            SubscriberFieldService(flows, subscribers),
            SubscriberStateService(flows, subscribers, events, team, journal, clock),
            JournalService(flows, JournalReading(entities, messages, team, clock)),
        ],
        [flows.delete_all],
    )
    return Konversation(
        flows,
        sub_flows,
        tags,
        labels,
        user_fields,
        bot_fields,
        subscribers,
        index,
        segments,
        events,
        team,
        journal,
        audience,
        hooks,
        part,
    )
