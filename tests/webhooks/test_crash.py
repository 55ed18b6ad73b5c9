"""A server that is killed between a change and the delivery of its event delivers after its next start."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow.store.v1.webhook_pb2 import WebhookDelivery
from knowflow_server.store.database import Database
from knowflow_server.store.messages import MessageStore
from tests.reliability.store import entities_of
from tests.rpc.calls import data_of, new_dataset
from tests.serving import Server
from tests.webhooks.receiver import Received, Receiver, register, settled, stalls

# 100 takes some minutes.
ROUNDS = int(os.environ.get("WEBHOOK_CRASH_ROUNDS", "4"))
DATASETS = "knowledge_base.updated"


async def change(rest: httpx.AsyncClient, path: str, number: int) -> str:
    """Make a dataset and return its id; empty when the server was killed before it answered."""
    try:
        answer = await rest.post("/api/v1/datasets", json={"name": f"{path} {number}"})
    except httpx.TransportError:
        return ""
    # The gateway lives a moment longer than the server.
    return "" if answer.status_code == 503 else str(data_of(answer)["id"])


@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * ROUNDS)
async def test_kill_between_change_and_delivery_loses_no_event(own_server: Callable[..., Server]) -> None:
    chance = random.Random(7)
    with Receiver() as receiver:
        settings = receiver.settings | {"WEBHOOK_TIMEOUT_S": "30"}
        server = own_server(settings=settings)
        async with server.rest() as rest:
            webhook = await register(rest, receiver.url("/crash"), DATASETS)
        answered: set[str] = set()
        ids: dict[str, str] = {}
        attempts: list[Received] = []
        for number in range(ROUNDS):
            # Even rounds: nothing is delivered before the kill. Odd ones: it comes amid changes and deliveries.
            if number % 2 == 0:
                receiver.answers("/crash", stalls)
            async with server.rest() as rest:
                changes = [asyncio.create_task(change(rest, f"round {number}", place)) for place in range(8)]
                if number % 2 == 0:
                    await asyncio.gather(*changes)
                else:
                    await asyncio.sleep(chance.uniform(0.0, 0.2))
                await asyncio.to_thread(server.kill)
                answered |= {identifier for identifier in await asyncio.gather(*changes) if identifier}
            receiver.script.clear()
            server = own_server(settings=settings)
            async with server.rest() as rest:
                await settled(rest, webhook["id"])
            # Signatures are good for five minutes.
            fresh = receiver.received.pop("/crash", [])
            for one in fresh:
                one.verify(webhook["secret"])
            attempts += fresh
        async with server.rest() as rest:
            deliveries = await settled(rest, webhook["id"])
            assert {one["status"] for one in deliveries} == {"succeeded"}
            present: set[str] = set()
            for page in range(1, ROUNDS + 2):
                listed = data_of(await rest.get("/api/v1/datasets", params={"page": page, "page_size": 100}))
                present |= {one["id"] for one in listed["datasets"]}
        told = {one.data["knowledge_base"]["id"] for one in attempts}
        assert len(answered) >= 8
        assert answered <= present == told
        # An event that arrives twice has the same id.
        for one in attempts:
            assert ids.setdefault(one.data["knowledge_base"]["id"], one.id) == one.id


async def test_kill_between_messages_and_their_session_loses_no_event(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        receiver.answers("/said", stalls)
        server = own_server(settings=receiver.settings)
        async with server.rest() as rest:
            webhook = await register(rest, receiver.url("/said"), "conversation.message.created")
            chat = data_of(await rest.post("/api/v1/chats", json={"name": "Crash"}))
            body = {"question": "Who?", "stream": False}
            session = data_of(await rest.post(f"/api/v1/chats/{chat['id']}/completions", json=body))["session_id"]
        server.kill()
        # As it is when the kill comes after the messages and before the session, with which the events are written.
        async with entities_of(server.folder) as entities:

            def undo(transaction: Any) -> None:
                present = transaction.get(Session, session)
                assert present.message_count == 2
                transaction.edit(present).message_count = 0
                for delivery in entities.all(WebhookDelivery):
                    transaction.delete(delivery)

            await entities.transact(undo)
        receiver.script.clear()
        receiver.received.clear()
        server = own_server(settings=receiver.settings)
        asked, answered = await receiver.attempts("/said", 2)
        assert [one.verify(webhook["secret"])["data"]["message"]["role"] for one in (asked, answered)] == [
            "user",
            "assistant",
        ]
        async with server.rest() as rest:
            [shown] = data_of(await rest.get(f"/api/v1/chats/{chat['id']}/sessions"))
            assert shown["message_count"] == len(shown["messages"])
            await settled(rest, webhook["id"])


async def test_server_that_stops_hands_its_leases_back(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        receiver.answers("/stopped", stalls)
        settings = receiver.settings | {"WEBHOOK_TIMEOUT_S": "30"}
        server = own_server(settings=settings)
        async with server.rest() as rest:
            webhook = await register(rest, receiver.url("/stopped"), DATASETS)
            await new_dataset(rest)
            await receiver.attempts("/stopped", 1)
        assert server.stop() == 0
        async with entities_of(server.folder) as entities:
            [delivery] = entities.all(WebhookDelivery)
            assert (delivery.lease_owner, delivery.attempt_count) == ("", 0)
        receiver.script.clear()
        server = own_server(settings=settings)
        async with server.rest() as rest:
            [shown] = await settled(rest, webhook["id"])
            assert (shown["status"], shown["attempt_count"]) == ("succeeded", 1)


async def test_counts_of_messages_are_those_of_each_session(tmp_path: Any) -> None:
    database = await Database.open(tmp_path / "db", durable=False)
    store = await MessageStore.open(database)
    said = [Message(id=str(n), organization_id="o", session_id=f"s{n % 2}", created_at=n) for n in range(5)]
    await store.add(said)
    assert {"s0": 3, "s1": 2} == dict(await store.counts())
    await store.close()
    database.close()
