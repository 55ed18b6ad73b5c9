"""What rerank servers answer: real wire formats, scores that a test can work out."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def relevance(question: str, passage: str) -> float:
    """Return the score that the server gives: the share of the question's words which the passage has."""
    words = question.casefold().split()
    return sum(word in passage.casefold() for word in words) / len(words)


def cohere(body: dict[str, Any]) -> dict[str, Any]:
    """A good answer as Cohere, Jina, vLLM and Infinity give it: best first, so that only `index` says which."""
    scores = [relevance(body["query"], text) for text in body["documents"]]
    results = [{"index": index, "relevance_score": score} for index, score in enumerate(scores)]
    results.sort(key=lambda result: -result["relevance_score"])
    return {"id": "r-1", "results": results[: body["top_n"]], "meta": {"billed_units": {"search_units": 1}}}


def tei(body: dict[str, Any]) -> list[dict[str, Any]]:
    """A good answer as TEI gives it."""
    scores = [relevance(body["query"], text) for text in body["texts"]]
    results = [{"index": index, "score": score} for index, score in enumerate(scores)]
    return sorted(results, key=lambda result: -result["score"])


def says(handler: BaseHTTPRequestHandler, answer: object, status: int = 200) -> None:
    """Send JSON, or bytes as they are."""
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def reranks(change: Callable[[Any], object] | None = None) -> Reply:
    """A good answer in the style of the request; `change` makes another one of it."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        answer: object = tei(body) if "texts" in body else cohere(body)
        says(handler, answer if change is None else change(answer))

    return reply
