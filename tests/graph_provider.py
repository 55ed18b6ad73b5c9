"""A chat provider for knowledge graphs: real HTTP on loopback, answering with the capitalised words of the text."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

NAME = re.compile(r"\b[A-Z][a-z]+[0-9]+\b")


class GraphProvider:
    """Replies of a chat model, with a gate: a test closes it to have the calls after the next few wait."""

    def __init__(self) -> None:
        self.calls = 0
        self.fails = False
        self._open = threading.Event()
        self._open.set()
        self._left = 0
        self._lock = threading.Lock()

    def close_after(self, calls: int) -> None:
        """Answer so many calls more, and let the others wait."""
        self._left = calls
        self._open.clear()

    def open(self) -> None:
        """Answer all calls, those that wait included."""
        self._open.set()

    def __call__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        with self._lock:
            self.calls += 1
            self._left -= 1
            waits = self._left < 0
        if waits and not self._open.wait(60):
            return
        if self.fails:
            error = json.dumps({"error": {"message": "Insufficient credit.", "type": "billing"}}).encode()
            self._send(handler, 402, error, "application/json")
            return
        if "community" in body["messages"][0]["content"]:
            text = json.dumps({"title": "A written title", "summary": "A written summary."})
        else:
            names = list(dict.fromkeys(NAME.findall(body["messages"][1]["content"])))
            entities = [{"name": name, "type": "person", "description": f"{name} is told of."} for name in names]
            pairs = pairwise(names)
            relations = [{"source": one, "target": other, "relation": "met", "strength": 2} for one, other in pairs]
            text = json.dumps({"entities": entities, "relations": relations})
        self._send(handler, 200, self._events(text), "text/event-stream")

    @staticmethod
    def _events(text: str) -> bytes:
        def chunk(delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            return {"id": "1", "object": "chat.completion.chunk", "model": "stand-in", "choices": [choice]}

        usage = {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70}
        items: list[dict[str, Any]] = [
            chunk({"role": "assistant", "content": text[:10]}),
            chunk({"content": text[10:]}),
            chunk({}, "stop"),
            {"id": "1", "object": "chat.completion.chunk", "model": "stand-in", "choices": [], "usage": usage},
        ]
        lines = [f"data: {json.dumps(item)}\n\n" for item in items]
        return "".join([*lines, "data: [DONE]\n\n"]).encode()

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def settings(url: str) -> dict[str, str]:
    """Return the settings of a server whose knowledge graphs this provider makes."""
    provider = {"base_url": url, "models": ["stand-in"], "max_retries": 0}
    return {"PROVIDERS": json.dumps({"test": provider}), "GRAPH_MODEL": "stand-in@test"}
