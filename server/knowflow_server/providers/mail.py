"""Mail over SMTP to servers which users name; the address check of outgoing connections applies."""

from __future__ import annotations

import asyncio
import ssl
from email.message import EmailMessage

import aiosmtplib

from knowflow_server.domain.outgoing import MailServer, OutgoingError
from knowflow_server.providers.addresses import Addresses

# SMTP, SMTP over TLS, submission, and what providers offer where 25 is closed.
PORTS = frozenset({25, 465, 587, 2525})
TLS_PORT = 465
CONNECT_S = 10.0


class SmtpMailer:
    """Sends mail; implements `Mailer`.

    Args:
        addresses: Says which servers may be connected to.
        name: Host name told to servers.
        tls: Whom TLS trusts; None means the certificate authorities of the system.
    """

    def __init__(self, addresses: Addresses, *, name: str = "localhost", tls: ssl.SSLContext | None = None) -> None:
        self._addresses = addresses
        self._name = name
        self._tls = tls or ssl.create_default_context()

    async def send(self, server: MailServer, message: EmailMessage, *, timeout_s: float) -> None:
        """Hand a message to a server, which takes it for all recipients or fails.

        An account is shown on encrypted connections only.

        Raises:
            OutgoingError: The server is not allowed, cannot be reached, or refuses.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await self._send(server, message, timeout_s)
        except aiosmtplib.SMTPAuthenticationError:
            raise OutgoingError(f"The mail server {server.host} does not accept the user or the password.") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = ", ".join(one.recipient for one in error.recipients)
            raise OutgoingError(f"The mail server {server.host} refuses the recipients {refused}.") from None
        except aiosmtplib.SMTPResponseException as error:
            raise OutgoingError(f"The mail server {server.host} answered with the code {error.code}.") from None
        except (TimeoutError, OSError, ValueError, aiosmtplib.SMTPException) as error:
            what = "TLS" if isinstance(error, ssl.SSLError) or "TLS" in str(error) else "SMTP"
            raise OutgoingError(f"The mail server {server.host} could not be used over {what}.") from None

    async def _send(self, server: MailServer, message: EmailMessage, timeout_s: float) -> None:
        opened = await self._addresses.connect(server.host, server.port, ports=PORTS, timeout_s=CONNECT_S)
        is_encrypted = server.port == TLS_PORT
        # Connecting hands the socket over; from there on the client closes it.
        client = aiosmtplib.SMTP(
            hostname=server.host,
            sock=opened,
            local_hostname=self._name,
            use_tls=is_encrypted,
            # Without an account STARTTLS is used where the server has it.
            start_tls=False if is_encrypted else (True if server.user else None),
            username=server.user or None,
            password=server.password if server.user else None,
            tls_context=self._tls,
            timeout=timeout_s,
        )
        async with client:
            refused, _ = await client.send_message(message)
        if refused:
            raise OutgoingError(f"The mail server {server.host} refuses the recipients {', '.join(refused)}.")
