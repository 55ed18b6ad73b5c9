"""The second PDF engine, for the few files which PDFium cannot open and pdfminer can; it is many times slower."""

import logging
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import Any, Self

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.readers.pdf_page import Line, Page, UnreadableError, clean_line, clip


class PlumberDocument:
    """An open PDF, read with pdfplumber; it has no outline and no tables.

    Args:
        path: The file.

    Raises:
        UnreadableError: pdfplumber does not understand the file either.
        IngestError: The file is encrypted with a password.
    """

    def __init__(self, path: Path) -> None:
        logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns about every odd colour of a damaged file
        with ExitStack() as stack:
            # pdfplumber closes the files that it opens itself only where all goes well.
            self._pages = _open(stack.enter_context(path.open("rb")))
            self._stack = stack.pop_all()
        self.page_count = len(self._pages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read_page(self, number: int) -> Page:
        """Return the lines of page `number`, from 1.

        Raises:
            UnreadableError: The page is damaged.
        """
        page = self._pages[number - 1]
        try:
            width, height = self.page_size(number)
            lines = page.extract_text_lines(use_text_flow=True, return_chars=True)
            items = tuple(_line(line, width, height) for line in lines if line["text"].strip())
            return Page(number, items, not items and not page.images, height)
        except Exception as error:
            raise UnreadableError from error
        finally:
            page.close()

    def page_size(self, number: int) -> tuple[float, float]:
        """Return width and height of page `number` in points, rounded down to one decimal."""
        page = self._pages[number - 1]
        return int(page.width * 10) / 10, int(page.height * 10) / 10


def _open(file: BufferedReader) -> list[Any]:
    """Return the pages of a PDF; see `PlumberDocument` for the errors."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        pages: list[Any] = pdfplumber.open(file).pages
    except Exception as error:
        # pdfplumber wraps the error of the library below.
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise IngestError("The PDF is encrypted; upload it without a password.") from error
        raise UnreadableError from error
    if not pages:
        raise UnreadableError
    return pages


def _line(line: dict[str, Any], width: float, height: float) -> Line:
    characters = line["chars"]
    middle = characters[len(characters) // 2]
    is_bold = all("bold" in character["fontname"].lower() for character in characters)
    box = clip((line["x0"], line["x1"], line["top"], line["bottom"]), width, height)
    return Line(clean_line(line["text"]), box, float(middle["size"]), is_bold)
