"""A receiver of webhooks on loopback, which checks signatures with the library that receivers use."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from standardwebhooks.webhooks import Webhook

from tests.standins.http import Exchange, LoopbackServer

Answer = Callable[[Exchange], Awaitable[None]]


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Answer with a status."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(status, body, **headers)

    return answer


async def drops(exchange: Exchange) -> None:
    """Close the connection without an answer."""
    exchange.drop()


async def stalls(exchange: Exchange) -> None:
    """Never answer."""
    await exchange.left.wait()


@dataclass(frozen=True)
class Received:
    """One attempt as the receiver saw it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.content["data"]

    def verify(self, secret: str) -> Any:
        """Return the body of an attempt that a secret has signed; raise for any other."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Keeps what comes, by path; answers 200, or what `script` has for a path: in turn, the last for ever."""

    script: dict[str, deque[Answer]] = field(default_factory=dict)
    received: defaultdict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._server = LoopbackServer(self._answer)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.__exit__(*exception)

    @property
    def place(self) -> str:
        """The host and port, as `KNOWFLOW_OUTGOING_ALLOW` names them."""
        return f"127.0.0.1:{self._server.port}"

    @property
    def settings(self) -> dict[str, str]:
        """Settings of a server which may tell this receiver, and tries again at once."""
        return {
            "OUTGOING_ALLOW": json.dumps([self.place]),
            "WEBHOOK_RETRY_DELAYS_S": json.dumps([0.05] * 40),
            "WEBHOOK_TIMEOUT_S": "1",
        }

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    def answers(self, path: str, *answers: Answer) -> None:
        """Have the attempts at a path answered so."""
        self.script[path] = deque(answers)

    async def until(self, check: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(60):
            while not check():  # noqa: ASYNC110 - the event is in another thread
                await asyncio.sleep(0.02)

    async def attempts(self, path: str, number: int) -> list[Received]:
        """Wait for so many attempts at a path, and return them."""
        await self.until(lambda: len(self.received[path]) >= number)
        return self.received[path]

    async def _answer(self, exchange: Exchange) -> None:
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        self.received[exchange.path].append(Received(exchange.path, headers, exchange.body))
        script = self.script.get(exchange.path) or deque([says(200)])
        await (script.popleft() if len(script) > 1 else script[0])(exchange)


async def register(rest: httpx.AsyncClient, url: str, *events: str) -> dict[str, Any]:
    """Create a webhook and return it with its secret."""
    answer = await rest.post("/v1/webhooks", json={"url": url, "events": list(events)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def deliveries(rest: httpx.AsyncClient, webhook: str, **filters: Any) -> list[dict[str, Any]]:
    """Return the newest deliveries of a webhook."""
    answer = await rest.get(f"/v1/webhooks/{webhook}/deliveries", params={"limit": 100, **filters})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def settled(rest: httpx.AsyncClient, webhook: str) -> list[dict[str, Any]]:
    """Wait until no delivery of a webhook waits, and return them."""
    async with asyncio.timeout(60):
        # The event is in another process.
        while await deliveries(rest, webhook, status="pending"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return await deliveries(rest, webhook)
