"""Connections, what is sent through them and what comes in, without a server: callers who leave, and races."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection, WhatsAppContact, WhatsAppInbound, WhatsAppOutbound
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.whatsapp.agent import KIND, AgentWhatsApp
from knowflow_server.domain.whatsapp.connection import ConnectionDraft, Connections
from knowflow_server.domain.whatsapp.inbound import Inbound
from knowflow_server.domain.whatsapp.messenger import KEPT, SWEPT, Messenger
from knowflow_server.errors.core import AgentNotFoundError
from knowflow_server.providers.secret_box import AesSecretBox
from knowflow_server.providers.whatsapp import WhatsAppCloud
from knowflow_server.store.entities import EntityStore
from tests.standins.whatsapp import SECRET, TOKEN, WhatsAppStandIn, event, signed, written
from tests.store.records import ORGANIZATION, open_entities, put

OWNER = Principal(ORGANIZATION)
ADA = "31612345678"
DRAFT = ConnectionDraft("1001", "2002", TOKEN, app_secret=SECRET)


class Echo:
    """Answers nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def answer(self, connection: WhatsAppConnection, message: WhatsAppInbound) -> Sequence[Mapping[str, Any]]:
        self.heard.put_nowait(message.text)
        return []

    async def told(self, connection: WhatsAppConnection, message: WhatsAppOutbound) -> None:
        self.heard.put_nowait(message.status)


class Bench:
    def __init__(self, entities: EntityStore, cloud: WhatsAppCloud) -> None:
        clock, nobody = SystemClock(), cast("Any", None)
        self.entities = entities
        self.connections = Connections(
            entities, AesSecretBox(b"a key of at least thirty-two bytes"), clock, Uuid1Source()
        )
        self.messenger = Messenger(entities, cloud, self.connections, clock)
        self.agents = AgentWhatsApp(entities, nobody, nobody, nobody, self.connections, self.messenger, nobody)
        self.inbound = Inbound(entities, self.connections, self.messenger, clock)
        self.echo = Echo()
        self.inbound.register(KIND, self.echo)

    async def template(self, connection: WhatsAppConnection, customer_name: str) -> Mapping[str, Any]:
        return await self.messenger.send_template(
            connection, ADA, name="order_update", language="en", customer_name=customer_name
        )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    with WhatsAppStandIn() as standin:
        cloud = WhatsAppCloud(standin.url, "v25.0", timeout_s=30)
        async with open_entities(tmp_path) as entities:
            await put(entities, Agent(id="agent-1", organization_id=ORGANIZATION, title="Clerk"))
            bench = Bench(entities, cloud)
            yield bench
            await bench.inbound.close()
            await cloud.close()


async def test_message_whose_poster_hangs_up_is_answered(bench: Bench) -> None:
    connection = await bench.agents.connect(OWNER, "agent-1", DRAFT)
    body = event("1001", **written("Hello", sender=ADA, wamid="wamid.1", at=int(time.time())))
    signature = signed(body)["x-hub-signature-256"]
    posting = asyncio.ensure_future(bench.inbound.receive(connection.id, body, signature=signature))

    def hang_up(*_: object) -> None:
        posting.cancel()

    bench.entities.subscribe(WhatsAppInbound, hang_up)
    await asyncio.gather(posting, return_exceptions=True)
    assert posting.cancelled()
    async with asyncio.timeout(30):
        assert await bench.echo.heard.get() == "Hello"


async def test_agent_that_is_deleted_meanwhile_is_not_connected(bench: Bench) -> None:
    agent = bench.entities.get(Agent, "agent-1")
    _, refused = await asyncio.gather(
        bench.entities.transact(lambda transaction: transaction.delete(agent)),
        bench.agents.connect(OWNER, "agent-1", DRAFT),
        return_exceptions=True,
    )
    assert isinstance(refused, AgentNotFoundError)
    assert list(bench.entities.all(WhatsAppConnection)) == []


async def test_customer_name_is_for_who_has_none(bench: Bench) -> None:
    connection = await bench.agents.connect(OWNER, "agent-1", DRAFT)
    for name in ("", "John Doe", "Somebody else"):
        await bench.template(connection, name)
    assert [(one.wa_id, one.name) for one in bench.entities.all(WhatsAppContact)] == [(ADA, "John Doe")]


async def test_what_was_sent_is_no_failure_where_it_cannot_be_kept(bench: Bench) -> None:
    connection = await bench.agents.connect(OWNER, "agent-1", DRAFT)
    await bench.connections.mark(connection, token_refused=True)
    refused = bench.connections.of(OWNER, "agent-1")
    await bench.entities.close()
    answer = await bench.template(refused, "John Doe")
    assert answer["contacts"] == [{"input": ADA, "wa_id": ADA}]


async def test_oldest_messages_go_when_there_are_too_many(bench: Bench) -> None:
    connection = await bench.agents.connect(OWNER, "agent-1", DRAFT)
    kept = [
        WhatsAppOutbound(id=f"{n:06}", organization_id=ORGANIZATION, connection_id=connection.id, created_at=n + 1)
        for n in range(KEPT + SWEPT)
    ]
    await put(bench.entities, *kept)
    await bench.template(connection, "")
    left = bench.entities.children(WhatsAppOutbound, ORGANIZATION, connection.id)
    assert (len(left), left[0].id) == (KEPT + 1, f"{SWEPT:06}")
