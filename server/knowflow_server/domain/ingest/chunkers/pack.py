"""Merging pieces into contents: greedy, within a token limit, never blank, and without losing a character."""

from collections.abc import Sequence
from typing import NamedTuple

from knowflow_server.domain.ingest.chunkers.divide import Piece, count_pieces, divide
from knowflow_server.domain.ingest.tokens import TokenCounter


class Content(NamedTuple):
    """The text of one chunk and its number of tokens, counted on the whole text."""

    text: str
    tokens: int


class Packer:
    """Collects pieces in document order and hands out contents.

    The contents, joined, are the pieces, joined. White space never stands alone: it goes to the content before it,
    or, at the beginning of a document, to the first one. That is why the last content is held back until text follows.

    Args:
        limit: Largest number of tokens of a content.
        count_tokens: Counts tokens.
    """

    def __init__(self, *, limit: int, count_tokens: TokenCounter) -> None:
        self._limit = limit
        self._count_tokens = count_tokens
        self._current: list[Piece] = []
        self._size = 0
        self._is_closed = False
        self._blanks: list[str] = []
        self._packed: list[list[Piece]] = []

    @property
    def size(self) -> int:
        """Tokens of the content under way, 0 when the next piece begins a new one."""
        return 0 if self._is_closed else self._size

    def fits(self, tokens: int) -> bool:
        """Return True when a piece of so many tokens would join the content under way or begin a new one."""
        return not self.size or self._size + tokens <= self._limit

    def add(self, pieces: Sequence[Piece]) -> None:
        """Append pieces, each of at most `limit` tokens; a piece that does not fit begins a new content."""
        for piece in pieces:
            if not piece.text or piece.text.isspace():
                self._blanks.append(piece.text)
            else:
                self._add_text(piece)

    def close(self) -> None:
        """End the content under way: the next piece which is not blank begins a new one."""
        self._is_closed = bool(self._current)

    def take(self) -> list[Content]:
        """Return the contents completed since the last call, in order."""
        packed, self._packed = self._packed, []
        return self._settle(packed)

    def finish(self) -> list[Content]:
        """Return what is left; nothing when every piece was blank."""
        if self._current:
            self._complete()
        self._blanks, self._is_closed = [], False
        return self.take()

    def _add_text(self, piece: Piece) -> None:
        if self._current and (self._is_closed or self._size + piece.tokens > self._limit):
            self._complete()
        self._is_closed = False
        lead = "".join(self._blanks)
        self._blanks.clear()
        if lead and self._current:
            last = self._current[-1]
            self._current[-1] = Piece(last.text + lead, last.tokens)
            lead = ""
        self._current.append(Piece(lead + piece.text, piece.tokens))
        self._size += piece.tokens

    def _complete(self) -> None:
        """Put the content under way, with the white space behind it, among the complete ones."""
        last = self._current[-1]
        self._current[-1] = Piece(last.text + "".join(self._blanks), last.tokens)
        self._packed.append(self._current)
        self._current, self._size = [], 0
        self._blanks.clear()

    def _settle(self, groups: list[list[Piece]]) -> list[Content]:
        """Count the joined texts, as counts do not add up inside a word, and cut again what is above the limit."""
        if not groups:
            return []
        counted = count_pieces(["".join(piece.text for piece in group) for group in groups], self._count_tokens)
        contents: list[Content] = []
        for group, whole in zip(groups, counted, strict=True):
            if whole.tokens <= self._limit:
                contents.append(Content(whole.text, whole.tokens))
            elif len(group) > 1:
                middle = len(group) // 2
                contents += self._settle([group[:middle], group[middle:]])
            else:
                contents += self._settle_piece(whole)
        return contents

    def _settle_piece(self, piece: Piece) -> list[Content]:
        """Cut a single piece above the limit; a character that cannot be cut stays as it is."""
        parts = divide([piece.text], limit=self._limit, count_tokens=self._count_tokens)
        return [Content(*part) for part in _join_blanks(parts)]


def _join_blanks(parts: list[Piece]) -> list[Piece]:
    """Give each blank part to the part before it, and a leading one to the first that is not blank."""
    joined: list[Piece] = []
    lead = ""
    for part in parts:
        if not part.text.isspace():
            joined.append(Piece(lead + part.text, part.tokens))
            lead = ""
        elif joined:
            joined[-1] = Piece(joined[-1].text + part.text, joined[-1].tokens)
        else:
            lead += part.text
    return joined
