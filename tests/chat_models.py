"""The chat models of test servers: a stand-in provider whose models are named after what they answer."""

from __future__ import annotations

import json
from typing import Any

from tests.providers.openai_stand_in import KEY
from tests.standins.openai_chat import ChatStandIn, Messages, Reply, answers, drops, garbles, overflows, refuses

LEARNING = "Machine learning is a subset of artificial intelligence that learns from data."
RELATED = [
    "What are the types of machine learning?",
    "How does machine learning differ from deep learning?",
    "What are common machine learning algorithms?",
]


def _conversation(messages: Messages) -> str:
    """Return what a model was told and asked, a turn in a line."""
    return "\n".join(f"{message['role']}: {message['content']}" for message in messages)


REPLIES: dict[str, Reply] = {
    # The model of the document's examples, which is also the default one.
    "qwen-plus": answers(LEARNING),
    "conversation": answers(_conversation),
    "two-pieces": answers(["Machine learning is", " a subset of artificial intelligence."]),
    "marks": answers("It rises [ID:0]. It falls [ID:99]."),
    "questions": answers("\n".join(["1. " + RELATED[0], "- " + RELATED[1], "No question.", RELATED[2], RELATED[2]])),
    "says-nothing": answers([]),
    "cut-short": answers("It is cut", finish_reason="length"),
    "drops": drops(after=2),
    "garbles": garbles(after=2),
    "refuses-401": refuses(401, code="invalid_api_key", message="Incorrect API key provided."),
    "refuses-429": refuses(429, code="rate_limit_exceeded", message="Too many requests."),
    "refuses-500": refuses(500, message="Oops."),
    "overflows": overflows(),
}


def chat_settings(provider: ChatStandIn, **limits: Any) -> dict[str, str]:
    """Return the settings of a server whose chat models are a stand-in's.

    Args:
        provider: The stand-in.
        limits: Further members of the provider in the settings, such as `context_tokens`.
    """
    table = {"base_url": provider.url, "api_key": KEY, "max_retries": 0, **limits}
    providers = {
        "Tongyi-Qianwen": {**table, "models": ["qwen-plus"]},
        "Models": table,
        # Nothing listens there: the port is reserved for multiplexing, and refused at once on loopback.
        "Nowhere": {"base_url": "http://127.0.0.1:1/v1", "max_retries": 0},
    }
    return {"PROVIDERS": json.dumps(providers), "DEFAULT_CHAT_MODEL": "qwen-plus@Tongyi-Qianwen"}
