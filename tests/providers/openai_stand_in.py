"""A stand-in for an OpenAI-compatible server: real HTTP on loopback, real wire format, scripted failures."""

import base64
import hashlib
import json
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.providers.rerank_replies import reranks

DIMENSION = 8
KEY = "sk-very-secret-key"

Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def vector(text: str, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """The vector, not normalised, that the server gives for a text."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    return (3 * np.random.default_rng(seed).standard_normal(dimension)).astype(np.float32)


@dataclass
class Server:
    """What a test scripts and reads. `replies` are used up first; then every request is answered well."""

    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    default: Reply | None = None
    most_at_once: int = 0


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def embeddings(body: dict[str, Any], *, dimension: int = DIMENSION, as_floats: bool = False) -> dict[str, Any]:
    """A good answer in OpenAI's format; the rows come last first, since only their `index` counts."""

    def encoded(text: str) -> str | list[float]:
        numbers = vector(text, dimension)
        if as_floats or body.get("encoding_format") != "base64":
            return [float(number) for number in numbers]
        return base64.b64encode(numbers.astype("<f4").tobytes()).decode()

    data = [
        {"object": "embedding", "index": index, "embedding": encoded(text)} for index, text in enumerate(body["input"])
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": data[::-1], "model": body["model"], "usage": usage}


def good(*, dimension: int = DIMENSION, as_floats: bool = False) -> Reply:
    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        answer = embeddings(body, dimension=dimension, as_floats=as_floats)
        send(handler, 200, json.dumps(answer).encode())

    return reply


def answers(change: Callable[[dict[str, Any]], object]) -> Reply:
    """A good answer, changed by the test."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        answer = embeddings(body, as_floats=True)
        change(answer)
        send(handler, 200, json.dumps(answer).encode())

    return reply


def refuses(status: int, body: bytes = b"", **headers: str) -> Reply:
    return lambda handler, _: send(handler, status, body, **headers)


def drops(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_HttpServer"

    def do_POST(self) -> None:
        state = self.server.state
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.active += 1
            state.most_at_once = max(state.most_at_once, self.server.active)
            state.bodies.append({"path": self.path, **body})
            state.authorizations.append(self.headers.get("Authorization"))
            usual = reranks() if self.path.endswith("/rerank") else good()
            reply = state.replies.popleft() if state.replies else state.default or usual
        try:
            # The caller may have given up.
            with suppress(ConnectionError):
                reply(self, body)
        finally:
            with self.server.lock:
                self.server.active -= 1

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = state
        self.lock = threading.Lock()
        self.active = 0

    def handle_error(self, request: object, client_address: object) -> None:
        # Callers who give up may do so while the next request is waited for.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class OpenAIStandIn:
    """A context manager that serves while it is entered."""

    def __init__(self) -> None:
        self.state = Server()
        self._server = _HttpServer(self.state)
        self.state.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Server:
        self._thread.start()
        return self.state

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
