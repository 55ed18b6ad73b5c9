"""The Cloud API over HTTP: what is tried again and what never is, and what answers mean that are none of Meta's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from knowflow_server.domain.whatsapp import cloud
from knowflow_server.domain.whatsapp.cloud import WhatsAppAccount, WhatsAppError
from knowflow_server.providers import whatsapp as module
from knowflow_server.providers.whatsapp import WhatsAppCloud
from tests.standins.http import Exchange, LoopbackServer
from tests.standins.whatsapp import ERRORS, TOKEN, WhatsAppStandIn

ADA = "31612345678"
ACCOUNT = WhatsAppAccount("106540352242922", TOKEN)


@pytest.fixture
def stand_in() -> Iterator[WhatsAppStandIn]:
    with WhatsAppStandIn() as running:
        yield running


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACKOFF", module.wait_random(0.0, 0.01))


@pytest.fixture
async def client(stand_in: WhatsAppStandIn) -> AsyncIterator[WhatsAppCloud]:
    made = WhatsAppCloud(stand_in.url, "v25.0", timeout_s=0.5)
    yield made
    await made.close()


async def refusal(client: WhatsAppCloud, name: str, account: WhatsAppAccount = ACCOUNT) -> WhatsAppError:
    with pytest.raises(WhatsAppError) as caught:
        await client.send(account, cloud.template(ADA, name, "en_US"))
    return caught.value


@pytest.mark.parametrize("code", sorted(ERRORS))
async def test_passing_errors_are_tried_three_times_and_others_once(
    client: WhatsAppCloud, stand_in: WhatsAppStandIn, code: int
) -> None:
    error = await refusal(client, f"error_{code}")
    assert error.code == code
    assert len(stand_in.posted) == (3 if code in {2, 131000, 131016} else 1)
    assert len({one.body for one in stand_in.posted}) == 1


@pytest.mark.parametrize("code", [2, 131000, 131016])
async def test_message_that_is_taken_the_second_time_has_an_answer(
    client: WhatsAppCloud, stand_in: WhatsAppStandIn, code: int
) -> None:
    answer = await client.send(ACCOUNT, cloud.template(ADA, f"passing_{code}", "en_US"))
    assert answer["messages"][0]["id"] == "wamid.00000001"
    assert len(stand_in.posted) == 2


async def test_message_which_may_have_gone_out_is_not_posted_again(
    client: WhatsAppCloud, stand_in: WhatsAppStandIn
) -> None:
    error = await refusal(client, "slow")
    assert (error.kind, error.code, error.is_unsure) == ("temporary", None, True)
    assert len(stand_in.posted) == 1
    assert "may have been sent" in error.error.sentence


async def test_wrong_token_is_told_without_a_word_of_it(client: WhatsAppCloud) -> None:
    error = await refusal(client, "order_update", WhatsAppAccount("106540352242922", "secret-token"))
    assert (error.kind, error.code, error.details) == ("token", 190, "")
    assert "secret-token" not in repr(WhatsAppAccount("106540352242922", "secret-token"))


async def test_nobody_listens() -> None:
    client = WhatsAppCloud("http://127.0.0.1:1", "v25.0", timeout_s=1)
    error = await refusal(client, "order_update")
    assert (error.kind, error.is_unsure) == ("temporary", False)
    await client.close()


@pytest.mark.parametrize(
    ("status", "body", "kind", "is_unsure", "posts"),
    [
        (200, b"<html>", "temporary", True, 1),
        (200, b"{}", "temporary", True, 1),
        (200, b"[]", "temporary", True, 1),
        (302, b"", "refused", False, 1),
        (404, b"not here", "refused", False, 1),
        (400, b'{"error": {"code": "x", "message": 5, "error_data": []}}', "refused", False, 1),
        (500, b"oops", "temporary", True, 1),
        (503, b"busy", "temporary", False, 3),
        (200, b"[" * 100_000, "temporary", True, 1),
    ],
)
async def test_answers_which_are_none_of_metas(
    status: int, body: bytes, kind: str, is_unsure: bool, posts: int
) -> None:
    asked = []

    async def answer(exchange: Exchange) -> None:
        asked.append(exchange.path)
        await exchange.send(status, body, Location="http://127.0.0.1:1/")

    with LoopbackServer(answer) as server:
        client = WhatsAppCloud(f"http://127.0.0.1:{server.port}/", "v25.0", timeout_s=5)
        error = await refusal(client, "order_update")
        await client.close()
    assert (error.kind, error.is_unsure, len(asked)) == (kind, is_unsure, posts)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("31612345678", ADA),
        ("+31 6 1234 5678", ADA),
        (" +31-6-12345678 ", ADA),
        ("15550783881", "15550783881"),
        ("0612345678", None),
        ("12", None),
        ("", None),
        ("+", None),
        ("order", None),
        ("1" * 400, None),
    ],
)
def test_phone_number_becomes_digits_with_country_code(given: str, expected: str | None) -> None:
    assert cloud.wa_id_of(given) == expected


@pytest.mark.parametrize("text", ["", " ", "a", "a" * 4096, "a" * 4097, "word " * 3000, "line\n" * 3000, "😀" * 9000])
def test_text_of_any_length_becomes_messages_that_fit(text: str) -> None:
    bodies = [message["text"]["body"] for message in cloud.texts(ADA, text)]
    assert all(0 < len(body) <= cloud.MAX_TEXT for body in bodies)
    assert "".join("".join(bodies).split()) == "".join(text.split())
