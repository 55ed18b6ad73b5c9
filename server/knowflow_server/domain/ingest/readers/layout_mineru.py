"""The answer of MinerU's server: `results.<name>.content_list`, as `docs/en/reference/output_files.md` describes it.

Each entry has a `type`, a `page_idx` from 0 and, since MinerU 2.5, a `bbox` `[x1, y1, x2, y2]` in thousandths of the
page.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.layout_parts import PagePart, place
from knowflow_server.domain.ingest.readers.pdf import selected

PageSize = Callable[[int], tuple[float, float]]

_MAX_LEVEL = 6
_UNITS = 1000.0
_RUNNING = frozenset({"header", "footer", "page_number", "discarded"})
_ODD = "The mineru service answered with something that is not a list of contents."


def blocks(source: Source, answer: Path, page_count: int, page_size: PageSize) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a document, page by page, without headers and footers.

    Args:
        source: The document.
        answer: The body of the service's answer.
        page_count: Pages of the document.
        page_size: Width and height in points of a page, from 1.

    Raises:
        IngestError: The answer cannot be read.
    """
    wanted = set(selected(page_count, source.config))
    entries = _entries(answer)
    page: list[Block] = []
    last = 0
    for entry in entries:
        number = entry.get("page_idx")
        number = number + 1 if isinstance(number, int) else last
        if number not in wanted:
            continue
        if number != last and page:
            yield page
            page = []
        last = number
        width, height = page_size(number)
        box = place(entry.get("bbox"), (width / _UNITS, height / _UNITS), (width, height))
        page += _entry_blocks(entry, PagePart(number, box))
    if page:
        yield page
    yield Progress(1.0, f"Took {len(entries)} entries from the mineru service.")


def _entries(answer: Path) -> list[dict[str, Any]]:
    try:
        with answer.open(encoding="utf-8") as file:
            results = json.load(file)["results"]
        content = next(iter(results.values()))["content_list"]
        entries = json.loads(content) if isinstance(content, str) else content
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        raise IngestError(_ODD) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise IngestError(_ODD)
    return entries


def _entry_blocks(entry: dict[str, Any], part: PagePart) -> Iterator[Block]:
    kind = entry.get("type")
    if kind in _RUNNING:
        return
    if kind in {"table", "image", "chart", "code"}:
        yield from part.texts(entry.get(f"{kind}_caption", entry.get("img_caption")))
        if kind == "table":
            yield from part.table(entry.get("table_body"))
        elif kind == "code":
            yield from part.text(entry.get("code_body"), Kind.CODE)
        else:
            yield from part.text(entry.get("content"))
        yield from part.texts(entry.get(f"{kind}_footnote", entry.get("img_footnote")))
    elif kind == "list":
        items = entry.get("list_items")
        texts = [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
        yield from part.text("\n".join(texts), Kind.LIST)
    else:
        level = entry.get("text_level")
        if isinstance(level, int) and level > 0:
            yield from part.text(entry.get("text"), Kind.HEADING, level=min(level, _MAX_LEVEL))
        else:
            yield from part.text(entry.get("text"))
