"""An SMTP server on loopback, of aiosmtpd, which keeps what it was handed."""

from __future__ import annotations

import asyncio
import ssl
import threading
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class SmtpServer:
    """Serves while it is entered, in a thread and an event loop of its own.

    Args:
        certificate: Certificate and key; None means no TLS.
        implicit: Whether a connection begins with TLS; otherwise STARTTLS is offered.
        password: The password of every account; an account without it is refused.
    """

    def __init__(
        self, *, certificate: tuple[Path, Path] | None = None, implicit: bool = False, password: str = ""
    ) -> None:
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(*map(str, certificate))
        self._implicit = implicit
        self._password = password
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.users: list[tuple[str, bool]] = []
        """Accounts that were shown, and whether the connection was encrypted."""
        self.refused: set[str] = set()
        self._connections: list[SMTP] = []
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast("bytes", envelope.content)
        self.mails.append(cast("EmailMessage", cast("Message", BytesParser(policy=default).parsebytes(content))))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.append((data.login.decode(), session.ssl is not None or self._implicit))
        return AuthResult(success=data.password.decode() == self._password, handled=False)

    def _protocol(self) -> SMTP:
        starts = self._context if not self._implicit else None
        authenticates = (
            {"authenticator": self._authenticate, "auth_require_tls": not self._implicit} if self._password else {}
        )
        self._connections.append(
            SMTP(self, hostname="stand-in", tls_context=starts, loop=self._loop, enable_SMTPUTF8=True, **authenticates)
        )
        return self._connections[-1]

    async def _start(self) -> asyncio.Server:
        context = self._context if self._implicit else None
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0, ssl=context)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def _stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.abort()
        # A round of the loop in which transports close.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
