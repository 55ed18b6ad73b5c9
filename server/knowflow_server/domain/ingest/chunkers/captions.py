"""Keeping the name of a table with its rows: captions and, where asked for, headings right above it."""

import re
from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block, Kind

_CAPTION = re.compile(
    r"(?:table|tab\.|figure|fig\.|chart|exhibit|listing|tabelle|abbildung|abb\.|tableau|tabla|cuadro|figura|表|图|圖)"
    r"\s*[\dIVXLA-Z一二三四五六七八九十]",
    re.IGNORECASE,
)
_LONGEST = 1_000  # characters; more is a text that begins like a caption


def is_caption(text: str) -> bool:
    """Return True for a text that begins as captions do, such as "Table 3: Heights"."""
    return len(text) <= _LONGEST and _CAPTION.match(text.lstrip()) is not None


class Joiner:
    """Makes one block of a table and the captions right above and below it.

    What comes out is, joined, what went in. A block is held back until the next one is known.

    Args:
        with_headings: Take headings right above a table for captions, too.
    """

    def __init__(self, *, with_headings: bool) -> None:
        self._with_headings = with_headings
        self._leads: list[Block] = []
        self._size = 0
        self._table: Block | None = None

    def feed(self, blocks: Sequence[Block]) -> list[Block]:
        """Take the next blocks of the document; return those that are settled."""
        done: list[Block] = []
        for block in blocks:
            if block.kind is Kind.TABLE:
                done += self._take_table(block)
            elif self._table is not None and block.kind is Kind.PARAGRAPH and is_caption(block.text):
                done.append(_joined([self._table, block]))
                self._table = None
            elif self._is_lead(block):
                done += self._release_table()
                self._leads.append(block)
                self._size += len(block.text)
            else:
                done += self.finish()
                done.append(block)
        return done

    def finish(self) -> list[Block]:
        """Return what was held back."""
        done = [*self._release_table(), *self._leads]
        self._leads, self._size = [], 0
        return done

    def _take_table(self, block: Block) -> list[Block]:
        """Join a table with what leads to it, and hold it back; a blank one and one that goes on stay as they are."""
        done = self._release_table()
        if not block.text.strip():
            return [*done, *self.finish(), block]
        if self._leads:
            block = _joined([*self._leads, block])
            self._leads, self._size = [], 0
        self._table = block
        return done

    def _release_table(self) -> list[Block]:
        table, self._table = self._table, None
        return [table] if table is not None else []

    def _is_lead(self, block: Block) -> bool:
        if self._size + len(block.text) > _LONGEST:
            return False
        if block.kind is Kind.HEADING:
            return self._with_headings
        return block.kind is Kind.PARAGRAPH and (is_caption(block.text) or (bool(self._leads) and block.text.isspace()))


def _joined(blocks: list[Block]) -> Block:
    spans = tuple(span for block in blocks for span in block.spans)
    return Block(Kind.TABLE, "".join(block.text for block in blocks), 0, spans)
