"""The smart method: chunks follow headings and keep tables, lists and code whole."""

from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.captions import Joiner
from knowflow_server.domain.ingest.chunkers.divide import Piece, count_pieces, divide, units
from knowflow_server.domain.ingest.chunkers.pack import Content, Packer
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

# A heading begins a new chunk once the chunk under way has so many tokens: a title and the first heading stay together.
_MIN_TOKENS = 10


class SmartChunker:
    """Appends blocks up to the token limit; a heading begins a new chunk.

    A block that does not fit begins a new chunk too; only one above the limit by itself is cut, between rows, lines or
    sentences. A paragraph right below a heading is cut rather than parted from it.

    Args:
        config: `chunk_tokens` is used.
        count_tokens: Counts tokens.
    """

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._limit = config.chunk_tokens
        self._count_tokens = count_tokens
        self._packer = Packer(limit=self._limit, count_tokens=count_tokens)
        self._is_heading_only = False
        self._joiner = Joiner(with_headings=False)

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        self._take(self._joiner.feed(blocks))
        return self._packer.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        self._take(self._joiner.finish())
        return self._packer.finish()

    def _take(self, blocks: Sequence[Block]) -> None:
        for block, piece in zip(blocks, count_pieces([b.text for b in blocks], self._count_tokens), strict=True):
            self._add(block, piece)

    def _add(self, block: Block, piece: Piece) -> None:
        is_heading = block.kind is Kind.HEADING
        if is_heading and self._packer.size >= _MIN_TOKENS:
            self._packer.close()
        is_continued = self._is_heading_only and block.kind is Kind.PARAGRAPH
        if piece.tokens > self._limit:
            if block.kind in {Kind.TABLE, Kind.LIST, Kind.CODE} and self._packer.size >= _MIN_TOKENS:
                self._packer.close()
            self._add_parts(block)
        elif is_continued and not self._packer.fits(piece.tokens):
            self._add_parts(block)
        else:
            self._packer.add([piece])
        if not piece.text.isspace():
            self._is_heading_only = is_heading and (self._is_heading_only or self._packer.size == piece.tokens)

    def _add_parts(self, block: Block) -> None:
        self._packer.add(divide(units(block), limit=self._limit, count_tokens=self._count_tokens))
