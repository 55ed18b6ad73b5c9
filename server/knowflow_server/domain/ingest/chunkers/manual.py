"""The manual method: one section after the other, as in handbooks."""

from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.divide import Piece, count_pieces, divide, units
from knowflow_server.domain.ingest.chunkers.pack import Content, Packer
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_MAX_SECTION_TOKENS = 1024


class ManualChunker:
    """Merges the blocks of one section; a heading begins a new chunk always, a table makes chunks of its own.

    Headings with nothing between them begin one section together.

    Args:
        config: `chunk_tokens` is used; sections are cut at 1,024 tokens in any case.
        count_tokens: Counts tokens.
    """

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._limit = min(config.chunk_tokens, _MAX_SECTION_TOKENS)
        self._count_tokens = count_tokens
        self._packer = Packer(limit=self._limit, count_tokens=count_tokens)
        self._is_heading_only = False

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block, piece in zip(blocks, count_pieces([b.text for b in blocks], self._count_tokens), strict=True):
            if block.kind is Kind.TABLE:
                self._add_table(block)
            else:
                self._add(block, piece)
        return self._packer.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._packer.finish()

    def _add_table(self, block: Block) -> None:
        self._packer.close()
        self._add_parts(block)
        self._packer.close()
        self._is_heading_only = False

    def _add(self, block: Block, piece: Piece) -> None:
        is_heading = block.kind is Kind.HEADING
        if is_heading and not self._is_heading_only:
            self._packer.close()
        is_continued = self._is_heading_only and block.kind is Kind.PARAGRAPH
        if piece.tokens > self._limit or (is_continued and not self._packer.fits(piece.tokens)):
            self._add_parts(block)
        else:
            self._packer.add([piece])
        if not piece.text.isspace():
            self._is_heading_only = is_heading

    def _add_parts(self, block: Block) -> None:
        self._packer.add(divide(units(block), limit=self._limit, count_tokens=self._count_tokens))
