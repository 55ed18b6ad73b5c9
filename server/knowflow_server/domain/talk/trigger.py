"""Triggers: what happens elsewhere has a sub flow sent, by name or by the address of an inbound webhook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.flow_pb2 import Flow, InboundWebhook, SubFlow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.konversation.naming import found, numbered
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.rate_limit import RateLimits
from knowflow_server.domain.talk.conversation import Place
from knowflow_server.domain.talk.talks import Talks
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import (
    AppTriggerNotFoundError,
    InboundWebhookNotFoundError,
    SubFlowNotFoundError,
)
from knowflow_server.store.entities import EntityStore


class Triggers:
    """The triggers of all chatbots."""

    def __init__(
        self, entities: EntityStore, subscribers: Subscribers, sub_flows: SubFlows, talks: Talks, limits: RateLimits
    ) -> None:
        self._entities = entities
        self._subscribers = subscribers
        self._sub_flows = sub_flows
        self._talks = talks
        self._limits = limits
        # Nobody who calls an address has shown a key: looking it up costs the same for every one.
        self._by_uid: dict[str, str] = {hook.hook_uid: hook.id for hook in entities.all(InboundWebhook)}
        self._uids = {identifier: uid for uid, identifier in self._by_uid.items()}
        entities.subscribe(InboundWebhook, self._changed)

    async def pulled(self, flow: Flow, user_ns: str, *, name: str, values: Mapping[str, Any]) -> None:
        """Run the sub flow of a name; `values` are for the inputs of its Begin.

        Raises:
            AppTriggerNotFoundError: No sub flow has the name.
            SubscriberNotFoundError, SubFlowFailedError, SubscriberUnsubscribedError, BotPausedError: As they say.
        """
        record = self._subscribers.get(flow, user_ns)
        try:
            sub_flow = self._sub_flows.by_name(flow, name)
        except SubFlowNotFoundError:
            raise AppTriggerNotFoundError(trigger_name=name[:100]) from None
        await self._run(flow, record, sub_flow, values)

    async def called(self, hook_uid: str, values: Mapping[str, Any]) -> None:
        """Run the sub flow of an inbound webhook; `values` name the subscriber.

        Raises:
            InboundWebhookNotFoundError: There is none, or it is disabled.
            LimitReachedError: It is called too often.
            SubFlowNotFoundError, SubscriberNotFoundError, SubFlowFailedError, SubscriberUnsubscribedError,
            BotPausedError, InvalidArgumentError: As their sentences say.
        """
        hook = self._entities.get(InboundWebhook, self._by_uid.get(hook_uid, ""))
        flow = self._entities.get(Flow, hook.flow_id) if hook is not None else None
        if hook is None or flow is None or hook.disabled:
            raise InboundWebhookNotFoundError(hook_uid=hook_uid[:100])
        await self._limits.count("konversation", "webhook", hook.id)
        ns, user_id = values.get("user_ns"), values.get("user_id")
        if isinstance(ns, str) and ns:
            record = self._subscribers.get(flow, ns)
        elif isinstance(user_id, str) and user_id:
            record = self._subscribers.by_user_id(flow, user_id)
        else:
            raise InvalidArgumentError("Give `user_ns` or `user_id`, a text.", field="user_ns")
        named = found(self._entities, SubFlow, flow, numbered(flow, SubFlow, hook.sub_flow)) if hook.sub_flow else None
        sub_flow = named if hook.sub_flow else self._sub_flows.start(flow)
        if sub_flow is None:
            raise SubFlowNotFoundError(sub_flow=numbered(flow, SubFlow, hook.sub_flow) if hook.sub_flow else "main")
        await self._run(flow, record, sub_flow, values)

    async def _run(self, flow: Flow, record: Subscriber, sub_flow: SubFlow, values: Mapping[str, Any]) -> None:
        place = Place(sub_flow)
        await self._talks.send(flow, record, lambda talk: self._talks.run(talk, place, values), runs=True)

    def _changed(self, identifier: str, hook: InboundWebhook | None) -> None:
        self._by_uid.pop(self._uids.pop(identifier, ""), None)
        if hook is not None:
            self._by_uid[hook.hook_uid], self._uids[identifier] = identifier, hook.hook_uid
