"""What knowledge bases hold, as this surface shows it."""

from __future__ import annotations

from google.protobuf.struct_pb2 import NULL_VALUE, Value

from knowflow.knowledgebase.v1 import item_pb2, knowledgebase_pb2
from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import PARSE_STATE_FAILED, PARSE_STATE_RUNNING, Document
from knowflow_server.domain.clock import iso_milliseconds
from knowflow_server.domain.knowledgebase import Contents
from knowflow_server.domain.reference import pair_of
from knowflow_server.domain.web.items import display_name

QA = "QA"


def webpage_summary(document: Document) -> item_pb2.WebpageSummary:
    """Return a webpage without its content."""
    at = document.scraped_at
    scraped = Value(string_value=iso_milliseconds(at)) if at else Value(null_value=NULL_VALUE)
    return item_pb2.WebpageSummary(
        id=document.id,
        url=document.url,
        name=display_name(document),
        notes=document.notes,
        last_scraped_at=scraped,
        is_updating=document.state == PARSE_STATE_RUNNING,
        last_error=last_error(document),
    )


def document_summary(document: Document) -> item_pb2.DocumentSummary:
    """Return a document without its content."""
    return item_pb2.DocumentSummary(
        id=document.id,
        file_name=document.name,
        name=display_name(document),
        notes=document.notes,
        is_updating=document.state == PARSE_STATE_RUNNING,
        last_error=last_error(document),
    )


def last_error(document: Document) -> str | None:
    """Return why a webpage or a document is not what it should be; None when it is."""
    if document.last_error:
        return document.last_error
    failed = document.state == PARSE_STATE_FAILED
    return next(iter(document.progress_message.splitlines()[-1:]), None) if failed else None


def reference(chunk: Chunk) -> item_pb2.Reference:
    """Return a question with its answer."""
    question, answer = pair_of(chunk)
    return item_pb2.Reference(id=chunk.id, question=question, answer=answer, type=QA)


def extracted(chunk: Chunk) -> item_pb2.ExtractedContent:
    """Return a question with its answer as the content of a webpage or a document."""
    question, answer = pair_of(chunk)
    return item_pb2.ExtractedContent(id=chunk.id, question=question, answer=answer)


def summary(dataset: Dataset) -> knowledgebase_pb2.KnowledgebaseSummary:
    """Return a knowledge base as a list shows it."""
    return knowledgebase_pb2.KnowledgebaseSummary(
        id=dataset.id,
        name=dataset.name,
        description=dataset.description,
        created_at=iso_milliseconds(dataset.created_at),
        updated_at=iso_milliseconds(dataset.updated_at),
    )


def knowledgebase(contents: Contents) -> knowledgebase_pb2.Knowledgebase:
    """Return a knowledge base with its items."""
    return knowledgebase_pb2.Knowledgebase(
        id=contents.dataset.id,
        name=contents.dataset.name,
        description=contents.dataset.description,
        webpages=map(webpage_summary, contents.webpages),
        documents=map(document_summary, contents.documents),
        references=map(reference, contents.references),
        is_truncated=True if contents.is_truncated else None,
    )
