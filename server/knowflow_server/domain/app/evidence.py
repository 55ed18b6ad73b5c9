"""Evidence: what an answer rests on, and how close it is to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.chat.citation import MARK
from knowflow_server.store.entities import EntityStore


@dataclass(frozen=True, slots=True)
class Source:
    """A document that an answer rests on.

    Args:
        title: Its name.
        url: Where it was fetched from; empty when it was not, or is not there any more.
        document_id: The document.
        dataset_id: Its dataset.
    """

    title: str
    url: str
    document_id: str
    dataset_id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer rests on.

    Args:
        confidence: The highest similarity of the passages below, cut to [0, 1]; 0 without any.
        sources: Their documents, best first, each once.
    """

    confidence: float
    sources: Sequence[Source]


def evidence_of(entities: EntityStore, answer: str, chunks: Sequence[CitedChunk]) -> Evidence:
    """Return what an answer rests on: the passages that it names, or, where it names none, all that it was given.

    Args:
        entities: For documents.
        answer: With its marks, `[ID:n]`.
        chunks: What the model was given; a mark names the n-th.
    """
    named = {int(number) for number in MARK.findall(answer)}
    used = [chunk for place, chunk in enumerate(chunks) if place in named] or list(chunks)
    used.sort(key=lambda chunk: -chunk.similarity)
    best: dict[str, CitedChunk] = {}
    for chunk in used:
        best.setdefault(chunk.document_id, chunk)
    sources = []
    for chunk in best.values():
        document = entities.get(Document, chunk.document_id)
        url = document.url if document is not None else ""
        sources.append(Source(chunk.document_name, url, chunk.document_id, chunk.dataset_id))
    return Evidence(min(1.0, max(0.0, used[0].similarity)) if used else 0.0, sources)
