"""Merging pieces into contents: greedy, within a token limit, never blank, and without losing a character."""

from collections.abc import Sequence
from typing import NamedTuple

from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.divide import Piece, count_pieces, divide
from knowflow_server.domain.ingest.tokens import TokenCounter

__all__ = ["Content", "Label", "Packer"]


class Label(NamedTuple):
    """What contents say beside their text; see `Content`."""

    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


class _Group(NamedTuple):
    """The pieces of one content."""

    pieces: list[Piece]
    label: Label


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
        self._label = Label()  # of the content under way
        self._next_label = Label()
        self._blanks: list[str] = []
        self._packed: list[_Group] = []

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

    def label(self, label: Label) -> None:
        """Give the contents which begin from here on a label."""
        self._next_label = label

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
        if not self._current:
            self._label = self._next_label
        self._current.append(Piece(lead + piece.text, piece.tokens))
        self._size += piece.tokens

    def _complete(self) -> None:
        """Put the content under way, with the white space behind it, among the complete ones."""
        last = self._current[-1]
        self._current[-1] = Piece(last.text + "".join(self._blanks), last.tokens)
        self._packed.append(_Group(self._current, self._label))
        self._current, self._size = [], 0
        self._blanks.clear()

    def _settle(self, groups: list[_Group]) -> list[Content]:
        """Count the joined texts, as counts do not add up inside a word, and cut again what is above the limit."""
        if not groups:
            return []
        counted = count_pieces(["".join(piece.text for piece in pieces) for pieces, _ in groups], self._count_tokens)
        contents: list[Content] = []
        for (pieces, label), whole in zip(groups, counted, strict=True):
            if whole.tokens <= self._limit:
                contents.append(_content(whole, label))
            elif len(pieces) > 1:
                middle = len(pieces) // 2
                contents += self._settle([_Group(pieces[:middle], label), _Group(pieces[middle:], label)])
            else:
                contents += self._settle_piece(whole, label)
        return contents

    def _settle_piece(self, piece: Piece, label: Label) -> list[Content]:
        """Cut a single piece above the limit; a character that cannot be cut stays as it is."""
        parts = divide([piece.text], limit=self._limit, count_tokens=self._count_tokens)
        return [_content(part, label) for part in _join_blanks(parts)]


def _content(piece: Piece, label: Label) -> Content:
    return Content(piece.text, piece.tokens, keywords=label.keywords, headings=label.headings)


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
