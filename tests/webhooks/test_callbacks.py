"""Callbacks: answers that are posted later, signed, tried again, and neither lost nor charged twice."""

from __future__ import annotations

import asyncio
import base64
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from tests.chat_models import chat_settings
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn, Gate, answers, holds, refuses
from tests.webhooks.receiver import Receiver, drops, says, stalls

ACCEPTED = {"message": "Request accepted and being processed asynchronously", "status": "processing"}
GRANT = 1000
# 100 takes some minutes.
ROUNDS = int(os.environ.get("CALLBACK_CRASH_ROUNDS", "2"))


@pytest.fixture(scope="module")
def provider() -> Iterator[ChatStandIn]:
    with ChatStandIn() as provider:
        provider.default = answers("Yes.")
        yield provider


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, provider: ChatStandIn, receiver: Receiver) -> Iterator[Server]:
    settings = chat_settings(provider) | receiver.settings | {"CREDIT_GRANT": str(GRANT)}
    folder = tmp_path_factory.mktemp("callbacks")
    with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
        yield running


@pytest.fixture
async def rest(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with server.rest() as client:
        yield client


async def new_agent(rest: httpx.AsyncClient) -> str:
    """Make an agent and return the path of its chat."""
    made = await rest.post("/api/public/agent", json={"name": os.urandom(8).hex()})
    return f"/api/public/agent/{made.json()['id']}/chat"


async def ask(rest: httpx.AsyncClient, chat: str, url: str, text: str = "Is it open?", **further: Any) -> None:
    answer = await rest.post(chat, json={"messages": text, "callback_url": url, **further})
    assert (answer.status_code, answer.json()) == (200, ACCEPTED)


async def secret_of(rest: httpx.AsyncClient) -> str:
    return str((await rest.get("/api/public/callback-secret")).json()["secret"])


async def balance_of(rest: httpx.AsyncClient) -> int:
    return int((await rest.get("/api/public/credits")).json()["balance"])


async def test_answer_is_posted_signed_and_charged_once(rest: httpx.AsyncClient, receiver: Receiver) -> None:
    chat, before = await new_agent(rest), await balance_of(rest)
    receiver.answers("/signed", says(500), drops, says(503), says(204))
    await ask(rest, chat, receiver.url("/signed"))
    attempts = await receiver.attempts("/signed", 4)
    secret = await secret_of(rest)
    assert len({attempt.id for attempt in attempts}) == 1
    assert len({attempt.body for attempt in attempts}) == 1
    for attempt in attempts:
        envelope = attempt.verify(secret)
    assert envelope["statusCode"] == 200
    body = envelope["body"]
    turns = [{"role": "user", "content": "Is it open?"}, {"role": "assistant", "content": "Yes."}]
    assert body["conversation_history"] == turns
    metadata = body["metadata"]
    assert (metadata["used_credits"], metadata["tool_calls"]) == (1, {})
    assert await balance_of(rest) == before - 1
    # The conversation can be gone on with, by either way of asking.
    await ask(rest, chat, receiver.url("/further"), "And now?", thread_id=metadata["thread_id"])
    [further] = await receiver.attempts("/further", 1)
    assert len(further.verify(secret)["body"]["conversation_history"]) == 4
    # Users see nothing of it among their webhooks.
    assert (await rest.get("/v1/webhooks")).json()["data"] == []


async def test_failure_is_posted_and_costs_nothing(
    rest: httpx.AsyncClient, receiver: Receiver, provider: ChatStandIn
) -> None:
    chat, before = await new_agent(rest), await balance_of(rest)
    provider.replies.append(refuses(429, code="rate_limit_exceeded", message="Too many."))
    await ask(rest, chat, receiver.url("/failed"))
    [attempt] = await receiver.attempts("/failed", 1)
    envelope = attempt.verify(await secret_of(rest))
    assert (envelope["statusCode"], envelope["body"]["message"]) == (503, "Service temporarily unavailable")
    assert await balance_of(rest) == before


async def test_agent_deleted_meanwhile_is_told(
    rest: httpx.AsyncClient, receiver: Receiver, provider: ChatStandIn
) -> None:
    chat, gates = await new_agent(rest), [Gate() for _ in range(4)]
    provider.replies.extend(holds(gate, answers("Late.")) for gate in gates)
    # Four are answered at a time, so that the fifth waits.
    for number in range(5):
        await ask(rest, chat, receiver.url(f"/deleted/{number}"))
    await asyncio.gather(*(asyncio.to_thread(gate.reached.wait, 60) for gate in gates))
    assert (await rest.delete(chat.removesuffix("/chat"))).status_code == 200
    for gate in gates:
        gate.open()
    [attempt] = await receiver.attempts("/deleted/4", 1)
    assert attempt.verify(await secret_of(rest))["statusCode"] == 404


async def test_new_secret_signs_beside_the_old_one(rest: httpx.AsyncClient, server: Server, receiver: Receiver) -> None:
    chat, old = await new_agent(rest), await secret_of(rest)
    new = (await rest.post("/api/public/callback-secret/rotate", json={})).json()["secret"]
    assert (new == await secret_of(rest), new == old) == (True, False)
    await ask(rest, chat, receiver.url("/rotated"))
    [attempt] = await receiver.attempts("/rotated", 1)
    assert attempt.verify(old) == attempt.verify(new)
    async with server.rest(OTHER_KEY) as other:
        theirs = await secret_of(other)
    with pytest.raises(WebhookVerificationError):
        attempt.verify(theirs)
    # What is kept of a secret cannot be read.
    files = [path for path in (server.folder / "data" / "db").rglob("*.lance") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)
    assert files
    assert base64.b64decode(new.removeprefix("whsec_")) not in kept


@pytest.mark.slow
@pytest.mark.timeout(90 + 60 * ROUNDS)
async def test_killed_server_loses_no_answer_and_charges_none_twice(own_server: Callable[..., Server]) -> None:
    with ChatStandIn() as provider, Receiver() as receiver:
        provider.default = answers("Yes.")
        settings = chat_settings(provider) | receiver.settings | {"CREDIT_GRANT": str(GRANT), "WEBHOOK_TIMEOUT_S": "30"}
        server = own_server(settings=settings)
        async with server.rest() as rest:
            chat, secret = await new_agent(rest), await secret_of(rest)
        for number in range(ROUNDS):
            gate = Gate()
            # One is killed amid its answer, one amid its delivery.
            receiver.answers(f"/{number}/delivered", stalls)
            async with server.rest() as rest:
                await ask(rest, chat, receiver.url(f"/{number}/delivered"))
                await receiver.attempts(f"/{number}/delivered", 1)
                provider.replies.append(holds(gate, answers("Yes.")))
                await ask(rest, chat, receiver.url(f"/{number}/answered"))
                await asyncio.to_thread(gate.reached.wait, 60)
                await asyncio.to_thread(server.kill)
            gate.open()
            receiver.answers(f"/{number}/delivered", says(200))
            server = own_server(settings=settings)
            for path in (f"/{number}/answered", f"/{number}/delivered"):
                wanted = 2 if path.endswith("delivered") else 1
                attempts = await receiver.attempts(path, wanted)
                assert len({attempt.id for attempt in attempts}) == 1
                envelope = attempts[-1].verify(secret)
                assert (envelope["statusCode"], envelope["body"]["metadata"]["used_credits"]) == (200, 1)
        async with server.rest() as rest:
            assert await balance_of(rest) == GRANT - 2 * ROUNDS
            threads = (await rest.get(chat.removesuffix("chat") + "threads", params={"limit": 100})).json()["threads"]
            assert Counter(thread["message_count"] for thread in threads) == {2: 2 * ROUNDS}
