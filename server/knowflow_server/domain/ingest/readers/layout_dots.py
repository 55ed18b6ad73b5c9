"""The answers of dots.ocr, one for each page: JSON lists of `{bbox, category, text}` in pixels of the picture."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.layout import DrawnPage, page_lines
from knowflow_server.domain.ingest.readers.layout_parts import PagePart, place

_MARKS = re.compile(r"^(#{1,6})\s+")
_SECTION_LEVEL = 2  # of a section whose heading the model wrote without marks
_RUNNING = frozenset({"Page-header", "Page-footer", "Picture"})


def blocks(answers: Path) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a document, page by page, without headers, footers and pictures.

    Args:
        answers: A line for each page; see `layout.page_lines`.

    Raises:
        IngestError: An answer holds nothing that can be read.
    """
    count = 0
    for page, text in page_lines(answers):
        cells, is_whole = _cells(text)
        if not cells and not is_whole:
            raise IngestError(f"The dots service's answer for page {page.number} cannot be read.")
        count += 1
        yield [block for cell in cells for block in _cell_blocks(cell, page)]
        if not is_whole:
            yield Progress(0.0, f"The dots service's answer for page {page.number} is cut off; its end is missing.")
    yield Progress(1.0, f"Took {count} page{'s' * (count != 1)} from the dots service.")


def _cells(text: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the cells in an answer and whether it is whole; of one that is cut off, those before the cut."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _whole_cells(text), False
    cells = found if isinstance(found, list) else [found]
    return [cell for cell in cells if isinstance(cell, dict)], True


def _whole_cells(text: str) -> list[dict[str, Any]]:
    decoder = json.JSONDecoder()
    cells = []
    start = text.find("{")
    while start >= 0:
        try:
            cell, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        if isinstance(cell, dict):
            cells.append(cell)
        start = text.find("{", end)
    return cells


def _cell_blocks(cell: dict[str, Any], page: DrawnPage) -> Iterator[Block]:
    category, text = cell.get("category"), cell.get("text")
    if category in _RUNNING or not isinstance(text, str):
        return
    scale = (page.size[0] / page.pixels[0], page.size[1] / page.pixels[1])
    part = PagePart(page.number, place(cell.get("bbox"), scale, page.size))
    if category == "Table":
        yield from part.table(text)
    elif category in {"Title", "Section-header"}:
        marks = _MARKS.match(text.strip())
        level = len(marks[1]) if marks else 1 if category == "Title" else _SECTION_LEVEL
        yield from part.text(_MARKS.sub("", text.strip()), Kind.HEADING, level=level)
    elif category == "Formula":
        formula = text.strip()
        yield from part.text(formula if formula.startswith(("$", "\\[", "\\(")) else f"$$\n{formula}\n$$")
    else:
        yield from part.text(text, Kind.LIST if category == "List-item" else Kind.PARAGRAPH)
