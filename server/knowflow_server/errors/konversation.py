"""Errors of chatbots, their subscribers and what they have."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class FlowNotFoundError(KnowFlowError):
    """The chatbot does not exist for this caller."""

    code, reason = "NOT_FOUND", "FLOW_NOT_FOUND"
    template = "There is no chatbot {flow_ns}."


class FlowNotChosenError(KnowFlowError):
    """The call does not say which chatbot it is for, and the key is for no single one; the message says what to do."""

    code, reason = "INVALID_ARGUMENT", "FLOW_NOT_CHOSEN"


class SubFlowNotFoundError(KnowFlowError):
    """The sub flow does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "SUB_FLOW_NOT_FOUND"
    template = "There is no sub flow {sub_flow}."


class FlowNameTakenError(KnowFlowError):
    """Something of this kind has the name already."""

    code, reason = "ALREADY_EXISTS", "FLOW_NAME_TAKEN"
    template = "There is a {kind} with the name {name} already."


class FlowTagNotFoundError(KnowFlowError):
    """The tag does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "FLOW_TAG_NOT_FOUND"
    template = "There is no tag {tag}."


class FlowFieldNotFoundError(KnowFlowError):
    """The user field or bot field does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "FLOW_FIELD_NOT_FOUND"
    template = "There is no {kind} {field}."


class FlowFieldValueInvalidError(KnowFlowError):
    """A value does not fit the type of its field; the message says what does."""

    code, reason = "INVALID_ARGUMENT", "FLOW_FIELD_VALUE_INVALID"


class SubscriberNotFoundError(KnowFlowError):
    """The subscriber does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "SUBSCRIBER_NOT_FOUND"
    template = "There is no subscriber {subscriber}."


class SubscriberExistsError(KnowFlowError):
    """A subscriber of the chatbot has this `user_id` already: digits of a phone number, or an e-mail address."""

    code, reason = "ALREADY_EXISTS", "SUBSCRIBER_EXISTS"
    template = "The subscriber {user_ns} has the user_id {user_id} already."


class SegmentNotFoundError(KnowFlowError):
    """The segment does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "SEGMENT_NOT_FOUND"
    template = "There is no segment {segment_ns}."


class CustomEventNotFoundError(KnowFlowError):
    """The custom event does not exist in the chatbot."""

    code, reason = "NOT_FOUND", "CUSTOM_EVENT_NOT_FOUND"
    template = "There is no custom event {event}."


class TeamLabelNotFoundError(KnowFlowError):
    """The label does not exist in the workspace."""

    code, reason = "NOT_FOUND", "TEAM_LABEL_NOT_FOUND"
    template = "There is no label {label}."


class TeamAgentNotFoundError(KnowFlowError):
    """The agent, or the group of agents, does not exist in the workspace."""

    code, reason = "NOT_FOUND", "TEAM_AGENT_NOT_FOUND"
    template = "There is no {kind} {id}."


class FlowLimitReachedError(KnowFlowError):
    """There are as many things of a kind as there may be."""

    code, reason = "FAILED_PRECONDITION", "FLOW_LIMIT_REACHED"
    template = "There are {limit} {kind} already, the most that there may be; delete one first."


class InboundWebhookNotFoundError(KnowFlowError):
    """The inbound webhook does not exist, or is disabled."""

    code, reason = "NOT_FOUND", "INBOUND_WEBHOOK_NOT_FOUND"
    template = "There is no inbound webhook {hook_uid}."


class AppTriggerNotFoundError(KnowFlowError):
    """No sub flow of the chatbot starts at this trigger."""

    code, reason = "NOT_FOUND", "APP_TRIGGER_NOT_FOUND"
    template = "No sub flow starts at the trigger {trigger_name}: there must be a sub flow with this name."
