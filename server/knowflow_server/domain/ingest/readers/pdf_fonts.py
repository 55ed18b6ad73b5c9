"""Telling headings from body text by the fonts of a document and by its outline."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowflow_server.domain.ingest.readers.pdf_page import Line, Page
from knowflow_server.domain.ingest.readers.pdf_running import RunningLines

# All of these were chosen by looking at papers, books, laws and reports; none is a law of typography.
_HEADING_SIZE = 1.15  # a heading is so much larger than body text
_BOLD_SIZE = 0.95  # a bold heading has at least so much of the size of body text
_BOLD_BODY = 0.4  # with so much bold text, bold does not mean heading
_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 120
_MAX_LEVEL = 6
_SHORTEST_PART = 12  # letters of a line that is only the beginning of a title

_NUMBER = re.compile(r"^[\d.\s]+")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Fonts:
    """How much text there is of each font size, from a sample of pages.

    Attributes:
        sizes: Characters by size rounded to half a point.
        bold: Characters of wholly bold lines.
    """

    sizes: Counter[float] = field(default_factory=Counter)
    bold: int = 0

    def add(self, page: Page) -> None:
        """Count the lines of a page."""
        for item in page.items:
            if isinstance(item, Line):
                self.sizes[_half(item.size)] += len(item.text)
                self.bold += len(item.text) if item.is_bold else 0


class Guide:
    """Tells headings from body text, and both from running lines.

    Args:
        fonts: Counted on a sample of pages.
        outline: (level, title) by page.
        running: Knows the running headers and footers.
        outline_only: Only titles of the outline are headings.
    """

    def __init__(
        self,
        fonts: Fonts,
        outline: Mapping[int, Sequence[tuple[int, str]]],
        running: RunningLines,
        *,
        outline_only: bool = False,
    ) -> None:
        self._running = running
        self._body = fonts.sizes.most_common(1)[0][0] if fonts.sizes else 0.0
        larger = sorted((size for size in fonts.sizes if size >= self._body * _HEADING_SIZE), reverse=True)
        self._larger = larger[: _MAX_LEVEL - 1]
        self._bold_counts = fonts.bold < _BOLD_BODY * fonts.sizes.total()
        self._outline = {page: [(level, _letters(title)) for level, title in items] for page, items in outline.items()}
        self._outline_only = outline_only

    def without_running(self, page: Page) -> tuple[Page, int]:
        """Return a page without running headers, footers and page numbers, and how many lines those are."""
        return self._running.without(page, is_heading=lambda line: bool(self.level(line, page.number)))

    def level(self, line: Line, page: int) -> int:
        """Return the heading level of a line, 1 to 6, or 0 for text that is no heading."""
        if self._outline.get(page):
            letters = _letters(line.text)
            for level, title in self._outline[page]:
                if letters and (letters == title or (len(letters) >= _SHORTEST_PART and title.startswith(letters))):
                    return level
        if self._outline_only or len(line.text) > _LONGEST_HEADING or not any(map(str.isalpha, line.text)):
            return 0
        below_all = len(self._larger) + 1
        if line.size >= self._body * _HEADING_SIZE:
            return next((rank for rank, size in enumerate(self._larger, 1) if _half(line.size) >= size), below_all)
        return below_all if self._is_bold_heading(line) else 0

    def _is_bold_heading(self, line: Line) -> bool:
        return (
            line.is_bold
            and self._bold_counts
            and line.size >= self._body * _BOLD_SIZE
            and len(line.text) <= _LONGEST_BOLD_HEADING
            and not line.text.endswith((".", ",", ";"))
        )


def _letters(text: str) -> str:
    """Return the letters and digits of a title without its number, in lower case, to compare it by."""
    return _NOT_A_WORD.sub("", _NUMBER.sub("", text)).casefold()


def _half(size: float) -> float:
    return round(size * 2) / 2
