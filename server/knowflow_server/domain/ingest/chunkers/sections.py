"""Contents which follow the sections of a document and know the headings above them."""

from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.divide import divide
from knowflow_server.domain.ingest.chunkers.outline import Chain, Line, Outline
from knowflow_server.domain.ingest.chunkers.pack import Label, Packer
from knowflow_server.domain.ingest.tokens import TokenCounter

# A section is handed on when it has so many parts; it goes on after that.
_MOST_LINES = 2_000


class Sections:
    """Makes contents of sections; one above the token limit is cut.

    A heading of the closing rank or above begins a new content always, a lower one where its section does not fit into
    the content under way. A heading stays with the lower heading that follows it.

    Args:
        outline: Tells headings from text.
        closing_rank: The rank of the lowest headings which always begin a new content.
        limit: Largest number of tokens of a content.
        count_tokens: Counts tokens.
    """

    def __init__(self, outline: Outline, *, closing_rank: int, limit: int, count_tokens: TokenCounter) -> None:
        self._outline = outline
        self._closing_rank = closing_rank
        self._limit = limit
        self._count_tokens = count_tokens
        self._packer = Packer(limit=limit, count_tokens=count_tokens)
        self._chain = Chain()
        self._keywords: tuple[str, ...] = ()
        self._texts: list[str] = []
        self._is_heading_only = False

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            for line in self._outline.lines(block):
                self.add(line)
        return self._packer.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        self._hand_on()
        return self._packer.finish()

    def add(self, line: Line) -> None:
        """Take the next line."""
        if line.rank:
            self._add_heading(line)
        elif any(text.strip() for text in line.texts):
            self._is_heading_only = False
        self._texts += line.texts
        if len(self._texts) >= _MOST_LINES:
            self._hand_on()

    def cut(self, *, keywords: tuple[str, ...] = ()) -> None:
        """End the content under way, and give those that follow keywords."""
        self._hand_on()
        self._packer.close()
        self._is_heading_only = False
        self._keywords = keywords
        self._packer.label(Label(keywords, self._chain.titles))

    def _add_heading(self, line: Line) -> None:
        if not (self._is_heading_only and self._chain.goes_down(line)):
            self._hand_on()
            if line.rank <= self._closing_rank:
                self._packer.close()
        self._chain.add(line)
        self._packer.label(Label(self._keywords, self._chain.titles))
        self._is_heading_only = not line.is_clause

    def _hand_on(self) -> None:
        pieces = divide(self._texts, limit=self._limit, count_tokens=self._count_tokens)
        self._texts = []
        if not self._packer.fits(sum(piece.tokens for piece in pieces)):
            self._packer.close()
        self._packer.add(pieces)
