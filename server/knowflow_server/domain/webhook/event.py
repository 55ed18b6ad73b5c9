"""Events: what each tells, as JSON. A body stays below the 20 kB of the Standard Webhooks specification."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from knowflow.store.v1 import document_pb2
from knowflow.store.v1.app_pb2 import App, Deployment
from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document

CONVERSATION_CREATED = "conversation.created"
MESSAGE_CREATED = "conversation.message.created"
KNOWLEDGE_BASE_UPDATED = "knowledge_base.updated"
DEPLOYMENT_UPDATED = "app.deployment.updated"
TEST = "webhook.test"

# Longest texts in bytes of JSON; together they stay below the 20 kB of a body.
MAX_CONTENT = 12_000
MAX_TEXT = 600
MAX_DOCUMENTS = 10

STATUSES = {
    document_pb2.PARSE_STATE_UNSTARTED: "unstarted",
    document_pb2.PARSE_STATE_RUNNING: "processing",
    document_pb2.PARSE_STATE_CANCELLED: "cancelled",
    document_pb2.PARSE_STATE_SUCCEEDED: "ready",
    document_pb2.PARSE_STATE_FAILED: "failed",
}


def iso(microseconds: int) -> str:
    """Return a time as ISO 8601 in UTC with microseconds. Example: `2025-01-15T10:30:00.000001Z`."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def body(event: str, data: Mapping[str, Any], *, at: int) -> bytes:
    """Return what is signed and sent: type, time of the event, and data."""
    content = {"type": event, "timestamp": iso(at), "data": data}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def cut(text: str, limit: int) -> tuple[str, bool]:
    """Return a text whose JSON takes at most `limit` bytes, and whether something is missing."""
    text = text.encode(errors="replace").decode()
    short = text[:limit]
    while (size := len(json.dumps(short, ensure_ascii=False).encode())) > limit:
        # A character takes six bytes at most, so the rest fits for sure after a few rounds.
        short = short[: max(0, len(short) - (size - limit + 5) // 6)]
    return short, len(short) < len(text)


def conversation(session: Session, owner: Mapping[str, str]) -> dict[str, Any]:
    """Return what `conversation.created` tells.

    Args:
        session: The conversation.
        owner: What it is held with: `chat_id` or `agent_id`, and `app_id` where an app publishes it.
    """
    return {
        "conversation": {
            "id": session.id,
            "name": cut(session.name, MAX_TEXT)[0],
            "user_id": cut(session.user_id, MAX_TEXT)[0],
            **owner,
            "created_at": iso(session.created_at),
        }
    }


def message(said: Message, owner: Mapping[str, str]) -> dict[str, Any]:
    """Return what `conversation.message.created` tells; arguments as of `conversation`."""
    content, is_cut = cut(said.content, MAX_CONTENT)
    return {
        "conversation": {"id": said.session_id, **owner},
        "message": {
            "id": said.id,
            "role": said.role,
            "content": content,
            "content_truncated": is_cut,
            "finish_reason": said.finish_reason,
            "created_at": iso(said.created_at),
        },
    }


def deployment(app: App, record: Deployment, *, status: str, previous: str) -> dict[str, Any]:
    """Return what `app.deployment.updated` tells.

    Args:
        app: The app.
        record: The deployment.
        status: Its status now: `pending`, `active`, `stopped`, `failed` or `deleted`.
        previous: Its status before; empty for a new one.
    """
    return {
        "app": {"id": app.id, "name": cut(app.name, MAX_TEXT)[0]},
        "deployment": {
            "id": record.id,
            "number": record.number,
            "channel": record.channel,
            "status": status,
            "previous_status": previous or None,
            "error": cut(record.error, MAX_TEXT)[0] or None,
            "updated_at": iso(record.updated_at),
        },
    }


def knowledge_base(dataset: Dataset, change: str, documents: Sequence[tuple[str, Document]]) -> dict[str, Any]:
    """Return what `knowledge_base.updated` tells.

    Args:
        dataset: As it is after the change, or was before its deletion.
        change: `created`, `updated` or `deleted`.
        documents: The documents that changed with it, each with the same words; the first ones are told.
    """
    told = [
        {
            "id": document.id,
            "name": cut(document.name, MAX_TEXT)[0],
            "change": kind,
            "status": STATUSES.get(document.state, "unstarted"),
            "chunk_count": document.chunk_count,
        }
        for kind, document in documents[:MAX_DOCUMENTS]
    ]
    return {
        "change": change,
        "knowledge_base": {
            "id": dataset.id,
            "name": cut(dataset.name, MAX_TEXT)[0],
            "document_count": dataset.document_count,
            "chunk_count": dataset.chunk_count,
            "updated_at": iso(dataset.updated_at),
        },
        "documents": told,
        "documents_total": len(documents),
    }
