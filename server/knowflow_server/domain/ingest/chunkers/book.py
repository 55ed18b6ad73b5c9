"""The book method: sections are packed up to the token limit, but never across chapters."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.naive import NaiveChunker
from knowflow_server.domain.ingest.chunkers.outline import Line, Outline, find_outline, rank_counts
from knowflow_server.domain.ingest.chunkers.sections import Sections
from knowflow_server.domain.ingest.chunkers.titles import one_line
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_UNSTRUCTURED_TOKENS = 256
# A title stands once in a book, chapters stand several times.
_FEWEST_CHAPTERS = 2
_CONTENTS_NAMES = frozenset(
    {"contents", "table of contents", "list of contents", "inhalt", "inhaltsverzeichnis", "目录", "目 录", "目次"}
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ENTRY_MARKS = re.compile(r"\A(?:[-*+]\s+|#+\s+)|(?:[\s.…·]*[\s.…·]\d{1,4}|[.…·]{2,})\s*\Z")
_LONGEST_ENTRY = 150


def choose_book(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Book | None":
    """Return the chunker for a document with headings or numbered chapters; see `Choose`."""
    look, outline = find_outline(sample), find_outline(sample)
    if look is None or outline is None:
        return None
    counts = rank_counts(look, sample)
    chapters = [rank for rank, count in counts.items() if count >= _FEWEST_CHAPTERS]
    rank = min(chapters, default=max(counts, default=0))
    return Book(outline, chapter_rank=rank, limit=config.chunk_tokens, count_tokens=count_tokens)


def unstructured_book(config: IngestConfig, count_tokens: TokenCounter) -> NaiveChunker:
    """Return the chunker for a document without chapters, with at most 256 tokens a chunk."""
    return NaiveChunker(replace(config, chunk_tokens=min(config.chunk_tokens, _UNSTRUCTURED_TOKENS)), count_tokens)


class Book(Sections):
    """Packs the sections of each chapter; the table of contents is apart from them.

    Args:
        outline: Tells headings from text.
        chapter_rank: The rank of the headings of chapters.
        limit: Largest number of tokens of a content.
        count_tokens: Counts tokens.
    """

    def __init__(self, outline: Outline, *, chapter_rank: int, limit: int, count_tokens: TokenCounter) -> None:
        super().__init__(outline, closing_rank=chapter_rank, limit=limit, count_tokens=count_tokens)
        self._chapter_rank = chapter_rank
        self._is_in_contents = False
        self._is_past_contents = False
        self._first_entry = ""

    def add(self, line: Line) -> None:
        """Take the next line; those of the table of contents are no headings, however they look."""
        text = "".join(line.texts)
        entry = _entry(text)
        if self._is_in_contents and self._ends_contents(line, entry):
            self._is_in_contents, self._is_past_contents = False, True
            self.cut()
        if self._is_in_contents:
            self._first_entry = self._first_entry or entry
            super().add(Line(line.texts))
        elif not self._is_past_contents and entry in _CONTENTS_NAMES:
            self._is_in_contents = True
            self.cut()
            super().add(Line(line.texts, self._chapter_rank, one_line(text).strip("# ")))
        else:
            super().add(line)

    def _ends_contents(self, line: Line, entry: str) -> bool:
        """The contents end at a heading, at a paragraph, or where their first entry comes again."""
        is_again = bool(entry) and entry == self._first_entry
        return line.is_marked or is_again or len("".join(line.texts).strip()) > _LONGEST_ENTRY


def _entry(text: str) -> str:
    """Return a line of the contents as it stands in the text: without marks, leader dots and page number."""
    return _ENTRY_MARKS.sub("", _LINK.sub(r"\1", one_line(text[:1_000]))).strip(" :").lower()
