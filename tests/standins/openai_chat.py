"""A stand-in for an OpenAI-compatible server with chat models: real HTTP on loopback, real wire format, any failure.

In a test::

    with ChatStandIn() as provider:                     # provider.url is the base_url of KNOWFLOW_PROVIDERS
        provider.default = answers("Paris.")            # what every request gets which nothing else is said for
        provider.models["slow"] = answers("a b c", tokens_per_s=20)     # what the requests for a model get
        provider.replies += [refuses(429, retry_after=1), drops(after=2)]  # used up first, one a request
        ...
        provider.requests[-1].messages                  # what the server was sent, the key left out
        assert provider.requests[-1].wait_left()        # the caller closed the connection in mid-answer

Replies: `answers` (streamed where the request says so, else whole), `refuses`, `overflows`, `drops`, `stalls`,
`garbles`, `sends` (any bytes), and `holds` with a `Gate` that the test opens: tests wait for what happens, never for
time. A text may be a function of the messages, so that an answer can show what the prompt was. `timestamps` makes an
answer of pieces that tell when they were sent, in microseconds of CLOCK_MONOTONIC, which all processes of a machine
share.

The model name `stream-<pieces>-<per second>`, such as `stream-100-20`, is known without being told, and so is
`POST /v1/embeddings`, which answers as `tests/providers/openai_stand_in.py` does.

As a process of its own, for benchmarks: `python -m tests.standins.openai_chat` prints its base_url and serves until its
standard input ends. 200 streams at 20 pieces a second take it about a fifth of a core.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tests.providers.openai_stand_in import KEY, embeddings
from tests.standins.http import Exchange, LoopbackServer

Messages = Sequence[dict[str, Any]]
Text = str | Iterable[str] | Callable[[Messages], str | Iterable[str]]
_CREATED = 1_700_000_000
_STREAM_MODEL = re.compile(r"stream-(\d+)-(\d+)")
_PATIENCE_S = 60.0


@dataclass(eq=False)
class ChatRequest:
    """A request as the server got it; all but the last three fields are there when the answer begins."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    """By lower-case name, without Authorization."""
    has_key: bool
    """True when Authorization held `KEY`."""
    peer: tuple[str, int]
    """Where the connection came from."""
    sent: int = 0
    """Pieces of text sent so far."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the answer has ended in any way."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the caller closed the connection before the answer had ended."""

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body.get("messages", []))

    def wait_left(self, timeout_s: float = _PATIENCE_S) -> bool:
        """Wait until the caller has left; False when it has not. In a coroutine, use `asyncio.to_thread`."""
        return self.left.wait(timeout_s)


class Gate:
    """Holds answers until a test, in another thread, opens it.

    `reached` is set when an answer waits or has waited.
    """

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._lock = threading.Lock()
        self._is_open = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self) -> None:
        with self._lock:
            self._is_open = True
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)

    async def wait(self) -> None:
        opened = asyncio.Event()
        with self._lock:
            self._waiting.append((asyncio.get_running_loop(), opened))
            if self._is_open:
                opened.set()
        self.reached.set()
        await opened.wait()


@dataclass
class Call:
    """What a reply works with."""

    exchange: Exchange
    request: ChatRequest

    def chunk(self, delta: dict[str, Any] | None, *, finish_reason: str | None = None, **more: Any) -> bytes:
        """Return an event of OpenAI's format; no delta is an event without choices."""
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": _CREATED, "model": self.request.model}
        return event({**head, "choices": choices, **more})


Reply = Callable[[Call], Awaitable[None]]


def event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def timestamps(count: int) -> Iterable[str]:
    """Return `count` pieces; each is the time at which it is made, just before it is sent."""
    return (f"{time.monotonic_ns() // 1_000} " for _ in range(count))


def usage_of(messages: Messages, completion_tokens: int) -> dict[str, int]:
    """Return usage as this server counts: words of the prompt, pieces of the answer."""
    prompt = sum(len(str(message["content"]).split()) for message in messages)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt + completion_tokens,
    }


@dataclass(frozen=True, kw_only=True)
class answers:
    """A good answer, whole or streamed as the request says.

    Attributes:
        text: The whole, cut at its blanks; or its pieces; or a function of the messages that gives one of these anew.
        tokens_per_s: Pieces per second, each at its time whatever the others took; 0 for no waiting.
        usage: Whether a stream tells its usage when it is asked to.
        finish_reason: Why it ended.
        reasoning: Sent as `reasoning_content` before the text.
        then: What happens in place of the rest, once `after` pieces were sent.
        after: See `then`; 0 is after the headers and the role.
    """

    text: Text = field(default="This is an answer.", kw_only=False)
    tokens_per_s: float = 0.0
    usage: bool = True
    finish_reason: str = "stop"
    reasoning: str = ""
    then: Reply | None = None
    after: int | None = None

    async def __call__(self, call: Call) -> None:
        made = self.text(call.request.messages) if callable(self.text) else self.text
        pieces = re.findall(r"\s*\S+\s*$|\s*\S+", made) if isinstance(made, str) else made
        if not call.request.body.get("stream"):
            await self._send_whole(call, "".join(pieces))
            return
        await self._send_pieces(call, iter(pieces))
        if self.then is not None:
            await call.exchange.writer.drain()
            await self.then(call)
            return
        request = call.request
        call.exchange.write(call.chunk({}, finish_reason=self.finish_reason))
        if self.usage and (request.body.get("stream_options") or {}).get("include_usage"):
            call.exchange.write(call.chunk(None, usage=usage_of(request.messages, request.sent)))
        call.exchange.write(b"data: [DONE]\n\n")
        await call.exchange.end()

    async def _send_pieces(self, call: Call, pieces: Iterator[str]) -> None:
        exchange, request = call.exchange, call.request
        exchange.begin()
        exchange.write(call.chunk({"role": "assistant", "content": ""}))
        if self.reasoning:
            exchange.write(call.chunk({"reasoning_content": self.reasoning}))
        began = time.monotonic()
        for number in itertools.count() if self.after is None else range(self.after):
            if self.tokens_per_s:
                await asyncio.sleep(max(0.0, began + number / self.tokens_per_s - time.monotonic()))
            piece = next(pieces, None)
            if piece is None:
                break
            exchange.write(call.chunk({"content": piece}))
            request.sent += 1
            if request.sent % 64 == 0:
                await exchange.writer.drain()

    async def _send_whole(self, call: Call, content: str) -> None:
        message = {"role": "assistant", "content": content}
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": _CREATED,
            "model": call.request.model,
            "choices": [{"index": 0, "message": message, "finish_reason": self.finish_reason}],
            "usage": usage_of(call.request.messages, len(content.split())),
        }
        await call.exchange.send_json(200, body)


def refuses(
    status: int, *, code: str | None = None, message: str = "No.", retry_after: str | int | None = None, **more: Any
) -> Reply:
    """An error in OpenAI's format; `more` are further fields of it, such as `param`."""

    async def reply(call: Call) -> None:
        headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": code, **more}
        await call.exchange.send_json(status, {"error": error}, **headers)

    return reply


def overflows() -> Reply:
    """What OpenAI says to a prompt that is too long."""
    message = "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens."
    return refuses(400, code="context_length_exceeded", message=message, param="messages")


def drops(*, after: int | None = None) -> Reply:
    """Closes the connection: after some pieces, or without any answer."""

    async def drop(call: Call) -> None:
        call.exchange.drop()

    return drop if after is None else answers(itertools.repeat("word "), after=after, then=drop)


def stalls(*, after: int | None = None) -> Reply:
    """Says nothing more until the caller leaves: after some pieces, or before any answer."""

    async def stall(call: Call) -> None:
        await call.exchange.left.wait()

    return stall if after is None else answers(itertools.repeat("word "), after=after, then=stall)


def holds(gate: Gate, reply: Reply) -> Reply:
    """Waits until a test opens the gate; as `then` of `answers`, in the middle of an answer."""

    async def hold(call: Call) -> None:
        await gate.wait()
        await reply(call)

    return hold


def ends(text: str = "") -> Reply:
    """Ends an answer that has begun, for `then`: a last piece, the reason, `[DONE]`."""

    async def end(call: Call) -> None:
        if text:
            call.exchange.write(call.chunk({"content": text}))
            call.request.sent += 1
        call.exchange.write(call.chunk({}, finish_reason="stop") + b"data: [DONE]\n\n")
        await call.exchange.end()

    return end


def garbles(data: bytes = b'data: {"choices": [}\n\n', *, after: int = 0) -> Reply:
    """Sends something that is no event of an answer, after some pieces, and ends."""

    async def garble(call: Call) -> None:
        call.exchange.write(data)
        await call.exchange.end()

    return answers(itertools.repeat("word "), after=after, then=garble)


def sends(*pieces: bytes, content_type: str = "text/event-stream") -> Reply:
    """Sends a body of these pieces, each in a chunk of its own."""

    async def send(call: Call) -> None:
        call.exchange.begin(Content_Type=content_type)
        for piece in pieces:
            call.exchange.write(piece)
            await call.exchange.writer.drain()
        await call.exchange.end()

    return send


class ChatStandIn:
    """Serves while it is entered; see the module."""

    def __init__(self, *, is_key_required: bool = False) -> None:
        self.default: Reply = answers()
        self.models: dict[str, Reply] = {}
        self.replies: deque[Reply] = deque()
        self.requests: list[ChatRequest] = []
        self.most_at_once = 0
        self._active = 0
        self._is_key_required = is_key_required
        self._server = LoopbackServer(self._handle)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.__exit__(*exception)

    @property
    def url(self) -> str:
        """The base_url, `http://127.0.0.1:<port>/v1`."""
        return f"http://127.0.0.1:{self._server.port}/v1"

    async def _handle(self, exchange: Exchange) -> None:
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        has_key = headers.pop("authorization", None) == f"Bearer {KEY}"
        peer = exchange.writer.get_extra_info("peername")
        request = ChatRequest(exchange.path, json.loads(exchange.body or b"{}"), headers, has_key, peer)
        self._active += 1
        self.most_at_once = max(self.most_at_once, self._active)
        try:
            if exchange.path == "/v1/embeddings":
                await exchange.send_json(200, embeddings(request.body))
                return
            self.requests.append(request)
            await self._reply(request)(Call(exchange, request))
        except ConnectionError:
            # A write may find out before the read does.
            exchange.left.set()
            raise
        finally:
            self._active -= 1
            if exchange.left.is_set():
                request.left.set()
            request.ended.set()

    def _reply(self, request: ChatRequest) -> Reply:
        if request.path != "/v1/chat/completions":
            return refuses(404, message=f"Unknown address {request.path}")
        if self._is_key_required and not request.has_key:
            return refuses(401, code="invalid_api_key", message="Incorrect API key provided.")
        if self.replies:
            return self.replies.popleft()
        if match := _STREAM_MODEL.fullmatch(request.model):
            return answers(lambda _: timestamps(int(match[1])), tokens_per_s=float(match[2]))
        return self.models.get(request.model, self.default)


def main() -> None:
    """Serve until standard input ends."""
    with ChatStandIn() as provider:
        print(provider.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
