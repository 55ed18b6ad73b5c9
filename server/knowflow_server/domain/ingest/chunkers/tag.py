"""The tag method: each description is a chunk with its tags."""

import re
from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.entries import Entries, Head
from knowflow_server.domain.ingest.chunkers.rows import Row, block_rows, find_delimiter
from knowflow_server.domain.ingest.chunkers.titles import heading_title, is_title
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_SEPARATOR = re.compile(r"[,，;；、\n]")
_DESCRIPTION_NAMES = frozenset({"description", "content", "text", "描述", "内容", "beschreibung"})
_TAG_NAMES = frozenset({"tag", "tags", "label", "labels", "keywords", "标签", "关键词", "schlagwörter"})
_COMMA_SHARE = 0.5


def choose_tag(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Tags | None":
    """Return the chunker for a document of two columns, as tables or as lines; see `Choose`."""
    rows = [row for block in sample if block.kind is Kind.TABLE for row in block_rows(block, "") if not row.is_rule]
    in_tables = sum(len(block.text) for block in sample if block.kind is Kind.TABLE)
    if 2 * sum(map(_is_tagged, rows)) >= len(rows) > 0 and 2 * in_tables > sum(len(block.text) for block in sample):
        return Tags("", config, count_tokens)
    delimiter = find_delimiter(sample, lambda cells: len(cells) == 2 and all(cells), share=_COMMA_SHARE)
    return Tags(delimiter, config, count_tokens) if delimiter else None


class Tags:
    """Makes a chunk of the first cell of each row, with the tags of the other cells as keywords.

    A row of one cell belongs to the description after it.

    Args:
        delimiter: Parts the cells of a line; "" when the rows stand in tables.
        config: See `Entries`.
        count_tokens: Counts tokens.
    """

    def __init__(self, delimiter: str, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._delimiter = delimiter
        self._entries = Entries(config, count_tokens)
        self._is_first = True
        self._is_tagged = True  # the entry under way has its tags; what follows belongs to the next one

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            if is_title(block):  # the name of a sheet
                self._entries.title(heading_title(block), source=block.text)
                self._is_first = self._is_tagged = True
                continue
            for row in block_rows(block, self._delimiter):
                self._add(row)
        return self._entries.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._entries.finish()

    def _add(self, row: Row) -> None:
        if not any(row.cells):
            self._entries.add("", source=row.source)
            return
        if self._is_first and _is_header(row.cells):
            self._entries.hold("\t".join(row.cells), source=row.source)
        elif _is_tagged(row):
            tags = [tag.strip() for cell in row.cells[1:] for tag in _SEPARATOR.split(cell)]
            self._begin_description(Head(keywords=tuple(dict.fromkeys(filter(None, tags))), is_whole=True))
            self._entries.add(row.cells[0], source=row.source)
            self._is_tagged = True
        else:
            if self._is_tagged:
                self._entries.begin(Head(is_whole=True))
                self._is_tagged = False
            self._entries.add(" ".join(filter(None, row.cells)) + "\n", source=row.source)
        self._is_first = False

    def _begin_description(self, head: Head) -> None:
        if self._is_tagged:
            self._entries.begin(head)
        else:
            self._entries.replace(head, source="")


def _is_tagged(row: Row) -> bool:
    return len(row.cells) > 1 and bool(row.cells[0]) and any(row.cells[1:])


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) == 2 and cells[0].lower() in _DESCRIPTION_NAMES and cells[1].lower() in _TAG_NAMES
