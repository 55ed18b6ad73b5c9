"""The naive method: cut at delimiters, then merge up to the token limit."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.captions import Joiner
from knowflow_server.domain.ingest.chunkers.divide import divide, units
from knowflow_server.domain.ingest.chunkers.pack import Content, Packer
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

# Text without a delimiter is not held for longer than this; a piece of so many characters is cut anyway.
_LONGEST_WAIT = 262_144


class NaiveChunker:
    """Cuts text after each delimiter and merges the pieces; a table makes chunks of its own, with what names it.

    Headings and paragraphs are text like any other, so that the cuts depend on nothing but the characters.

    Args:
        config: `chunk_tokens` and `delimiters` are used.
        count_tokens: Counts tokens.
    """

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._limit = config.chunk_tokens
        self._count_tokens = count_tokens
        self._packer = Packer(limit=self._limit, count_tokens=count_tokens)
        self._splitter = DelimiterSplitter(config.delimiters)
        self._joiner = Joiner(with_headings=True)

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        self._take(self._joiner.feed(blocks))
        return self._packer.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        self._take(self._joiner.finish())
        self._add(self._splitter.flush())
        return self._packer.finish()

    def _take(self, blocks: Sequence[Block]) -> None:
        pieces: list[str] = []
        for block in blocks:
            if block.kind is Kind.TABLE:
                self._add(pieces + self._splitter.flush())
                pieces = []
                self._packer.close()
                self._add(units(block))
                self._packer.close()
            else:
                pieces += self._splitter.feed(block.text)
        self._add(pieces)

    def _add(self, texts: list[str]) -> None:
        self._packer.add(divide(texts, limit=self._limit, count_tokens=self._count_tokens))


class DelimiterSplitter:
    """Cuts a text that arrives in parts after each delimiter, as if it had arrived at once.

    Args:
        delimiters: Longest first; of two that begin at one place, the longer one counts.
    """

    def __init__(self, delimiters: Sequence[str]) -> None:
        self._pattern = re.compile("|".join(map(re.escape, delimiters))) if delimiters else None
        self._reach = max(map(len, delimiters), default=1) - 1
        self._rest = ""

    def feed(self, text: str) -> list[str]:
        """Return the pieces that the text so far settles; the rest waits for more text."""
        known = self._rest + text
        settled = len(known) - self._reach  # from here on a longer delimiter may still begin
        pieces: list[str] = []
        start = 0
        searched = max(0, len(self._rest) - self._reach)  # no delimiter begins before: it would have been cut
        for match in self._pattern.finditer(known, searched) if self._pattern else ():
            if match.start() >= settled:
                break
            pieces.append(known[start : match.end()])
            start = match.end()
        self._rest = known[start:]
        if len(self._rest) > _LONGEST_WAIT:
            pieces.append(self._rest)
            self._rest = ""
        return pieces

    def flush(self) -> list[str]:
        """Return the pieces of the text that waited; the next text begins anew."""
        rest, self._rest = self._rest, ""
        ends = [match.end() for match in self._pattern.finditer(rest)] if self._pattern else []
        borders = sorted({0, *ends, len(rest)})
        return [rest[a:b] for a, b in pairwise(borders)]
