"""The methods for slides and pictures: each page is a chunk."""

from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.divide import divide, units
from knowflow_server.domain.ingest.chunkers.pack import Packer
from knowflow_server.domain.ingest.config import MAX_CHUNK_TOKENS, IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter


def choose_pages(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Pages | None":
    """Return the chunker for a document with pages; see `Choose`."""
    del config
    return Pages(count_tokens) if any(block.spans for block in sample) else None


class Pages:
    """Makes a chunk of each page, whatever `chunk_token_num` says; a page above 2,048 tokens is cut.

    Args:
        count_tokens: Counts tokens.
    """

    def __init__(self, count_tokens: TokenCounter) -> None:
        self._count_tokens = count_tokens
        self._packer = Packer(limit=MAX_CHUNK_TOKENS, count_tokens=count_tokens)
        self._page = 0

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            page = block.spans[0].page if block.spans else self._page
            if page != self._page:
                self._packer.close()
                self._page = page
            self._packer.add(divide(units(block), limit=MAX_CHUNK_TOKENS, count_tokens=self._count_tokens))
        return self._packer.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._packer.finish()
