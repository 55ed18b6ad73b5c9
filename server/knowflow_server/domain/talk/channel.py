"""Channels: how a message that was kept reaches its subscriber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.konversation.subscriber import user_ns
from knowflow_server.domain.talk.content import Button, Said
from knowflow_server.errors.talk import ChannelUnavailableError

# Those whose clients read what was kept.
WEB = frozenset({"web", "apichat"})


class Channel(Protocol):
    """One way to a subscriber."""

    leaves: bool
    """Whether messages leave the server, so that after its end nobody knows whether the last one did."""

    async def send(self, flow: Flow, subscriber: Subscriber, message: Said, quick_replies: Sequence[Button]) -> None:
        """Send a message that was kept.

        Raises:
            ChannelUnavailableError: It was not sent; the sentence says why.
        """
        ...


class WebChannel:
    """The channel `web`: clients read what was kept, so that nothing is left to do."""

    leaves = False

    async def send(self, flow: Flow, subscriber: Subscriber, message: Said, quick_replies: Sequence[Button]) -> None:
        """Do nothing: the message was kept."""
        del flow, subscriber, message, quick_replies


class NoChannel:
    """A channel for which the server has no adapter."""

    leaves = False

    async def send(self, flow: Flow, subscriber: Subscriber, message: Said, quick_replies: Sequence[Button]) -> None:
        """Refuse."""
        del flow, message, quick_replies
        cause = f"this server has no connection for the channel {subscriber.channel}."
        raise ChannelUnavailableError(user_ns=user_ns(subscriber), cause=cause)


class Channels:
    """The adapters by the names of channels.

    Args:
        adapters: One a channel; those that are missing refuse.
    """

    def __init__(self, adapters: Mapping[str, Channel]) -> None:
        self._adapters = {**dict.fromkeys(WEB, WebChannel()), **adapters}
        self._none = NoChannel()

    def of(self, subscriber: Subscriber, *, over: str = "") -> Channel:
        """Return the adapter for a subscriber; `over` names another channel than the subscriber's own."""
        return self._adapters.get(over or subscriber.channel, self._none)


def shown(message: Said, quick_replies: Sequence[Button]) -> dict[str, Any]:
    """Return a message as it is kept and read: what is empty is left out."""
    whole = message.model_dump(exclude_defaults=True) | {"type": message.type}
    if quick_replies:
        whole["quick_replies"] = [reply.model_dump() for reply in quick_replies]
    return whole
