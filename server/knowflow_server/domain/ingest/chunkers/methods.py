"""The chunking methods by name."""

from collections.abc import Callable, Sequence
from typing import Protocol

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.manual import ManualChunker
from knowflow_server.domain.ingest.chunkers.naive import NaiveChunker
from knowflow_server.domain.ingest.chunkers.one import OneChunker
from knowflow_server.domain.ingest.chunkers.pack import Content
from knowflow_server.domain.ingest.chunkers.smart import SmartChunker
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter


class Chunker(Protocol):
    """Cuts the text of one document; the contents, joined, are the texts of the blocks, joined.

    A document of nothing but white space has no contents.
    """

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""


CHUNKERS: dict[str, Callable[[IngestConfig, TokenCounter], Chunker]] = {
    "manual": ManualChunker,
    "naive": NaiveChunker,
    "one": OneChunker,
    "smart": SmartChunker,
}
FALLBACK_METHOD = "naive"
"""Serves the methods which have no chunker of their own."""
