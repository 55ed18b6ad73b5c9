"""Short ways to what tests of webpages do all the time."""

from __future__ import annotations

import itertools
from typing import Any

import grpc
import httpx

from tests.rpc.calls import ended

_numbers = itertools.count(1)


def data_of(answer: httpx.Response) -> Any:
    """Return the data of an answer that must be a success."""
    assert answer.status_code == 200, answer.text
    return answer.json().get("data")


class Shelf:
    """A knowledge base of its own.

    Args:
        rest: A client of its organization.
        channel: The same over gRPC, which tells when a document has been read.
        identifier: The knowledge base.
    """

    def __init__(self, rest: httpx.AsyncClient, channel: grpc.aio.Channel, identifier: str) -> None:
        self.rest = rest
        self.channel = channel
        self.id = identifier
        self.path = f"/api/v1/knowledgebase/{identifier}"

    @classmethod
    async def made(cls, rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> Shelf:
        """Return a new one."""
        body = {"name": f"shelf {next(_numbers)} of {id(rest)}"}
        return cls(rest, channel, data_of(await rest.post("/api/v1/knowledgebase", json=body))["id"])

    async def add(self, url: str, **more: str) -> dict[str, Any]:
        """Add a webpage, and return it when it has been read."""
        return await self.read(data_of(await self.rest.post(f"{self.path}/webpages", json={"url": url, **more}))["id"])

    async def read(self, webpage: str) -> dict[str, Any]:
        """Return a webpage when nothing runs for it any more."""
        await ended(self.channel, self.id, webpage)
        return await self.get(webpage)

    async def get(self, webpage: str) -> dict[str, Any]:
        """Return a webpage as it is."""
        found: dict[str, Any] = data_of(await self.rest.get(f"{self.path}/webpages/{webpage}"))
        return found

    async def refresh(self, webpage: str) -> dict[str, Any]:
        """Refresh a webpage, and return it when it has been read."""
        assert data_of(await self.rest.post(f"{self.path}/webpages/{webpage}/refresh"))["status"] == "refreshing"
        return await self.read(webpage)

    async def texts(self, document: str) -> dict[str, str]:
        """Return the contents of the chunks of a document by id, those of references included."""
        answer = await self.rest.get(
            f"/api/v1/datasets/{self.id}/documents/{document}/chunks", params={"page_size": 100}
        )
        return {chunk["id"]: chunk["content"] for chunk in data_of(answer)["chunks"]}


def content(webpage: dict[str, Any]) -> dict[str, str]:
    """Return the ids of the questions of a webpage."""
    return {pair["question"]: pair["id"] for pair in webpage["extractedContent"]}
