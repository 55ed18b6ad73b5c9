"""Errors of connections to WhatsApp and of what is sent through them."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class WhatsAppConnectionNotFoundError(KnowFlowError):
    """The owner has no connection."""

    code, reason, template = (
        "NOT_FOUND",
        "WHATSAPP_CONNECTION_NOT_FOUND",
        "No WhatsApp connection found for this agent",
    )


class WhatsAppFieldsMissingError(KnowFlowError):
    """Fields are missing without which nothing can be sent; the sentence names them."""

    code, reason = "INVALID_ARGUMENT", "WHATSAPP_FIELDS_MISSING"


class WhatsAppNumberTakenError(KnowFlowError):
    """The phone number belongs to the connection of another agent."""

    code, reason = "ALREADY_EXISTS", "WHATSAPP_NUMBER_TAKEN"
    template = "The phone number {phone_number_id} is connected to another agent; remove that connection first."
    http_status = 409


class WhatsAppEventRefusedError(KnowFlowError):
    """Whoever posts events, or verifies their address, does not know the secret of the connection."""

    code, reason = "PERMISSION_DENIED", "WHATSAPP_EVENT_REFUSED"
    template = "There is no such connection, or what was sent does not prove to come from WhatsApp."


class WhatsAppMessageRefusedError(KnowFlowError):
    """WhatsApp does not take a message as it is; the sentence says why."""

    code, reason = "INVALID_ARGUMENT", "WHATSAPP_MESSAGE_REFUSED"


class WhatsAppForbiddenError(KnowFlowError):
    """WhatsApp does not allow a message; the sentence says why."""

    code, reason = "PERMISSION_DENIED", "WHATSAPP_FORBIDDEN"


class WhatsAppTemplateNotFoundError(KnowFlowError):
    """WhatsApp knows no such template; the sentence has its words."""

    code, reason = "NOT_FOUND", "WHATSAPP_TEMPLATE_NOT_FOUND"


class WhatsAppLimitReachedError(KnowFlowError):
    """WhatsApp takes no more messages for now; the sentence says which limit is reached."""

    code, reason = "RESOURCE_EXHAUSTED", "WHATSAPP_LIMIT_REACHED"


class WhatsAppUnavailableError(KnowFlowError):
    """WhatsApp cannot be reached, or failed; the sentence says how."""

    code, reason = "UNAVAILABLE", "WHATSAPP_UNAVAILABLE"


class WhatsAppTokenRefusedError(KnowFlowError):
    """WhatsApp refuses the access token of a connection."""

    code, reason = "FAILED_PRECONDITION", "WHATSAPP_TOKEN_REFUSED"
    template = "WhatsApp refuses the access token of this connection (code {code}); set a new one."
