"""Records as this surface shows them, where several servicers do."""

from __future__ import annotations

from knowflow.konversation.v1 import subscriber_pb2 as pb
from knowflow.store.v1 import subscriber_pb2 as store
from knowflow.store.v1.flow_field_pb2 import UserField
from knowflow.store.v1.flow_label_pb2 import FlowTag
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.konversation.field_value import TYPE_NAMES
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.konversation.subscriber_index import shown_name
from knowflow_server.domain.konversation.tag import TeamLabels

FOREVER = "forever"
# How fields are shown of which nothing else was said.
DISPLAYED = "default"
STATUSES = {
    store.CHAT_STATUS_UNSPECIFIED: "open",
    store.CHAT_STATUS_OPEN: "open",
    store.CHAT_STATUS_PENDING: "pending",
    store.CHAT_STATUS_SPAM: "spam",
    store.CHAT_STATUS_DONE: "done",
}


def tag_view(record: FlowTag) -> pb.Tag:
    """Return a tag."""
    return pb.Tag(name=record.name, tag_ns=name_of(record))


def field_view(record: UserField, value: str | None = None) -> pb.UserField:
    """Return a user field, with a value of a subscriber in place of its own."""
    return pb.UserField(
        var_ns=name_of(record),
        name=record.name,
        var_type=TYPE_NAMES[record.type],
        description=record.description,
        value=record.value if value is None else value,
        display_type=record.display_type or DISPLAYED,
    )


class SubscriberViews:
    """Shows subscribers with the names of what they have."""

    def __init__(self, subscribers: Subscribers, labels: TeamLabels) -> None:
        self._subscribers = subscribers
        self._labels = labels

    def view(self, flow: Flow, record: Subscriber) -> pb.BotUser:
        """Return a subscriber."""
        labels = (self._labels.get(record.organization_id, number) for number in record.labels)
        return pb.BotUser(
            user_ns=name_of(record),
            user_id=record.user_id,
            name=shown_name(record),
            first_name=record.first_name,
            last_name=record.last_name,
            email=record.email,
            phone=record.phone,
            gender=record.gender,
            profile_pic=record.profile_pic,
            locale=record.locale,
            language=record.language,
            channel=record.channel,
            subscribed=time_text(record.subscribed_at),
            last_interaction=time_text(record.last_interaction),
            last_seen=time_text(record.last_seen),
            last_message_at=time_text(record.last_message_at),
            last_message_type=record.last_message_type,
            opted_in_email=time_text(record.opted_in_email),
            opted_in_sms=time_text(record.opted_in_sms),
            opted_in_through=record.opted_in_through,
            tags=map(tag_view, self._subscribers.tags_of(flow, record)),
            labels=[pb.Label(id=label.number, name=label.name) for label in labels if label is not None],
            user_fields=[field_view(field, value) for field, value in self._subscribers.values_of(flow, record)],
            status=STATUSES[record.status],
            agent_id=record.agent,
            agent_group_id=record.agent_group,
            bot_paused_until=FOREVER if record.paused_until < 0 else time_text(record.paused_until),
        )
