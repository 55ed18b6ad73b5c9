"""Questions with a callback are kept, or refused without a trace, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from knowflow.store.v1.chat_pb2 import Session
from knowflow.store.v1.organization_pb2 import Organization
from knowflow.store.v1.webhook_pb2 import CallbackJob, WebhookDelivery, WebhookEndpoint
from knowflow_server.domain import callback
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_chat import AgentChats, Asked
from knowflow_server.domain.callback import MAX_WAITING, Callbacks, CallbackSigners
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.credits import Credits
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.errors.base import OverloadedError
from knowflow_server.providers.secret_box import AesSecretBox
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from tests.store.records import ORGANIZATION, open_database, put

OWNER = Principal(ORGANIZATION)
URL = "https://example.com/answers"


class Anywhere:
    """Allows every address."""

    async def check(self, url: str) -> None:
        """Allow it."""


class Bench:
    def __init__(self, entities: EntityStore, messages: MessageStore) -> None:
        clock, ids, nobody = SystemClock(), Uuid1Source(), cast("Any", None)
        self.entities, self.messages = entities, messages
        agents = Agents(entities, messages, Jobs(clock, ids), clock, ids)
        self.simple = SimpleAgents(entities, agents, nobody, clock, ids)
        ledger = Credits(entities, messages, clock, ids, prices={"chat": 1}, grant=5)
        # Nobody runs agents here: every question fails, and its asker is told so.
        chats = AgentChats(entities, messages, nobody, ledger, ids)
        signers = CallbackSigners(entities, AesSecretBox(b"a key of at least thirty-two bytes"), clock)
        sender = cast("Any", Anywhere())
        self.callbacks = Callbacks(entities, messages, agents, chats, ledger, signers, sender, clock, ids)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_database(tmp_path) as database:
        entities, messages = await EntityStore.open(database), await MessageStore.open(database)
        bench = Bench(entities, messages)
        await put(entities, Organization(id=ORGANIZATION, name="Mine"))
        try:
            yield bench
        finally:
            await bench.callbacks.close()
            await messages.close()
            await entities.close()


async def test_question_whose_asker_leaves_is_answered(bench: Bench) -> None:
    agent = await bench.simple.create(OWNER, name="Clerk")
    bench.callbacks.start()
    asking = asyncio.ensure_future(bench.callbacks.accept(OWNER, agent.id, Asked("Is it open?"), URL))

    def leave(_: str, job: CallbackJob | None) -> None:
        if job is not None:
            asking.cancel()

    bench.entities.subscribe(CallbackJob, leave)
    posted = asyncio.Event()
    bench.entities.subscribe(WebhookDelivery, lambda *_: posted.set())
    await asyncio.gather(asking, return_exceptions=True)
    assert asking.cancelled()
    async with asyncio.timeout(30):
        await posted.wait()
    assert list(bench.entities.all(CallbackJob)) == []
    [session] = bench.entities.children(Session, ORGANIZATION, agent.id)
    assert session.message_count == 0


async def test_too_many_answers_that_could_not_be_posted_keep_questions_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "MAX_UNPOSTED", 2)
    agent = await bench.simple.create(OWNER, name="Clerk")
    left = [WebhookEndpoint(id=str(n), organization_id=ORGANIZATION, is_callback=True) for n in range(2)]
    await put(bench.entities, *left)
    with pytest.raises(OverloadedError, match="could not be posted"):
        await bench.callbacks.accept(OWNER, agent.id, Asked("Is it open?"), URL)
    await bench.entities.transact(lambda transaction: transaction.delete(left[0]))
    assert await bench.callbacks.accept(OWNER, agent.id, Asked("Is it open?"), URL) is None


async def test_question_that_is_refused_begins_no_conversation(bench: Bench) -> None:
    agent = await bench.simple.create(OWNER, name="Clerk")
    jobs = [CallbackJob(id=f"{n:032}", organization_id=ORGANIZATION, created_at=n) for n in range(MAX_WAITING)]
    await put(bench.entities, *jobs)
    with pytest.raises(OverloadedError):
        await bench.callbacks.accept(OWNER, agent.id, Asked("Is it open?"), URL)
    assert bench.entities.children(Session, ORGANIZATION, agent.id) == []
    # Nor when the last place is taken meanwhile.
    await bench.entities.transact(lambda transaction: transaction.delete(jobs[0]))
    asked = [bench.callbacks.accept(OWNER, agent.id, Asked("Is it open?"), URL) for _ in range(3)]
    refused = [one for one in await asyncio.gather(*asked, return_exceptions=True) if one is not None]
    assert [type(one) for one in refused] == [OverloadedError] * 2
    assert len(bench.entities.children(Session, ORGANIZATION, agent.id)) == 1
