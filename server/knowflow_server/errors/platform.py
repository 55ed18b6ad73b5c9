"""Errors of people, organizations, keys and webhooks."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class WebhookNotFoundError(KnowFlowError):
    """The webhook does not exist for this organization."""

    code, reason, template = "NOT_FOUND", "WEBHOOK_NOT_FOUND", "The webhook {webhook_id} does not exist."


class WebhookDeliveryNotFoundError(KnowFlowError):
    """The delivery does not exist in the webhook."""

    code, reason, template = "NOT_FOUND", "WEBHOOK_DELIVERY_NOT_FOUND", "The delivery {delivery_id} does not exist."


class WebhookUrlRefusedError(KnowFlowError):
    """Events cannot be sent to an address; the sentence says why."""

    code, reason = "INVALID_ARGUMENT", "WEBHOOK_URL_REFUSED"


class WebhookLimitReachedError(KnowFlowError):
    """The organization has as many webhooks as it may have."""

    code, reason, template = (
        "FAILED_PRECONDITION",
        "WEBHOOK_LIMIT_REACHED",
        "An organization has at most {limit} webhooks; delete one first.",
    )


class WebhookDisabledError(KnowFlowError):
    """Nothing is sent to a disabled webhook."""

    code, reason, template = (
        "FAILED_PRECONDITION",
        "WEBHOOK_DISABLED",
        "The webhook {webhook_id} is disabled; enable it before sending events again.",
    )


class LoginFailedError(KnowFlowError):
    """E-mail address or password is wrong."""

    code, reason = "UNAUTHENTICATED", "LOGIN_FAILED"
    template = "E-mail address or password is wrong."


class EmailTakenError(KnowFlowError):
    """The e-mail address belongs to a user already."""

    code, reason = "ALREADY_EXISTS", "EMAIL_TAKEN"
    template = "A user with this e-mail address exists already."


class RegistrationClosedError(KnowFlowError):
    """Users register with an invitation only."""

    code, reason = "PERMISSION_DENIED", "REGISTRATION_CLOSED"
    template = "Registration needs an invitation on this server."


class NotAUserError(KnowFlowError):
    """The call is for users who are logged in."""

    code, reason = "PERMISSION_DENIED", "NOT_A_USER"
    template = "Log in for this call; an API key is not enough."


class OrganizationNotFoundError(KnowFlowError):
    """The organization does not exist for this caller."""

    code, reason = "NOT_FOUND", "ORGANIZATION_NOT_FOUND"
    template = "There is no organization {organization_id}."


class OrganizationLimitError(KnowFlowError):
    """The user has as many organizations as the server allows."""

    code, reason = "FAILED_PRECONDITION", "ORGANIZATION_LIMIT"
    template = "You are a member of {limit} organizations, the most this server allows."


class MemberNotFoundError(KnowFlowError):
    """The user is no member of the organization."""

    code, reason = "NOT_FOUND", "MEMBER_NOT_FOUND"
    template = "The user {user_id} is no member."


class MemberExistsError(KnowFlowError):
    """Somebody is a member already."""

    code, reason = "ALREADY_EXISTS", "MEMBER_EXISTS"
    template = "{email} is a member already."


class LastOwnerError(KnowFlowError):
    """An organization keeps an owner."""

    code, reason = "FAILED_PRECONDITION", "LAST_OWNER"
    template = "This is the last owner; make somebody else an owner first."


class InvitationNotFoundError(KnowFlowError):
    """The invitation does not exist in the organization."""

    code, reason = "NOT_FOUND", "INVITATION_NOT_FOUND"
    template = "There is no invitation {invitation_id}."


class InvitationInvalidError(KnowFlowError):
    """The token of an invitation does not count."""

    code, reason = "INVALID_ARGUMENT", "INVITATION_INVALID"
    template = "The invitation is not valid, has expired, or is for another e-mail address."


class ApiKeyNotFoundError(KnowFlowError):
    """The API key does not exist in the organization."""

    code, reason = "NOT_FOUND", "API_KEY_NOT_FOUND"
    template = "There is no API key {api_key_id}."
