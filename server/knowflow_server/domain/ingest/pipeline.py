"""From a file to chunks: pick the reader and the chunker, run them side by side, keep the memory flat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.chunkers.chunker import Chunker, Content
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS, FALLBACK_METHOD
from knowflow_server.domain.ingest.chunkers.undecided import Undecided
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Format, Source, identify
from knowflow_server.domain.ingest.layout import Layout, shown_positions
from knowflow_server.domain.ingest.locate import Locator
from knowflow_server.domain.ingest.tokens import TokenCounter

__all__ = ["ChunkDraft", "IngestError", "Progress", "document_text", "ingest"]

BATCH_SIZE = 64
"""Largest number of chunks in one batch."""


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """A chunk before it has an id and a vector.

    Attributes:
        content: Text, never blank. The contents of a document, joined, are the document's text, unless the method is
            one of those that write it anew (`REWRITING`).
        positions: `(page, x1, x2, y1, y2)` per page or column, pages from 1, in 72-dpi points from the page's top left;
            of what the dots service read `(x1, y1, x2, y2)` in pixels at 200 dpi; empty where the format has no pages.
        page_number: The first page, from 1; 0 where the format has no pages.
        token_count: Tokens of `content` by the counter that was given.
        questions: Questions which the chunk answers; the methods for questions and answers find them.
        keywords: Words which name what the chunk is, such as "abstract", or its tags.
        headings: The headings above the chunk, the highest first, where the method follows them.
    """

    content: str
    positions: tuple[tuple[float, ...], ...]
    page_number: int
    token_count: int
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def ingest(
    path: Path,
    *,
    name: str,
    method: str,
    config: Mapping[str, Any],
    count_tokens: TokenCounter,
    layout: Layout | None = None,
) -> Iterator[Progress | list[ChunkDraft]]:
    """Read the file at `path` and cut it into chunks.

    Args:
        path: The file; it may have any name and is only read.
        name: The name its owner gave it; the ending decides the format.
        method: Chunking method; one without a chunker of its own is served by `naive`, which a message says.
        config: The document's `parser_config` as stored.
        count_tokens: Counts tokens.
        layout: What a layout service found on the pages; None for the built-in readers.

    Yields:
        Progress, and chunks in document order in lists of 1 to 64. A document without text yields no chunks.

    Raises:
        IngestError: The file cannot be read; chunks may have been yielded before.
    """
    options = read_config(config)
    source_format = identify(path, name)
    make_chunker = CHUNKERS.get(method)
    if make_chunker is None:
        make_chunker = CHUNKERS[FALLBACK_METHOD]
        yield Progress(0.0, f"The method {method} is served by {FALLBACK_METHOD} in this version.")
    chunker = make_chunker(options, count_tokens)
    locator = Locator()
    drafts: list[ChunkDraft] = []
    count = 0
    fraction = 0.0
    for item in _items(source_format, Source(path, options, method), layout):
        if isinstance(item, Progress):
            fraction = item.fraction
            yield item
            continue
        locator.add(item)
        drafts += _drafts(chunker.feed(item), locator, layout)
        yield from _decision(chunker, fraction)
        while len(drafts) >= BATCH_SIZE:
            yield drafts[:BATCH_SIZE]
            count += BATCH_SIZE
            drafts = drafts[BATCH_SIZE:]
    drafts += _drafts(chunker.finish(), locator, layout)
    yield from _decision(chunker, fraction)
    for start in range(0, len(drafts), BATCH_SIZE):
        yield drafts[start : start + BATCH_SIZE]
    count += len(drafts)
    yield Progress(1.0, f"Made {count} chunk{'' if count == 1 else 's'}." if count else "The file holds no text.")


def document_text(path: Path, *, name: str, method: str, config: Mapping[str, Any]) -> str:
    """Return the document's text: what the chunks are cut out of or written from. It may be blank.

    Raises:
        IngestError: The file cannot be read.
    """
    items = identify(path, name).read(Source(path, read_config(config), method))
    return "".join(block.text for item in items if not isinstance(item, Progress) for block in item)


def _items(source_format: Format, source: Source, layout: Layout | None) -> Iterator[Progress | list[Block]]:
    if layout is None:
        return source_format.read(source)
    from knowflow_server.domain.ingest.readers import layout_answer  # the server imports this module, but no reader

    return layout_answer.read(source, layout, source_format.reader)


def _decision(chunker: Chunker, fraction: float) -> Iterator[Progress]:
    """Yield what a chunker has to tell of the document, once."""
    if isinstance(chunker, Undecided) and chunker.message:
        yield Progress(fraction, chunker.message)
        chunker.message = ""


def _drafts(contents: list[Content], locator: Locator, layout: Layout | None) -> list[ChunkDraft]:
    drafts = []
    for content in contents:
        place = locator.locate(content.text if content.source is None else content.source)
        drafts.append(
            ChunkDraft(
                content.text,
                shown_positions(place.positions, layout),
                place.page,
                content.tokens,
                questions=content.questions,
                keywords=content.keywords,
                headings=content.headings,
            )
        )
    return drafts
