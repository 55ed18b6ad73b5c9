"""The second PDF engine, for the few files which PDFium cannot open and pdfminer can; it is many times slower."""

import logging
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
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect

        logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns about every odd colour of a damaged file
        try:
            self._document = pdfplumber.open(path)
            self._pages: list[Any] = self._document.pages
        except PDFPasswordIncorrect as error:
            raise IngestError("The PDF is encrypted; upload it without a password.") from error
        except Exception as error:
            raise UnreadableError from error
        self.page_count = len(self._pages)
        if not self.page_count:
            raise UnreadableError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

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


def _line(line: dict[str, Any], width: float, height: float) -> Line:
    characters = line["chars"]
    middle = characters[len(characters) // 2]
    is_bold = all("bold" in character["fontname"].lower() for character in characters)
    box = clip((line["x0"], line["x1"], line["top"], line["bottom"]), width, height)
    return Line(clean_line(line["text"]), box, float(middle["size"]), is_bold)
