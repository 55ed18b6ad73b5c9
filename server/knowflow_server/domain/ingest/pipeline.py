"""From a file to chunks: pick the reader and the chunker, run them side by side, keep the memory flat."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.chunkers.chunker import Chunker, Content
from knowflow_server.domain.ingest.chunkers.families import Divided, Families, make_families
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS, FALLBACK_METHOD, REWRITING
from knowflow_server.domain.ingest.chunkers.undecided import Undecided
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Format, Source, identify
from knowflow_server.domain.ingest.labels import Labeller, read_labelling
from knowflow_server.domain.ingest.layout import Layout, shown_positions
from knowflow_server.domain.ingest.locate import Locator, Place, joined
from knowflow_server.domain.ingest.parent_child import read_parent_child
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
        children: The parts of a parent, in order; their contents, joined, are its content.
        fields: The values of a row of a table by column.
    """

    content: str
    positions: tuple[tuple[float, ...], ...]
    page_number: int
    token_count: int
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    children: tuple["ChunkDraft", ...] = ()
    fields: tuple[tuple[str, bool | float | str], ...] = ()


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
    tiers = read_parent_child(config, method)
    if tiers is not None and method in REWRITING:
        tiers = None
        yield Progress(0.0, f"The method {method} keeps its entries whole; parent_child changes nothing.")
    chunker: Chunker | Families | Divided = (
        make_chunker(options, count_tokens)
        if tiers is None
        else make_families(method, make_chunker, tiers, options, count_tokens)
    )
    locator = Locator()
    labeller = Labeller(read_labelling(config))
    counts = Counter[str]()
    fraction = 0.0
    for item in _items(source_format, Source(path, options, method), layout):
        if isinstance(item, Progress):
            fraction = item.fraction
            yield item
            continue
        locator.add(item)
        labeller.add(_drafts(chunker.feed(item), locator, layout))
        yield from _decision(chunker, fraction)
        yield from _batches(labeller.take(BATCH_SIZE), counts)
    labeller.add(_drafts(chunker.finish(), locator, layout))
    yield from _decision(chunker, fraction)
    yield from _batches(labeller.finish(), counts)
    yield Progress(1.0, _summary(counts["chunks"], counts["children"]))


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
    base = chunker.base if isinstance(chunker, Families | Divided) else chunker
    if isinstance(base, Undecided) and base.message:
        yield Progress(fraction, base.message)
        base.message = ""


def _batches(drafts: list[ChunkDraft], counts: Counter[str]) -> Iterator[list[ChunkDraft]]:
    """Yield drafts in batches, and count them with their children."""
    batch: list[ChunkDraft] = []
    size = 0
    for draft in drafts:
        batch.append(draft)
        size += len(draft.children) or 1
        counts["children"] += len(draft.children)
        if size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    counts["chunks"] += len(drafts)
    if batch:
        yield batch


def _summary(chunks: int, children: int) -> str:
    if not chunks:
        return "The file holds no text."
    searched = f" with {children} children" if children else ""
    return f"Made {chunks} chunk{'' if chunks == 1 else 's'}{searched}."


def _drafts(contents: list[Content], locator: Locator, layout: Layout | None) -> list[ChunkDraft]:
    return [_placed(content, locator, layout)[0] for content in contents]


def _placed(content: Content, locator: Locator, layout: Layout | None) -> tuple[ChunkDraft, Place]:
    """Return a chunk with where it stands; a parent stands where its children do."""
    children = [_placed(child, locator, layout) for child in content.children]
    if children:
        place = joined([place for _, place in children])
    else:
        place = locator.locate(content.text if content.source is None else content.source)
    draft = ChunkDraft(
        content.text,
        shown_positions(place.positions, layout),
        place.page,
        content.tokens,
        questions=content.questions,
        keywords=content.keywords,
        headings=content.headings,
        children=tuple(draft for draft, _ in children),
        fields=content.fields,
    )
    return draft, place
