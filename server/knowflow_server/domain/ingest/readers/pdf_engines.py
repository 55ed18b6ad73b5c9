"""The two PDF engines behind one interface: PDFium first, pdfplumber for what it cannot read."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.readers.pdf_page import Page, UnreadableError
from knowflow_server.domain.ingest.readers.pdf_plumber import PlumberDocument
from knowflow_server.domain.ingest.readers.pdfium_document import PdfiumDocument


class Engines:
    """A PDF, opened with PDFium if it can be, and with pdfplumber once it has to be.

    Attributes:
        page_count: Number of pages.
        is_second_only: True when PDFium could not open the file.

    Args:
        path: The file.

    Raises:
        IngestError: No engine can open the file, or it is encrypted with a password.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()
        self._first: PdfiumDocument | None = None
        self._second: PlumberDocument | None = None
        try:
            self._first = self._stack.enter_context(PdfiumDocument(path))
        except UnreadableError:
            self._second = self._open_second()
        self.is_second_only = self._first is None
        document = self._first or self._second
        if document is None:
            raise IngestError("The PDF is damaged and cannot be opened.")
        self.page_count = document.page_count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read_page(self, number: int, *, with_tables: bool) -> Page:
        """Return the text of page `number`, from 1.

        Args:
            number: From 1 to `page_count`.
            with_tables: Look for ruled tables; else their text comes as lines.

        Raises:
            UnreadableError: No engine can read the page.
        """
        if self._first is not None:
            try:
                return self._first.read_page(number, with_tables=with_tables)
            except UnreadableError:
                self._second = self._second or self._open_second()
        if self._second is None or number > self._second.page_count:
            raise UnreadableError
        return self._second.read_page(number)

    def draw_page(self, number: int, *, dpi: int) -> tuple[Any, float]:
        """Return a picture of page `number` and the size of its pixels in points; see `PdfiumDocument`.

        Raises:
            UnreadableError: The first engine, the only one that draws, cannot read the page.
        """
        if self._first is None:
            raise UnreadableError
        return self._first.draw_page(number, dpi=dpi)

    def page_size(self, number: int) -> tuple[float, float]:
        """Return width and height in points of page `number`, as a viewer shows it.

        Raises:
            UnreadableError: No engine can read the page.
        """
        if self._first is not None:
            return self._first.page_size(number)
        if self._second is None or number > self._second.page_count:
            raise UnreadableError
        return self._second.page_size(number)

    def outline(self) -> Iterator[tuple[int, int, str]]:
        """Yield (page, level, title) for the entries of the outline; nothing where only the second engine reads."""
        if self._first is not None:
            yield from self._first.outline()

    def _open_second(self) -> PlumberDocument | None:
        try:
            return self._stack.enter_context(PlumberDocument(self._path))
        except UnreadableError:
            return None
