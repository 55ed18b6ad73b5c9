"""Stand-ins of MinerU's and dots.ocr's servers: real HTTP on loopback, their wire formats, scripted failures."""

from __future__ import annotations

import base64
import email
import email.policy
import io
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

Reply = Callable[["Handler"], None]


@dataclass
class StandIn:
    """What a test scripts and reads. `replies` are used up first; then every request is answered well.

    Attributes:
        url: Where it listens.
        content: Gives the answer for a request: MinerU's content list, or the text of dots.ocr's model.
        replies: Answers before that.
        requests: The bodies of parsing requests as they were understood.
        arrived: Is released by each parsing request.
        gate: Answers wait for it.
        left: Set when a caller left while its answer waited.
    """

    content: Callable[[dict[str, Any]], Any]
    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gate: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()


class Handler(BaseHTTPRequestHandler):
    """Answers as both services do; the path tells which one is meant."""

    stand_in: StandIn

    def do_GET(self) -> None:
        """Answer vLLM's list of models."""
        self.send(200, {"object": "list", "data": [{"id": "dots-served", "object": "model"}]})

    def do_POST(self) -> None:
        """Answer a request to parse."""
        body = (
            self.rfile.read(int(self.headers["Content-Length"])) if self.headers["Content-Length"] else self._chunks()
        )
        request = {"/file_parse": self._form, "/v1/chat/completions": self._chat}[self.path](body)
        self.stand_in.requests.append(request)
        self.stand_in.arrived.release()
        self._wait()
        if self.stand_in.replies:
            self.stand_in.replies.popleft()(self)
            return
        content = self.stand_in.content(request)
        if self.path == "/file_parse":
            name = request["name"].rsplit(".", 1)[0]
            results = {name: {"content_list": json.dumps(content)}}
            self.send(200, {"backend": "pipeline", "version": "2.7.1", "results": results})
        else:
            message = {"role": "assistant", "content": content}
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            self.send(200, {"id": "c", "object": "chat.completion", "model": request["model"], "choices": choices})

    def send(self, status: int, body: object, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _form(self, body: bytes) -> dict[str, Any]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        request: dict[str, Any] = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            if name == "files":
                request |= {"name": part.get_filename(), "file": part.get_payload(decode=True)}
            else:
                request[str(name)] = part.get_content().strip()
        return request

    def _chat(self, body: bytes) -> dict[str, Any]:
        request: dict[str, Any] = json.loads(body)
        picture, text = request["messages"][0]["content"]
        data = base64.b64decode(picture["image_url"]["url"].removeprefix("data:image/png;base64,"))
        return request | {"image": Image.open(io.BytesIO(data)), "prompt": text["text"]}

    def _wait(self) -> None:
        self.connection.settimeout(0.05)
        while not self.stand_in.gate.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    self.stand_in.left.set()
                    return
        self.connection.settimeout(None)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(content: Callable[[dict[str, Any]], Any]) -> Iterator[StandIn]:
    """Run a stand-in."""
    stand_in = StandIn(content)
    handler = type("Bound", (Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()


def refusing(status: int, **headers: str) -> Reply:
    """An error as FastAPI writes it, with words that are nobody's business."""
    return lambda handler: handler.send(status, {"error": "Failed: /secret/path"}, **headers)


def saying(body: bytes) -> Reply:
    """A success with any body."""
    return lambda handler: handler.send(200, body)


def breaking(handler: Handler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.close()
