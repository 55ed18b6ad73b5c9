"""How often the built-in chat models answer a labelled set of questions rightly, and how often they own up.

`python -m tests.bench.answers` prints these rows alone; `--misses` shows what went wrong.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowflow_server.domain.ports import ChatDelta, ChatMessage, ChatModel, ChatOptions, Embedder, Grounding
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.providers.embedded_chat import NOT_FOUND, EmbeddedChatModel
from knowflow_server.providers.extractive import ExtractiveChatModel
from tests.bench.table import Row, percentile, show

PASSAGES = 6
OPTIONS = ChatOptions(temperature=0.0, max_tokens=60)
DATA = Path(__file__).parent / "data" / "answers.json"


@dataclass(slots=True)
class Figures:
    """What a model made of the questions."""

    correct: list[bool]
    refused: list[bool]
    refused_off_topic: list[bool]
    answered_s: list[float]
    words: list[int]


def load() -> dict[str, Any]:
    """Return the labelled set; its file names source and licence."""
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


async def ground(embedder: Embedder, passages: list[str], questions: list[str]) -> list[Grounding]:
    """Return for each question the six passages nearest to it."""
    vectors = await embedder.embed_documents(passages)
    groundings = []
    for question in questions:
        order = np.argsort(-(vectors @ await embedder.embed_query(question)), kind="stable")
        groundings.append(Grounding(question, tuple(passages[place] for place in order[:PASSAGES])))
    return groundings


async def answer(model: ChatModel, grounding: Grounding) -> str:
    """Return a model's answer in one piece."""
    knowledge = "\n\n".join(grounding.passages)
    messages = [
        ChatMessage("system", f"Answer from the knowledge base:\n\n{knowledge}"),
        ChatMessage("user", grounding.question),
    ]
    # Quotations come whole; a language model that has no end is cut off.
    options = ChatOptions() if isinstance(model, ExtractiveChatModel) else OPTIONS
    async with aclosing(model.stream(messages, options, grounding=grounding)) as items:
        return "".join([item.text async for item in items if isinstance(item, ChatDelta)])


async def figures(model: ChatModel, embedder: Embedder, *, show_misses: bool = False) -> Figures:
    """Ask everything, one question after another."""
    data = load()
    result = Figures([], [], [], [], [])
    labelled = data["answerable"]
    groundings = await ground(embedder, data["passages"], [item["question"] for item in labelled])
    for item, grounding in zip(labelled, groundings, strict=True):
        began = time.perf_counter()
        text = await answer(model, grounding)
        result.answered_s.append(time.perf_counter() - began)
        result.words.append(len(text.split()))
        result.correct.append(any(right.casefold() in text.casefold() for right in item["answers"]))
        if show_misses and not result.correct[-1]:
            print(f"WRONG {item['question']} -> {text}", file=sys.stderr)
    for grounding in await ground(embedder, data["passages"], data["unanswerable"]):
        text = await answer(model, grounding)
        result.refused.append(text == NOT_FOUND)
        if show_misses and not result.refused[-1]:
            print(f"NOT REFUSED {grounding.question} -> {text}", file=sys.stderr)
    for grounding in await ground(embedder, data["passages"], data["off_topic"]):
        text = await answer(model, grounding)
        result.refused_off_topic.append(text == NOT_FOUND)
        if show_misses and not result.refused_off_topic[-1]:
            print(f"NOT REFUSED {grounding.question} -> {text}", file=sys.stderr)
    return result


def _row(what: str, hits: list[bool], beside: str) -> Row:
    return Row(what, f"{sum(hits)} of {len(hits)}", beside, f"{sum(hits) / len(hits):.0%}")


async def measure(*, show_misses: bool = False) -> list[Row]:
    """Return the figures of each built-in model."""
    embedder = EmbeddedEmbedder()
    language = EmbeddedChatModel(embedder)
    rows = []
    try:
        await embedder.warm()
        for model in (ExtractiveChatModel(embedder), language):
            # The worker starts with the first question.
            await answer(model, Grounding("What is red?", ("The apple is red.",)))
            found = await figures(model, embedder, show_misses=show_misses)
            name = model.name
            took = f"{percentile(found.answered_s, 0.5) * 1000:.0f} ms an answer, {np.mean(found.words):.0f} words"
            rows.append(_row(f"{name}: correct", found.correct, took))
            rows.append(_row(f"{name}: refused, not in the passages", found.refused, "questions made to mislead"))
            rows.append(_row(f"{name}: refused, off topic", found.refused_off_topic, ""))
    finally:
        await language.close()
        await embedder.close()
    return rows


if __name__ == "__main__":
    print(show(asyncio.run(measure(show_misses="--misses" in sys.argv))))
