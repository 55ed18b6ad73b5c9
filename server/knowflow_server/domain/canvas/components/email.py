"""Email: sends a mail."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import ComponentError, Params, Result, Tool
from knowflow_server.domain.canvas.reference import shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, ToolComponent, argument, revealed
from knowflow_server.domain.outgoing import Mailer, MailServer, OutgoingError

MAX_RECIPIENTS = 50
SEND_S = 60.0
_ADDRESS = r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+"
ADDRESS = re.compile(_ADDRESS)
# An address, or a name with it in angle brackets.
RECIPIENT = re.compile(rf"({_ADDRESS})|[^<>]*<\s*({_ADDRESS})\s*>")
# What stands between commas or semicolons; those inside of a quoted name part nothing.
PARTS = re.compile(r"(?:\"[^\"]*\"|[^,;])+")
MARKUP = re.compile(r"<(?:html|body|div|p|br|table|h[1-6]|ul|ol|b|strong|a)\b[^>]*>", re.IGNORECASE)


class EmailParams(Params):
    """Parameters; texts may hold references.

    Attributes:
        to_email: Recipients, with commas between them.
        cc_email: Further recipients, who are shown as such.
        subject: The subject.
        content: The text, plain or HTML.
        smtp_server: The server that takes the mail.
        smtp_port: Its port; 465 means TLS from the beginning, others STARTTLS.
        email: The sender, and the account.
        password: Password of the account; empty sends without an account.
        smtp_username: The account, where it is not the sender.
        sender_name: Name shown beside the sender.
    """

    to_email: Text = ""
    cc_email: Text = ""
    subject: Text = ""
    content: Text = ""
    smtp_server: Text = ""
    smtp_port: int = Field(default=465, ge=1, le=65535)
    email: Text = ""
    password: Secret = NO_SECRET
    smtp_username: Text = ""
    sender_name: Text = ""


class Email(ToolComponent):
    """The component."""

    name = "Email"
    params = EmailParams
    limit_s = SEND_S + 10
    results = ("success",)
    error_output = "success"
    tool = Tool(
        "email",
        "Sends a mail.",
        {
            "to_email": "Recipients, with commas between them.",
            "cc_email?": "Recipients of copies.",
            "subject": "The subject.",
            "content": "The text.",
        },
    )

    @classmethod
    async def call(cls, scope: Scope, params: EmailParams, arguments: Mapping[str, Any]) -> Result:
        """Send a mail.

        Raises:
            ComponentError: Something is missing, or the server refuses.
        """
        host = (await scope.text(params.smtp_server)).strip()
        sender = (await scope.text(params.email)).strip()
        if not host or not ADDRESS.fullmatch(sender):
            raise ComponentError("Email is not configured: it needs `smtp_server`, and an address as `email`.")
        recipients = _addresses(argument(arguments, "to_email"))
        copies = _addresses(argument(arguments, "cc_email"))
        if not recipients:
            raise ComponentError("Email has no recipient: `to_email` is empty.")
        if len(recipients) + len(copies) > MAX_RECIPIENTS:
            raise ComponentError(f"A mail has at most {MAX_RECIPIENTS} recipients.")
        try:
            message = await cls._message(scope, params, sender, recipients, copies, arguments)
        except (ValueError, HeaderParseError):
            raise ComponentError("The mail holds an address or a text that no mail can have.") from None
        await _send(scope, params, host, message)
        return Result({"success": True})

    @classmethod
    async def _message(
        cls,
        scope: Scope,
        params: EmailParams,
        sender: str,
        recipients: Sequence[str],
        copies: Sequence[str],
        arguments: Mapping[str, Any],
    ) -> EmailMessage:
        message = EmailMessage()
        name = " ".join((await scope.text(params.sender_name)).split())
        message["From"] = Address(name, addr_spec=sender)
        message["To"] = ", ".join(recipients)
        if copies:
            message["Cc"] = ", ".join(copies)
        message["Subject"] = " ".join(argument(arguments, "subject").split())
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        fill(message, shown(arguments.get("content")))
        return message


async def _send(scope: Scope, params: EmailParams, host: str, message: EmailMessage) -> None:
    password = await revealed(scope, params.password)
    account = (await scope.text(params.smtp_username)).strip() or (await scope.text(params.email)).strip()
    mailer: Mailer = scope.tool("mail")
    server = MailServer(host, params.smtp_port, account if password else "", password)
    try:
        await mailer.send(server, message, timeout_s=SEND_S)
    except OutgoingError as error:
        raise ComponentError(error.sentence) from None


def _addresses(text: str) -> Sequence[str]:
    """Return the addresses of a text, each once.

    Raises:
        ComponentError: One is no address.
    """
    found = []
    for part in PARTS.findall(text):
        if not part.strip():
            continue
        match = RECIPIENT.fullmatch(part.strip())
        if match is None or not part.strip().isprintable():
            raise ComponentError(f"{part.strip()!r} is no mail address.")
        found.append(match[1] or match[2])
    return list(dict.fromkeys(found))


def fill(message: EmailMessage, content: str) -> None:
    """Give a mail its content: plain text, or HTML with the text that is in it."""
    if not MARKUP.search(content):
        message.set_content(content)
        return
    message.set_content(html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"(?i)<br\s*/?>|</p>", "\n", content))))
    message.add_alternative(content, subtype="html")
