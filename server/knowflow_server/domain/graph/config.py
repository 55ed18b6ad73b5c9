"""Whether and how a document takes part in the knowledge graph of its dataset."""

from __future__ import annotations

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain import parser_config
from knowflow_server.domain.parser_config import GraphRag


def graph_config(record: Document | Dataset) -> GraphRag | None:
    """Return the `graphrag` part of a parser configuration, or None when no graph is wanted."""
    given = parser_config.plain(record.parser_config).get("graphrag") if record.HasField("parser_config") else None
    if not given or not given.get("use_graphrag"):
        return None
    return GraphRag.model_validate(given)
