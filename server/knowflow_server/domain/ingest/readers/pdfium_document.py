"""A PDF opened with PDFium; every other file of this package is free of PDFium's types."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.readers.pdf_grid import find_tables
from knowflow_server.domain.ingest.readers.pdf_page import Line, Page, Table, UnreadableError, clean_line, clip
from knowflow_server.domain.ingest.readers.pdfium_columns import in_columns
from knowflow_server.domain.ingest.readers.pdfium_paths import read_drawing
from knowflow_server.domain.ingest.readers.pdfium_tables import Part, TableFiller, distribute
from knowflow_server.domain.ingest.readers.pdfium_text import (
    PageFrame,
    RawLine,
    cut_line,
    font_size,
    is_bold,
    raw_lines,
)

_MAX_OUTLINE = 20_000
_LONGEST_SIDE = 3_000  # pixels


class PdfiumDocument:
    """An open PDF.

    Args:
        path: The file; it is read as pages are asked for.

    Raises:
        UnreadableError: PDFium does not understand the file.
        IngestError: The file is encrypted with a password.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._document: Any = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
                raise IngestError("The PDF is encrypted; upload it without a password.") from error
            raise UnreadableError from error
        self.page_count = len(self._document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def read_page(self, number: int, *, with_tables: bool) -> Page:
        """Return the text of page `number`, from 1.

        Args:
            number: From 1 to `page_count`.
            with_tables: Look for ruled tables; else their text comes as lines.

        Raises:
            UnreadableError: The page is damaged.
        """
        page = text_page = None
        try:
            page = self._document.get_page(number - 1)
            text_page = page.get_textpage()
            return _read(number, page, text_page, with_tables=with_tables)
        except (pypdfium2.PdfiumError, AssertionError) as error:
            raise UnreadableError from error
        finally:
            for part in (text_page, page):
                if part is not None:
                    part.close()

    def draw_page(self, number: int, *, dpi: int) -> tuple[Any, float]:
        """Return a picture of page `number`, from 1, and the size of its pixels in points.

        Args:
            number: From 1 to `page_count`.
            dpi: Pixels per inch; large pages are drawn with fewer.

        Raises:
            UnreadableError: The page is damaged.
        """
        page = None
        try:
            page = self._document.get_page(number - 1)
            scale = min(dpi / 72, _LONGEST_SIDE / max(page.get_size()))
            return page.render(scale=scale).to_pil(), 1 / scale
        except (pypdfium2.PdfiumError, AssertionError, ValueError, ZeroDivisionError) as error:
            raise UnreadableError from error
        finally:
            if page is not None:
                page.close()

    def page_size(self, number: int) -> tuple[float, float]:
        """Return width and height in points of page `number`, from 1, as a viewer shows it.

        Raises:
            UnreadableError: The page is damaged.
        """
        page = None
        try:
            page = self._document.get_page(number - 1)
            return _frame(page).size
        except (pypdfium2.PdfiumError, AssertionError) as error:
            raise UnreadableError from error
        finally:
            if page is not None:
                page.close()

    def outline(self) -> Iterator[tuple[int, int, str]]:
        """Yield (page, level, title) for the entries of the outline that lead to a page: page from 1, level 1 to 6."""
        for count, entry in enumerate(self._document.get_toc()):
            if count >= _MAX_OUTLINE:
                return
            target = entry.get_dest()
            index = target.get_index() if target is not None else None
            try:
                title = clean_line(entry.get_title())
            except UnicodeDecodeError:  # a damaged title; the text of its page is read all the same
                continue
            if index is not None and title:
                yield index + 1, min(entry.level + 1, 6), title


def _frame(page: Any) -> PageFrame:
    left, bottom, right, top = page.get_bbox()
    return PageFrame(left, bottom, right, top, page.get_rotation() // 90)


def _read(number: int, page: Any, text_page: Any, *, with_tables: bool) -> Page:
    frame = _frame(page)
    lines = list(raw_lines(text_page, frame))
    is_blank = pdfium.FPDFPage_CountObjects(page) == 0
    fillers: list[TableFiller] = []
    if with_tables and lines:
        fillers = [TableFiller(cells) for cells in find_tables(*read_drawing(page, frame))]
    lines = in_columns(
        lines,
        lambda line, at: cut_line(line, at, text_page, frame),
        is_fixed=lambda line: line.box is not None and any(filler.meets(line.box) for filler in fillers),
    )
    items = _items(lines, fillers, text_page, frame)
    kept = tuple(item for item in items if isinstance(item, Table) or item.text)
    return Page(number, kept, is_blank, frame.size[1])


def _items(
    lines: list[RawLine], fillers: list[TableFiller], text_page: Any, frame: PageFrame
) -> Iterator[Line | Table]:
    """Yield lines, and each table in the place of the first line that has characters in it."""
    parts_of: dict[int, list[Part]] = {}
    for line in lines:
        met = [filler for filler in fillers if line.box is not None and filler.meets(line.box)]
        if met:
            parts = parts_of[line.start] = distribute(line, met, text_page, frame)
            for part in parts:
                if part.filler is not None and not part.text.isspace():
                    part.filler.add(part.cell, part.text, is_broken=line.is_broken and part is parts[-1])
    tables = [(filler, filler.table(*frame.size)) for filler in fillers]
    waiting = {id(filler): table for filler, table in tables if table is not None}
    accepted = set(waiting)
    for line in lines:
        parts = parts_of.get(line.start, [])
        inside = [id(part.filler) for part in parts if id(part.filler) in accepted]
        if not inside:
            yield _line(line, line.text, text_page, frame, is_broken=line.is_broken)
            continue
        outside = [part for part in parts if id(part.filler) not in accepted]
        is_broken = line.is_broken and parts[-1] in outside
        yield _line(line, "".join(part.text for part in outside), text_page, frame, is_broken=is_broken)
        for table_id in inside:
            if table_id in waiting:
                yield waiting.pop(table_id)


def _line(line: RawLine, text: str, text_page: Any, frame: PageFrame, *, is_broken: bool) -> Line:
    """Return a line or the part of it whose text is given; the part may be empty."""
    first, last = line.start, line.start + len(line.text.rstrip()) - 1
    middle = line.start + len(line.text) // 2  # not the first one, which may be an initial of several lines' height
    bold = all(is_bold(text_page, index) for index in (middle, first, last))
    box = clip(line.box, *frame.size) if line.box is not None else None
    return Line(clean_line(text), box, font_size(text_page, middle), bold, is_broken)
