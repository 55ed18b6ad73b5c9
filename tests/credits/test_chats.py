"""Chats that cost credits, on a real server: a balance is spent to its end and no further, whoever asks how."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import httpx
import pytest

from knowflow.flowgent.v1 import chat_service_pb2, chat_service_pb2_grpc
from tests.chat_models import chat_settings
from tests.serving import OPERATOR_KEY, OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn, Gate, answers, holds, refuses
from tests.webhooks.receiver import Receiver

GRANT = 50
NONE_LEFT = "No credits available"


@pytest.fixture(scope="module")
def provider() -> Iterator[ChatStandIn]:
    with ChatStandIn() as provider:
        provider.default = answers("Yes.")
        yield provider


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, provider: ChatStandIn) -> Iterator[Server]:
    """A server on which every organization begins with 50 credits."""
    with Receiver() as receiver:
        settings = chat_settings(provider, max_concurrency=16) | receiver.settings
        settings |= {"CREDIT_GRANT": str(GRANT), "OPERATOR_KEY": OPERATOR_KEY, "CREDIT_PRICES": '{"chat": 2}'}
        folder = tmp_path_factory.mktemp("credits")
        with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
            running.receiver = receiver.url("")
            yield running


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an organization of its own, with an agent whose address is its base."""
    registered = {"email": f"{datetime.now(UTC).timestamp()}@example.com", "password": "correct horse"}
    async with httpx.AsyncClient(base_url=server.url, timeout=120, trust_env=False) as client:
        owner = (await client.post("/v1/auth/register", json=registered)).json()["data"]
        client.headers["authorization"] = owner["token"]
        made = await client.post("/api/public/agent", json={"name": "Clerk"})
        client.headers["x-agent"] = made.json()["id"]
        client.headers["x-organization"] = owner["organization"]["id"]
        yield client


def agent_of(client: httpx.AsyncClient) -> str:
    return f"/api/public/agent/{client.headers['x-agent']}"


async def ask(client: httpx.AsyncClient, **further: Any) -> Any:
    answer = await client.post(f"{agent_of(client)}/chat", json={"messages": "Is it open?", **further})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def balance(client: httpx.AsyncClient) -> int:
    return int((await client.get("/api/public/credits")).json()["balance"])


async def top_up(client: httpx.AsyncClient, amount: int, key: str) -> int:
    body = {"organization_id": client.headers["x-organization"], "amount": amount, "idempotency_key": key}
    answer = await client.post("/api/public/credits/top-up", json=body, headers={"authorization": OPERATOR_KEY})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["balance"])


async def test_hundred_chats_at_once_on_fifty_credits(client: httpx.AsyncClient, server: Server) -> None:
    said = await asyncio.gather(*(ask(client) for _ in range(100)))
    good = [one for one in said if one["statusCode"] == 200]
    assert len(good) == GRANT // 2
    assert {one["body"]["metadata"]["used_credits"] for one in good} == {2}
    refused = {"agent_id": client.headers["x-agent"], "message": NONE_LEFT, "error": NONE_LEFT}
    assert [one for one in said if one not in good] == [{"statusCode": 402, "body": refused}] * 75
    assert await balance(client) == 0
    # Each answer was charged once: the activity tells of as many runs.
    activity = (await client.get(f"{agent_of(client)}/activity", params={"limit": 100})).json()
    assert sum(run["used_credits"] for run in activity["runs"]) == GRANT
    # A question whose answer would be posted is refused at once, too, and over gRPC the answer is the same.
    late = await ask(client, callback_url=f"{server.receiver}/never")
    assert late == {"statusCode": 402, "body": refused}
    token = client.headers["authorization"]
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        request = chat_service_pb2.ChatRequest(agent_id=client.headers["x-agent"])
        request.messages.string_value = "Is it open?"
        stub = chat_service_pb2_grpc.ChatServiceStub(channel)
        typed = await stub.Chat(request, metadata=(("authorization", token),), timeout=60)
    assert (typed.status_code, typed.body.message, typed.body.error) == (402, NONE_LEFT, NONE_LEFT)
    assert await top_up(client, 3, "more") == 3
    assert (await ask(client))["statusCode"] == 200
    assert (await ask(client))["statusCode"] == 402
    assert await balance(client) == 1


async def test_failed_answer_costs_nothing_and_leaves_nothing_reserved(
    client: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    provider.replies.extend([refuses(429, code="rate_limit_exceeded", message="Too many."), refuses(500)])
    assert (await ask(client))["statusCode"] == 503
    assert (await ask(client))["statusCode"] in {500, 503}
    assert await balance(client) == GRANT
    assert (await ask(client))["statusCode"] == 200
    assert await balance(client) == GRANT - 2


async def test_caller_who_leaves_pays_nothing(client: httpx.AsyncClient, provider: ChatStandIn) -> None:
    gate = Gate()
    provider.replies.append(holds(gate, answers("Late.")))
    task = asyncio.create_task(ask(client))
    await asyncio.to_thread(gate.reached.wait, 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await asyncio.to_thread(provider.requests[-1].wait_left)
    gate.open()

    async def told() -> list[int]:
        runs = (await client.get(f"{agent_of(client)}/activity")).json()["runs"]
        return [run["status_code"] for run in runs]

    async with asyncio.timeout(30):
        while await told() != [499]:  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.05)
    assert await balance(client) == GRANT
    # The whole balance can be spent: nothing stays reserved.
    said = await asyncio.gather(*(ask(client) for _ in range(GRANT // 2)))
    assert {one["statusCode"] for one in said} == {200}


async def test_usage_ends_yesterday_and_agents_of_others_are_refused(client: httpx.AsyncClient, server: Server) -> None:
    await ask(client)
    usage = (await client.get(f"{agent_of(client)}/usage")).json()
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    days = [str(yesterday - timedelta(days=number)) for number in range(7)]
    # The clock may have passed midnight in between.
    assert usage["usage"]["daily_breakdown"][1:] == [{"date": day, "credits_used": 0} for day in days[1:]]
    assert usage["time_range"] == {"start": f"{days[-1]}T00:00:00.000Z", "end": f"{days[0]}T23:59:59.999Z"}
    today = datetime.now(UTC).date()
    refused = await client.get(f"{agent_of(client)}/usage", params={"start_date": str(today), "end_date": str(today)})
    assert refused.json()["error"] == "Invalid end date"
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as stranger:
        theirs = await stranger.get(f"{agent_of(client)}/usage", headers={"authorization": OTHER_KEY})
    assert (theirs.status_code, theirs.json()["error"]) == (403, "Access denied")
