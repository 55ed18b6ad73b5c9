"""Sessions outlive the server; what was deleted does not come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.chat.conftest import settings
from tests.chat.talk import ask, delete, message_rows, messages, new_chat, new_session, said, streaming
from tests.reliability.store import eventually
from tests.rpc.calls import data_of
from tests.serving import Server
from tests.standins.openai_chat import ChatStandIn, answers, stalls


async def test_stopped_server_keeps_sessions_and_goes_on(
    own_server: Callable[..., Server], provider: ChatStandIn
) -> None:
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        chat = await new_chat(rest)
        session = (await ask(rest, chat, "Why?"))["session_id"]
        before = data_of(await rest.get(f"/api/v1/chats/{chat}/sessions"))
        chats = data_of(await rest.get("/api/v1/chats"))
    assert server.stop() == 0
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        assert data_of(await rest.get(f"/api/v1/chats/{chat}/sessions")) == before
        assert data_of(await rest.get("/api/v1/chats")) == chats
        provider.default = answers("Still here.")
        await ask(rest, chat, "And?", session_id=session)
        sent = [(message["role"], message["content"]) for message in provider.requests[-1].messages]
        assert sent == [("user", "Why?"), ("assistant", "This is an answer."), ("user", "And?")]
        assert len(await said(rest, chat, session)) == 4


async def test_killed_server_keeps_what_it_answered_and_forgets_what_was_deleted(
    own_server: Callable[..., Server], provider: ChatStandIn
) -> None:
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        chat = await new_chat(rest)
        gone = [(await ask(rest, chat, "Why?"))["session_id"] for _ in range(3)]
        kept = (await ask(rest, chat, "Why?"))["session_id"]
        other = await new_chat(rest)
        gone.append((await ask(rest, other, "Why?"))["session_id"])
        await asyncio.gather(delete(rest, f"chats/{chat}/sessions", *gone[:3]), delete(rest, "chats", other))
        server.kill()
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        assert len(await said(rest, chat, kept)) == 2
        for session in gone:
            await eventually(lambda session=session: message_rows(server, session) == 0)
        assert [found["id"] for found in data_of(await rest.get(f"/api/v1/chats/{chat}/sessions"))] == [kept]


async def test_server_killed_during_an_answer_has_a_session_that_goes_on(
    own_server: Callable[..., Server], provider: ChatStandIn
) -> None:
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        chat = await new_chat(rest)
        session = await new_session(rest, chat)
        await ask(rest, chat, "Before?", session_id=session)
        provider.default = stalls(after=1)
        async with streaming(rest, chat, "Why?", session_id=session) as events:
            await anext(events)
            server.kill()
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        assert [content for _, content in await said(rest, chat, session)] == ["Before?", "This is an answer."]
        provider.default = answers("After.")
        await ask(rest, chat, "After?", session_id=session)
        assert len(await messages(rest, chat, session)) == 4


async def test_stopped_server_keeps_the_beginning_of_an_answer(
    own_server: Callable[..., Server], provider: ChatStandIn
) -> None:
    server = own_server(settings={**settings(provider), "DRAIN_TIMEOUT_S": "0.2"})
    async with server.rest() as rest:
        chat = await new_chat(rest)
        session = await new_session(rest, chat)
        provider.default = stalls(after=2)
        async with streaming(rest, chat, "Why?", session_id=session) as events:
            await anext(events)
            await anext(events)
            assert await asyncio.to_thread(server.stop) == 0
    assert provider.requests[-1].wait_left(20)
    server = own_server(settings=settings(provider))
    async with server.rest() as rest:
        [_, answer] = await messages(rest, chat, session)
        assert (answer["content"], answer["finish_reason"]) == ("word word ", "cancelled")
