"""Errors of talks with subscribers: sending, sub flows that run, broadcasts, visitors."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class NodeNotFoundError(KnowFlowError):
    """No sub flow of the chatbot has the component."""

    code, reason = "NOT_FOUND", "NODE_NOT_FOUND"
    template = "There is no component {node_ns} in the sub flows of this chatbot."


class SubscriberUnsubscribedError(KnowFlowError):
    """The subscriber does not want to be written to."""

    code, reason = "FAILED_PRECONDITION", "SUBSCRIBER_UNSUBSCRIBED"
    template = "{user_ns} has unsubscribed from the chatbot, which may not write until that is taken back."


class BotPausedError(KnowFlowError):
    """No sub flow runs for a subscriber for whom the bot is paused."""

    code, reason = "FAILED_PRECONDITION", "BOT_PAUSED"
    template = "The bot is paused for {user_ns}; resume it before sending a sub flow."


class ChannelUnavailableError(KnowFlowError):
    """A message cannot be sent to the subscriber; the sentence says why."""

    code, reason = "FAILED_PRECONDITION", "CHANNEL_UNAVAILABLE"
    template = "Nothing can be sent to {user_ns}: {cause}"


class SubFlowFailedError(KnowFlowError):
    """A sub flow ended with an error; what it had sent before stays sent."""

    code, reason = "FAILED_PRECONDITION", "SUB_FLOW_FAILED"
    template = "The sub flow {sub_flow} failed: {cause}"
    # Title of the component; for the journal, callers read it in the sentence.
    component = ""


class BroadcastNotFoundError(KnowFlowError):
    """The broadcast does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "BROADCAST_NOT_FOUND"
    template = "There is no broadcast {broadcast_ns}."


class BroadcastOverError(KnowFlowError):
    """The broadcast is completed or cancelled already."""

    code, reason = "FAILED_PRECONDITION", "BROADCAST_OVER"
    template = "The broadcast {broadcast_ns} is over; there is nothing to cancel."


class TooManyStreamsError(KnowFlowError):
    """A visitor has as many streams open as the server allows."""

    code, reason = "RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS"
    template = "{user_ns} has {most} streams open, which is the most; close one of them first."


class VisitorRequiredError(KnowFlowError):
    """The call is for visitors."""

    code, reason = "PERMISSION_DENIED", "VISITOR_REQUIRED"
    template = "Show a visitor's token for this call; an API key makes one with POST /webchat/{{flow_ns}}/subscribers."
