"""Conversations over WhatsApp: what goes out byte for byte, what comes in once, and what is kept of both."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.serving import Server
from tests.standins.whatsapp import SECRET, TOKEN, WhatsAppStandIn, event, signed, written
from tests.whatsapp.office import Office, open_office

ADA = "31612345678"


@pytest.fixture
async def office(rest: httpx.AsyncClient, server: Server) -> AsyncIterator[Office]:
    """An agent on WhatsApp."""
    assert server.whatsapp is not None
    yield await open_office(rest, server.whatsapp)


async def test_template_reaches_the_cloud_api_byte_for_byte(office: Office) -> None:
    body = {
        "recipient_phone_number": "+31 6 12345678",
        "template_name": "order_update",
        "language": "en_US",
        "customer_name": "John Doe",
        "parameters": [
            {"type": "body", "parameters": [{"type": "text", "text": "Größe 😀"}]},
            {
                "type": "body",
                "parameters": [{"type": "currency", "currency": {"code": "USD", "amount_1000": 100990}}],
            },
        ],
    }
    answer = await office.rest.post(f"/api/public/agent/{office.agent_id}/waba", json=body)
    [posted] = office.posted
    assert answer.json() == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": ADA, "wa_id": ADA}],
        "messages": [{"id": answer.json()["messages"][0]["id"], "message_status": "accepted"}],
    }
    assert posted.path == f"/v25.0/{office.number}/messages"
    assert posted.headers["authorization"] == f"Bearer {TOKEN}"
    assert posted.headers["content-type"] == "application/json"
    assert posted.body.decode() == (
        '{"messaging_product":"whatsapp","recipient_type":"individual","to":"31612345678","type":"template",'
        '"template":{"name":"order_update","language":{"code":"en_US"},"components":['
        '{"parameters":[{"text":"Größe 😀","type":"text"}],"type":"body"},'
        '{"parameters":[{"currency":{"amount_1000":100990,"code":"USD"},"type":"currency"}],"type":"body"}]}}'
    )


async def test_what_a_person_writes_is_answered_once_in_a_thread_of_its_own(office: Office) -> None:
    before = await office.balance()
    wamid = await office.write("Where is my order?", sender=ADA)
    # Meta posts a message again when it is unsure.
    await asyncio.gather(*(office.write("Where is my order?", sender=ADA, wamid=wamid) for _ in range(5)))
    await office.answered(1)
    await office.write("Thanks", sender=ADA)
    await office.write("Hello", sender="4915112345678")
    texts = await office.answered(3)
    assert sorted(texts) == ["You said: Hello", "You said: Thanks", "You said: Where is my order?"]
    assert office.posted[0].body == (
        b'{"messaging_product":"whatsapp","recipient_type":"individual","to":"31612345678","type":"text",'
        b'"text":{"preview_url":false,"body":"You said: Where is my order?"}}'
    )
    threads = {thread["user_id"]: thread for thread in await office.threads()}
    assert [(one["role"], one["content"]) for one in threads[ADA]["messages"]] == [
        ("user", "Where is my order?"),
        ("assistant", "You said: Where is my order?"),
        ("user", "Thanks"),
        ("assistant", "You said: Thanks"),
    ]
    assert len(threads) == 2
    assert before - await office.balance() == 3


async def test_messages_of_one_person_are_answered_in_their_order(office: Office) -> None:
    for number in range(8):
        await office.write(f"message {number}", sender=ADA)
    assert await office.answered(8) == [f"You said: message {number}" for number in range(8)]


async def test_status_of_a_message_goes_forward_only(office: Office) -> None:
    body = {"recipient_phone_number": ADA, "template_name": "order_update", "language": "en_US"}
    sent = [
        (await office.rest.post(f"/api/public/agent/{office.agent_id}/waba", json=body)).json()["messages"][0]["id"]
        for _ in range(2)
    ]
    for word in ("sent", "read", "delivered", "sent"):
        await office.tell(sent[0], word, recipient=ADA)
    error = {"code": 131026, "title": "Message undeliverable", "message": "Message undeliverable"}
    await office.tell(sent[1], "failed", recipient=ADA, errors=[error])
    second, first = await office.sent()
    assert (first["id"], first["status"], first["template_name"]) == (sent[0], "read", "order_update")
    assert (second["status"], second["error_code"], second["error"]) == ("failed", 131026, "Message undeliverable")


async def test_what_is_no_text_is_taken_in_and_not_answered(office: Office) -> None:
    image = {"from": ADA, "id": f"wamid.{uuid.uuid4().hex}", "timestamp": str(int(time.time())), "type": "image"}
    for message in (image, {**image, "id": f"{image['id']}2", "type": "text", "text": 5}, {"id": 5}, "x"):
        body = event(office.number, contacts=[{"profile": "x"}], messages=[message])
        assert (await office.post(body)).status_code == 200
    for body in (b"", b"[]", b"null", b"{", b'{"object":"page"}', b'{"object":"whatsapp_business_account","entry":5}'):
        assert (await office.post(body)).status_code == 200
    button = {**image, "id": f"{image['id']}3", "type": "interactive"}
    button["interactive"] = {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes, please"}}
    assert (await office.post(event(office.number, messages=[button]))).status_code == 200
    captioned = {**image, "id": f"{image['id']}4", "image": {"caption": "Is this mine?"}}
    assert (await office.post(event(office.number, messages=[captioned]))).status_code == 200
    assert await office.answered(2) == ["You said: Yes, please", "You said: Is this mine?"]


async def test_after_24_hours_nothing_but_a_template_is_sent(office: Office) -> None:
    before = await office.balance()
    late = time.time() - 24 * 3600 - 60
    await asyncio.gather(*(office.write("Yesterday", sender=f"3161234500{n}", at=late) for n in range(10)))
    await office.write("Today", sender=ADA)
    assert await office.answered(1) == ["You said: Today"]
    # Who has written again may be answered again.
    await office.write("Today", sender="31612345000")
    assert await office.answered(2) == ["You said: Today"] * 2
    assert before - await office.balance() == 2


async def test_long_answer_becomes_several_messages(office: Office) -> None:
    text = " ".join(f"word{number}" for number in range(900))
    await office.write(text, sender=ADA)
    pieces = await office.answered(2)
    assert all(len(piece) <= 4096 for piece in pieces)
    assert " ".join(pieces) == f"You said: {text}"


async def test_refused_answer_is_not_sent_again_and_holds_up_nobody(office: Office) -> None:
    whatsapp = office.whatsapp
    whatsapp.fails = 131026
    try:
        await office.write("To nowhere", sender=ADA)
        await whatsapp.until(lambda: len(office.posted) == 1)
    finally:
        whatsapp.fails = None
    await office.write("Once more", sender=ADA)
    await whatsapp.until(lambda: len(office.posted) == 2)
    assert office.texts == ["You said: To nowhere", "You said: Once more"]


async def test_events_of_another_number_of_the_same_app_reach_their_agent(office: Office) -> None:
    other = await open_office(office.rest, office.whatsapp)
    value = written("For the other", sender=ADA, wamid=f"wamid.{uuid.uuid4().hex}", at=int(time.time()))
    assert (await office.post(event(other.number, **value))).status_code == 200
    assert await other.answered(1) == ["You said: For the other"]
    assert office.texts == []


async def test_events_of_a_number_of_another_app_or_organization_are_left_alone(
    office: Office, stranger: httpx.AsyncClient
) -> None:
    theirs = await open_office(stranger, office.whatsapp)
    body = {"phone_number_id": "1", "waba_id": "1", "access_token": TOKEN, "app_secret": "another"}
    place = f"/api/public/agent/{(await open_office(office.rest, office.whatsapp)).agent_id}/waba/connection"
    body["phone_number_id"] = str(uuid.uuid4().int % 10**15)
    assert (await office.rest.put(place, json=body)).status_code == 200
    for number in (theirs.number, body["phone_number_id"]):
        value = written("Stolen", sender=ADA, wamid=f"wamid.{uuid.uuid4().hex}", at=int(time.time()))
        assert (await office.post(event(number, **value))).status_code == 200
    await office.write("Mine", sender=ADA)
    await office.answered(1)
    assert office.whatsapp.of(theirs.number) == office.whatsapp.of(body["phone_number_id"]) == []


async def test_agent_that_goes_takes_its_connection_along(office: Office) -> None:
    assert (await office.rest.delete(f"/api/public/agent/{office.agent_id}")).status_code == 200
    body = event(office.number, **written("Hello?", sender=ADA, wamid="wamid.late", at=int(time.time())))
    assert (await office.post(body)).status_code == 403
    other = await open_office(office.rest, office.whatsapp)
    place = f"/api/public/agent/{other.agent_id}/waba/connection"
    taken = {"phone_number_id": office.number, "waba_id": "1", "access_token": TOKEN}
    assert (await office.rest.put(place, json=taken)).status_code == 200


async def test_refused_token_is_told_until_there_is_another(office: Office) -> None:
    place = f"/api/public/agent/{office.agent_id}/waba"
    body = {"recipient_phone_number": ADA, "template_name": "error_190", "language": "en_US"}
    assert (await office.rest.post(place, json=body)).status_code == 400
    assert (await office.rest.get(f"{place}/connection")).json()["status"] == "token_refused"
    fresh = {"phone_number_id": office.number, "waba_id": "1", "access_token": TOKEN}
    assert (await office.rest.put(f"{place}/connection", json=fresh)).json()["status"] == "connected"
    # The app secret stays when none is given.
    await office.write("Still there?", sender=ADA)
    assert await office.answered(1) == ["You said: Still there?"]


async def test_secrets_and_phone_numbers_are_in_no_log_and_secrets_in_no_file(office: Office, server: Server) -> None:
    await office.write("Keep this", sender="393331234567")
    await office.answered(1)
    data = [path.read_bytes() for path in (server.folder / "data").rglob("*") if path.is_file()]
    for secret in (TOKEN, SECRET):
        assert secret not in server.log
        assert not any(secret.encode() in content for content in data)
    assert "393331234567" not in server.log
    assert "Keep this" not in server.log


async def test_unsigned_body_changes_nothing(office: Office, server: Server) -> None:
    body = event(office.number, **written("Forged", sender=ADA, wamid="wamid.forged", at=int(time.time())))
    headers = [{}, {"x-hub-signature-256": "sha256="}, signed(body, "another secret"), signed(body + b" ")]
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:
        for one in headers:
            answer = await client.post(office.connection["webhook_path"], content=body, headers=one)
            assert answer.status_code == 403
    await office.write("Real", sender=ADA)
    assert await office.answered(1) == ["You said: Real"]


def test_stand_in_signs_as_meta_does() -> None:
    """The vector of RFC 4231, test case 2, in the form of the header."""
    assert signed(b"what do ya want for nothing?", "Jefe")["x-hub-signature-256"] == (
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_stand_in_is_a_cloud_api(server: Server) -> None:
    assert isinstance(server.whatsapp, WhatsAppStandIn)
