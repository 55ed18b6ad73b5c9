"""Mail over SMTP, to a server on loopback."""

from __future__ import annotations

import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from knowflow_server.domain.outgoing import MailServer, OutgoingError
from knowflow_server.providers import mail
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.mail import SmtpMailer
from tests.standins.certificate import certificate
from tests.standins.smtp import SmtpServer


def message(*recipients: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@x.example", ", ".join(recipients), "Grüße"
    made.set_content("Line one\n.\nLine three äöü")
    return made


def mailer(server: SmtpServer, trust: Path | None = None) -> SmtpMailer:
    context = ssl.create_default_context(cafile=str(trust)) if trust else None
    return SmtpMailer(Addresses([f"127.0.0.1:{server.port}"]), tls=context)


def place(server: SmtpServer, password: str = "") -> MailServer:
    return MailServer("127.0.0.1", server.port, "a@x.example" if password else "", password)


async def test_mail_without_account_arrives_whole() -> None:
    with SmtpServer() as server:
        await mailer(server).send(place(server), message("b@y.example", "c@y.example"), timeout_s=10)

    assert ["b@y.example", "c@y.example"] == server.recipients
    assert "Grüße" == server.mails[0]["Subject"]
    assert "Line one\n.\nLine three äöü\n" == server.mails[0].get_content().replace("\r\n", "\n")


async def test_account_is_shown_after_starttls(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    with SmtpServer(certificate=files, password="secret") as server:
        await mailer(server, files[0]).send(place(server, "secret"), message("b@y.example"), timeout_s=10)

    assert [("a@x.example", True)] == server.users
    assert 1 == len(server.mails)


async def test_account_is_shown_over_tls_from_the_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certificate(tmp_path)
    with SmtpServer(certificate=files, implicit=True, password="secret") as server:
        # Only on 465 a connection begins with TLS, and a test cannot listen there.
        monkeypatch.setattr(mail, "TLS_PORT", server.port)
        await mailer(server, files[0]).send(place(server, "secret"), message("b@y.example"), timeout_s=10)

    assert [("a@x.example", True)] == server.users
    assert 1 == len(server.mails)


async def test_account_is_not_shown_without_encryption() -> None:
    with SmtpServer(password="secret") as server, pytest.raises(OutgoingError, match="TLS"):
        await mailer(server).send(place(server, "secret"), message("b@y.example"), timeout_s=10)
    assert not server.users


async def test_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with (
        SmtpServer(certificate=certificate(tmp_path), password="secret") as server,
        pytest.raises(OutgoingError, match="TLS"),
    ):
        await mailer(server).send(place(server, "secret"), message("b@y.example"), timeout_s=10)
    assert not server.users


async def test_wrong_password_is_an_error_without_it(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    with SmtpServer(certificate=files, password="secret") as server, pytest.raises(OutgoingError) as caught:
        await mailer(server, files[0]).send(place(server, "wrong-one"), message("b@y.example"), timeout_s=10)

    assert "does not accept the user or the password" in caught.value.sentence
    assert "wrong-one" not in caught.value.sentence


async def test_recipient_that_is_refused_is_named() -> None:
    with SmtpServer() as server:
        server.refused = {"c@y.example"}
        with pytest.raises(OutgoingError, match=r"refuses the recipients c@y\.example"):
            await mailer(server).send(place(server), message("c@y.example"), timeout_s=10)
        with pytest.raises(OutgoingError, match=r"refuses the recipients c@y\.example"):
            await mailer(server).send(place(server), message("b@y.example", "c@y.example"), timeout_s=10)


async def test_server_that_is_not_allowed_is_not_asked() -> None:
    with SmtpServer() as server, pytest.raises(OutgoingError, match="does not allow"):
        await SmtpMailer(Addresses()).send(place(server), message("b@y.example"), timeout_s=10)
    assert not server.mails
