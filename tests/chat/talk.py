"""Short ways to what tests of chats do all the time."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import lance

from tests.rpc.calls import data_of, new_dataset, upload
from tests.serving import Server

_numbers = itertools.count(1)
DONE = "[DONE]"


async def new_chat(rest: httpx.AsyncClient, model: str = "any@StandIn", **fields: Any) -> str:
    """Create an assistant, without datasets unless they are given, and return its id."""
    llm = {"model_name": model, **fields.pop("llm", {})}
    body = {"name": f"chat {next(_numbers)} of {id(rest)}", "llm": llm, **fields}
    return str(data_of(await rest.post("/api/v1/chats", json=body))["id"])


async def filled_dataset(rest: httpx.AsyncClient, *contents: str) -> str:
    """Create a dataset with chunks and return its id."""
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "manual.txt", "x")
    for content in contents:
        path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
        data_of(await rest.post(path, json={"content": content}))
    return dataset


async def new_session(rest: httpx.AsyncClient, chat: str) -> str:
    """Begin a session and return its id."""
    return str(data_of(await rest.post(f"/api/v1/chats/{chat}/sessions", json={}))["id"])


async def ask(rest: httpx.AsyncClient, chat: str, question: str, **body: Any) -> Any:
    """Return the whole answer to a question, which must be a success."""
    return data_of(await rest.post(f"/api/v1/chats/{chat}/completions", json={"question": question, **body}))


async def messages(rest: httpx.AsyncClient, chat: str, session: str) -> list[dict[str, Any]]:
    """Return what was said in a session, without the opener."""
    [found] = data_of(await rest.get(f"/api/v1/chats/{chat}/sessions", params={"id": session}))
    assert found["message_count"] == len(found["messages"])
    return [message for message in found["messages"] if message["id"]]


async def said(rest: httpx.AsyncClient, chat: str, session: str) -> list[tuple[str, str]]:
    """Return who said what in a session, without the opener."""
    return [(message["role"], message["content"]) for message in await messages(rest, chat, session)]


async def count_sessions(rest: httpx.AsyncClient, chat: str) -> int:
    """Return the number of sessions of an assistant."""
    return int((await rest.get(f"/api/v1/chats/{chat}/sessions")).json()["total"])


async def delete(rest: httpx.AsyncClient, path: str, *ids: str) -> None:
    """Delete by ids."""
    data_of(await rest.request("DELETE", f"/api/v1/{path}", json={"ids": ids}))


@asynccontextmanager
async def streaming(
    rest: httpx.AsyncClient, chat: str, question: str, **body: Any
) -> AsyncIterator[AsyncIterator[Any]]:
    """Give the events of a streamed answer as they come; leaving the context leaves the stream."""
    path = f"/api/v1/chats/{chat}/completions"
    async with rest.stream("POST", path, json={"question": question, "stream": True, **body}) as response:
        assert response.status_code == 200, await response.aread()
        yield _events(response)


async def _events(response: httpx.Response) -> AsyncIterator[Any]:
    async for line in response.aiter_lines():
        if line:
            data = line.removeprefix("data:")
            yield data if data == DONE else json.loads(data)


async def stream(rest: httpx.AsyncClient, chat: str, question: str, **body: Any) -> list[Any]:
    """Return all events of a streamed answer."""
    async with streaming(rest, chat, question, **body) as events:
        return [event async for event in events]


def pieces(events: list[Any]) -> list[str]:
    """Return the deltas of a stream."""
    assert events[-1] == DONE
    return [event["answer"] for event in events[:-2]]


def message_rows(server: Server, session: str) -> int:
    """Return the number of messages of a session on the disk."""
    assert session.isalnum()
    table = lance.dataset(str(server.folder / "data" / "db" / "messages.lance"))
    return int(table.count_rows(filter=f"parent = '{session}'"))
