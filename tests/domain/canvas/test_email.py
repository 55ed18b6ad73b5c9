"""Email: mails from references, and addresses that bring no headers along."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowflow_server.domain.canvas.component import ComponentError
from tests.domain.canvas.outside import called, ran, services
from tests.standins.certificate import certificate
from tests.standins.smtp import SmtpServer


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as made:
        yield made


def params(server: SmtpServer, **more: Any) -> dict[str, Any]:
    place = {
        "smtp_server": "127.0.0.1",
        "smtp_port": server.port,
        "email": "agent@x.example",
        "sender_name": "An Agent",
    }
    return {**place, "to_email": "{begin@to}", "subject": "About {sys.query}", "content": "Answer: {sys.query}", **more}


async def test_mail_is_sent_with_references_replaced(server: SmtpServer) -> None:
    wanted = params(server, cc_email='"One, Cc" <cc@y.example>; cc2@y.example\n')

    done = await ran("Email", wanted, services(server.port), "pens\nand ink", to="a@y.example, b@y.example")

    mail = server.mails[0]
    assert True is done.outputs["success"]
    assert ["a@y.example", "b@y.example", "cc@y.example", "cc2@y.example"] == server.recipients
    assert "An Agent <agent@x.example>" == mail["From"]
    assert "About pens and ink" == mail["Subject"]
    assert "Answer: pens\nand ink\n" == mail.get_content().replace("\r\n", "\n")
    assert mail["Message-ID"].endswith("@x.example>")


async def test_html_goes_with_a_plain_text_beside_it(server: SmtpServer) -> None:
    await ran("Email", params(server, content="<p>One &amp; <b>two</b></p>"), services(server.port), to="a@y.example")

    plain, html = server.mails[0].iter_parts()
    assert "One & two" == plain.get_content().strip()
    assert "<p>One &amp; <b>two</b></p>" == html.get_content().strip()


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("", "no recipient"),
        ("nobody", "no mail address"),
        ("a@y.example\r\nBcc: evil@z.example", "no mail address"),
        ("a@y.example b@y.example", "no mail address"),
        ("Name\r\nBcc: x <a@y.example>", "no mail address"),
        (",".join(f"u{n}@y.example" for n in range(51)), "at most 50"),
    ],
)
async def test_recipients_that_are_none_are_refused(server: SmtpServer, to: str, sentence: str) -> None:
    done = await ran("Email", params(server), services(server.port), to=to)

    assert sentence in done.error
    assert not server.mails


async def test_subject_brings_no_headers_along(server: SmtpServer) -> None:
    await ran("Email", params(server), services(server.port), "x\r\nBcc: evil@z.example", to="a@y.example")

    assert "About x Bcc: evil@z.example" == server.mails[0]["Subject"]
    assert ["a@y.example"] == server.recipients


async def test_sender_that_mail_cannot_have_is_an_error(server: SmtpServer) -> None:
    done = await ran("Email", params(server, email="ä@x.example"), services(server.port), to="a@y.example")

    assert "that no mail can have" in done.error


@pytest.mark.parametrize("missing", ["smtp_server", "email"])
async def test_server_and_sender_are_needed(server: SmtpServer, missing: str) -> None:
    done = await ran("Email", params(server, **{missing: ""}), services(server.port), to="a@y.example")

    assert "not configured" in done.error


async def test_password_stands_in_no_trace(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=str(files[0]))
    with SmtpServer(certificate=files, password="secret-of-mail") as server:
        used = services(server.port, tls=trust)
        done = await ran("Email", params(server, password="secret-of-mail"), used, to="a@y.example")
        failed = await ran("Email", params(server, password="secret-but-wrong"), used, to="a@y.example")

    assert True is done.outputs["success"]
    assert "does not accept" in failed.error
    assert "secret" not in done.everything + failed.everything


async def test_model_sends_mail(server: SmtpServer) -> None:
    used = services(server.port)

    await called("Email", params(server, to_email=""), used, to_email="a@y.example", subject="Hi", content="Text")
    with pytest.raises(ComponentError, match="no recipient"):
        await called("Email", params(server, to_email=""), used, subject="Hi", content="Text")

    assert ["Hi"] == [mail["Subject"] for mail in server.mails]
