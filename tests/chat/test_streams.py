"""Streams: true deltas, failures on the way, callers who leave, and what is kept of it all."""

from __future__ import annotations

import asyncio
import json
import re

import grpc
import httpx
import pytest

from knowflow.v1 import completion_service_pb2, completion_service_pb2_grpc
from tests.chat.talk import (
    DONE,
    ask,
    count_sessions,
    delete,
    filled_dataset,
    message_rows,
    messages,
    new_chat,
    new_session,
    pieces,
    said,
    stream,
    streaming,
)
from tests.reliability.store import eventually
from tests.serving import Server
from tests.standins.openai_chat import (
    ChatStandIn,
    Gate,
    answers,
    drops,
    ends,
    garbles,
    holds,
    refuses,
    sends,
    stalls,
)

PUMP = "The pump needs oil every six months."


def held(gate: Gate, *before: str, after: str = "end.") -> object:
    """Return a reply of some pieces, then the rest when the gate is opened."""
    return answers(before, after=len(before), then=holds(gate, ends(after)))


def typed(channel: grpc.aio.Channel, chat: str, **fields: str) -> grpc.aio.UnaryStreamCall:
    """Return the call that answers with typed messages."""
    request = completion_service_pb2.StreamCompleteRequest(chat_id=chat, question="Why?", **fields)
    return completion_service_pb2_grpc.CompletionServiceStub(channel).StreamComplete(request, timeout=60)


async def test_each_piece_is_forwarded_as_it_comes(rest: httpx.AsyncClient, provider: ChatStandIn) -> None:
    chat = await new_chat(rest)
    gate = Gate()
    provider.default = held(gate, "One ", "two ")
    async with streaming(rest, chat, "Why?") as events:
        # The provider says nothing more until the gate opens: both must have come before.
        assert [(await anext(events))["answer"] for _ in range(2)] == ["One ", "two "]
        gate.open()
        rest_of_it = [event async for event in events]
    assert [rest_of_it[0]["answer"], rest_of_it[-1]] == ["end.", DONE]
    assert len(rest_of_it) == 3


async def test_openai_stream_is_forwarded_as_it_comes(rest: httpx.AsyncClient, provider: ChatStandIn) -> None:
    chat = await new_chat(rest)
    gate = Gate()
    provider.default = held(gate, "One ")
    body = {"model": "m", "messages": [{"role": "user", "content": "Why?"}], "stream": True}
    async with rest.stream("POST", f"/api/v1/chats_openai/{chat}/chat/completions", json=body) as response:
        lines = response.aiter_lines()
        first = json.loads((await anext(lines)).removeprefix("data:"))
        assert first["choices"][0]["delta"] == {"content": "One ", "role": "assistant"}
        gate.open()
        assert [line async for line in lines][-2:] == ["data:[DONE]", ""]


async def test_typed_stream_is_forwarded_as_it_comes(
    channel: grpc.aio.Channel, rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    gate = Gate()
    provider.default = held(gate, "One ")
    call = typed(channel, chat)
    assert (await call.read()).HasField("started")
    assert (await call.read()).delta == "One "
    gate.open()
    assert (await call.read()).delta == "end."
    assert (await call.read()).finished.answer == "One end."
    assert await call.read() is grpc.aio.EOF


async def test_mark_in_several_pieces_is_never_seen_half(rest: httpx.AsyncClient, provider: ChatStandIn) -> None:
    dataset = await filled_dataset(rest, PUMP)
    chat = await new_chat(rest, dataset_ids=[dataset])
    provider.default = answers(["Oil it ", "twice a year [", "I", "D:", "0", "]. See [", "ID:7", "] and [here]", "."])
    events = await stream(rest, chat, "How often does the pump need oil?")
    shown = pieces(events)
    assert "".join(shown) == "Oil it twice a year [ID:0]. See  and [here]."
    assert not any(piece.endswith(("[", "[I", "[ID:", "[ID:0")) for piece in shown)
    assert (await said(rest, chat, events[0]["session_id"]))[-1][1] == "".join(shown)


@pytest.mark.parametrize(
    ("model", "reply", "says"),
    [
        ("any@StandIn", drops(after=2), "broke off|connection"),
        ("any@StandIn", garbles(after=2), "not an answer in OpenAI's format"),
        ("any@Hasty", stalls(after=2), "fell silent"),
        (
            "any@StandIn",
            garbles(b'data: {"error": {"message": "Boom", "code": 500}}\n\n', after=2),
            r"failed \(HTTP 500\)",
        ),
    ],
    ids=["drop", "garbage", "stall", "error event"],
)
async def test_failure_on_the_way_ends_the_stream_in_band_and_keeps_what_came(
    rest: httpx.AsyncClient, provider: ChatStandIn, model: str, reply: object, says: str
) -> None:
    chat = await new_chat(rest, model)
    provider.default = reply
    *deltas, failed, done = await stream(rest, chat, "Why?")
    assert ([delta["answer"] for delta in deltas], done) == (["word ", "word "], DONE)
    assert failed["code"] == 500
    assert failed["answer"] == f"**ERROR**: {failed['message']}"
    assert re.search(says, failed["message"]), failed["message"]
    [_, kept] = await messages(rest, chat, failed["session_id"])
    assert (kept["content"], kept["finish_reason"]) == ("word word ", "error")
    # The session goes on.
    provider.default = answers("Better.")
    assert (await ask(rest, chat, "Again?", session_id=failed["session_id"]))["answer"] == "Better."


@pytest.mark.parametrize(
    ("model", "reply", "status"),
    [
        ("any@StandIn", refuses(401, code="invalid_api_key"), 503),
        ("any@StandIn", refuses(429, retry_after=100), 429),
        ("any@StandIn", refuses(500), 503),
        ("any@StandIn", refuses(404), 503),
        ("any@StandIn", drops(), 503),
        ("any@StandIn", drops(after=0), 503),
        ("any@Hasty", stalls(), 503),
        ("any@Hasty", stalls(after=0), 503),
        ("any@StandIn", garbles(), 503),
        ("any@StandIn", sends(b"<html>Hello</html>", content_type="text/html"), 503),
        ("any@Stubborn", refuses(429, retry_after=100), 429),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_failure_before_the_first_piece_is_a_status_and_keeps_nothing(
    rest: httpx.AsyncClient, provider: ChatStandIn, model: str, reply: object, status: int
) -> None:
    chat = await new_chat(rest, model)
    session = await new_session(rest, chat)
    provider.default = reply
    for body in ({"stream": True}, {"session_id": session, "stream": True}, {}):
        answer = await rest.post(f"/api/v1/chats/{chat}/completions", json={"question": "Why?", **body})
        assert (answer.status_code, answer.json()["code"]) == (status, {429: 102, 503: 500}[status])
        assert model in answer.json()["message"]
        # Nobody learns the key.
        assert "Bearer" not in answer.text
    assert await said(rest, chat, session) == []
    assert await count_sessions(rest, chat) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_passing_failure_is_tried_again(rest: httpx.AsyncClient, provider: ChatStandIn, status: int) -> None:
    chat = await new_chat(rest, "any@Stubborn")
    provider.replies += [refuses(status, retry_after=0), answers("At last.")]
    assert (await ask(rest, chat, "Why?"))["answer"] == "At last."
    assert len(provider.requests) == 2


async def test_caller_who_leaves_ends_the_providers_work_and_the_answer_is_kept(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    session = await new_session(rest, chat)
    provider.default = stalls(after=2)
    async with streaming(rest, chat, "Why?", session_id=session) as events:
        assert [(await anext(events))["answer"] for _ in range(2)] == ["word ", "word "]
    assert await asyncio.to_thread(provider.requests[-1].wait_left, 20)
    async with asyncio.timeout(20):
        while not await said(rest, chat, session):  # noqa: ASYNC110 - the caller who would be told has left
            await asyncio.sleep(0.02)
    [question, answer] = await messages(rest, chat, session)
    assert (question["content"], answer["content"], answer["finish_reason"]) == ("Why?", "word word ", "cancelled")
    # The session is free again.
    provider.default = answers("Here I am.")
    assert (await ask(rest, chat, "Still there?", session_id=session))["answer"] == "Here I am."


async def test_caller_who_cancels_a_typed_stream_ends_the_providers_work(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    session = await new_session(rest, chat)
    provider.default = stalls(after=1)
    call = typed(channel, chat, session_id=session)
    assert (await call.read()).HasField("started")
    assert (await call.read()).delta == "word "
    call.cancel()
    assert await asyncio.to_thread(provider.requests[-1].wait_left, 20)
    async with asyncio.timeout(20):
        while not await said(rest, chat, session):  # noqa: ASYNC110 - the caller who would be told has left
            await asyncio.sleep(0.02)
    assert [m["finish_reason"] for m in await messages(rest, chat, session)] == ["", "cancelled"]


@pytest.mark.parametrize("stream", [True, False])
async def test_caller_who_leaves_before_the_first_piece_leaves_nothing(
    rest: httpx.AsyncClient, provider: ChatStandIn, stream: bool
) -> None:
    chat = await new_chat(rest)
    gate = Gate()
    provider.default = holds(gate, answers())
    body = {"question": "Why?", "stream": stream}
    asking = asyncio.create_task(rest.post(f"/api/v1/chats/{chat}/completions", json=body))
    assert await asyncio.to_thread(gate.reached.wait, 20)
    asking.cancel()
    assert await asyncio.to_thread(provider.requests[-1].wait_left, 20)
    assert await count_sessions(rest, chat) == 0


async def test_second_question_of_a_session_waits_for_the_first_answer(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    session = await new_session(rest, chat)
    gate = Gate()
    provider.replies.append(held(gate, "First "))
    provider.default = answers("Second.")
    async with streaming(rest, chat, "One?", session_id=session) as events:
        await anext(events)
        second = asyncio.create_task(ask(rest, chat, "Two?", session_id=session))
        # Another session does not wait, and by its end the second question has been taken.
        assert (await ask(rest, chat, "Other?"))["answer"] == "Second."
        assert not second.done()
        gate.open()
        assert [event async for event in events][-1] == DONE
    assert (await second)["answer"] == "Second."
    assert await said(rest, chat, session) == [
        ("user", "One?"),
        ("assistant", "First end."),
        ("user", "Two?"),
        ("assistant", "Second."),
    ]
    assert provider.requests[-1].messages[-3:] == [
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "First end."},
        {"role": "user", "content": "Two?"},
    ]


async def test_twenty_questions_at_once_in_one_session_are_answered_one_by_one(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    session = await new_session(rest, chat)
    provider.default = answers(lambda sent: f"To {sent[-1]['content']}")
    questions = [f"Number {number}?" for number in range(20)]
    found = await asyncio.gather(*(ask(rest, chat, question, session_id=session) for question in questions))
    assert [answer["answer"] for answer in found] == [f"To {question}" for question in questions]
    kept = await said(rest, chat, session)
    assert sorted(content for role, content in kept if role == "user") == sorted(questions)
    pairs = list(zip(kept[::2], kept[1::2], strict=True))
    assert all(answer == ("assistant", f"To {question}") for (_, question), answer in pairs)


@pytest.mark.parametrize("what", ["session", "chat"])
async def test_deleting_during_an_answer_leaves_nothing_behind(
    chat_server: Server, rest: httpx.AsyncClient, provider: ChatStandIn, what: str
) -> None:
    chat = await new_chat(rest)
    session = await new_session(rest, chat)
    await ask(rest, chat, "Before?", session_id=session)
    gate = Gate()
    provider.default = held(gate, "One ")
    async with streaming(rest, chat, "Why?", session_id=session) as events:
        await anext(events)
        if what == "session":
            await delete(rest, f"chats/{chat}/sessions", session)
        else:
            await delete(rest, "chats", chat)
        gate.open()
        following = [event async for event in events]
    # The answer that was begun is given to its end.
    assert [following[0]["answer"], following[-1]] == ["end.", DONE]
    await eventually(lambda: message_rows(chat_server, session) == 0)
    again = await rest.post(f"/api/v1/chats/{chat}/completions", json={"question": "Why?", "session_id": session})
    assert again.status_code == 404


async def test_assistant_deleted_before_the_first_piece_is_not_found(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    gate = Gate()
    provider.default = holds(gate, answers())
    body = {"question": "Why?", "stream": True}
    asking = asyncio.create_task(rest.post(f"/api/v1/chats/{chat}/completions", json=body))
    assert await asyncio.to_thread(gate.reached.wait, 20)
    await delete(rest, "chats", chat)
    gate.open()
    answer = await asking
    assert (answer.status_code, answer.json()) == (404, {"code": 404, "message": f"You don't own the chat {chat}"})


async def test_session_deleted_while_a_question_waits_for_it_is_not_found(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    session = await new_session(rest, chat)
    gate = Gate()
    provider.default = held(gate, "One ")
    async with streaming(rest, chat, "Why?", session_id=session) as events:
        await anext(events)
        body = {"question": "Two?", "session_id": session}
        second = asyncio.create_task(rest.post(f"/api/v1/chats/{chat}/completions", json=body))
        await delete(rest, f"chats/{chat}/sessions", session)
        gate.open()
        assert [event async for event in events][-1] == DONE
    assert (await second).status_code == 404
    assert len(provider.requests) == 1
