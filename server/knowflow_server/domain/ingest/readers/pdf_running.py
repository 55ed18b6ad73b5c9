"""Running headers and footers and page numbers: text on the same place over most pages."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from statistics import median_low
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Box
from knowflow_server.domain.ingest.readers.pdf_page import Line, Page

# All of these were chosen by looking at papers, books, laws and reports.
_MARGIN = 0.11  # of the page's height, at the top and at the bottom
_SAME_PLACE = 6.0  # points
_LEAST_PAGES = 3
# On facing pages two texts take turns, and some pages, such as those that begin a chapter, have neither.
_LEAST_SHARE = 0.35
_REGULAR = 0.8
_LONGEST_NUMBER = 9
_DIGITS = re.compile(r"[0-9]+")
_ROMAN = re.compile(r"^\W*[ivxlc]{1,8}\W*$", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


class _Seen(NamedTuple):
    """A line near the top or the bottom of a page: where its foot stands, in points from the page's top."""

    page: int
    y: float
    numbers: tuple[int, ...]


class RunningLines:
    """Knows the running lines of a document, from a sample of its pages.

    A text counts as running when it stands on the same place of many pages and is the same there, but for numbers that
    rise with the pages. What else differs, such as the number of an invoice, is text.
    """

    def __init__(self) -> None:
        self._pages = 0
        self._seen: defaultdict[str, list[_Seen]] = defaultdict(list)
        self._places: dict[str, float] | None = None

    def add(self, page: Page) -> None:
        """Count the lines near the top and the bottom of a page."""
        self._pages += 1
        self._places = None
        shapes: set[str] = set()
        for line, box in _in_margins(page):
            shape, numbers = _shape(line.text)
            if shape not in shapes:
                shapes.add(shape)
                self._seen[shape].append(_Seen(page.number, box[3], numbers))

    def without(self, page: Page, *, is_heading: Callable[[Line], bool]) -> tuple[Page, int]:
        """Return a page without its running lines, and how many those are.

        Headings stay, and so do lines which are all the text of their page.
        """
        if self._places is None:
            self._places = self._settle()
        places = self._places
        running = {
            id(line)
            for line, box in _in_margins(page)
            if abs(places.get(_shape(line.text)[0], -math.inf) - box[3]) <= _SAME_PLACE and not is_heading(line)
        }
        items = tuple(item for item in page.items if id(item) not in running)
        if not running or not items:
            return page, 0
        return Page(page.number, items, page.is_blank, page.height), len(running)

    def _settle(self) -> dict[str, float]:
        """Return the running texts and where they stand."""
        least = max(_LEAST_PAGES, _LEAST_SHARE * self._pages)
        places = {}
        for shape, seen in self._seen.items():
            place = median_low(each.y for each in seen)
            there = [each for each in seen if abs(each.y - place) <= _SAME_PLACE]
            if len(there) >= least and _rise_with_pages(there):
                places[shape] = place
        return places


def _rise_with_pages(seen: list[_Seen]) -> bool:
    """Return True when each number in a text is nearly always the same, or nearly always rises with the pages."""
    for values in zip(*(each.numbers for each in seen), strict=True):
        constant = Counter(values).most_common(1)[0][1]
        counting = Counter(value - each.page for value, each in zip(values, seen, strict=True)).most_common(1)[0][1]
        if max(constant, counting) < _REGULAR * len(seen):
            return False
    return True


def _in_margins(page: Page) -> Iterator[tuple[Line, Box]]:
    top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
    for item in page.items:
        if isinstance(item, Line) and item.box is not None and (item.box[3] <= top or item.box[2] >= bottom):
            yield item, item.box


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text with its numbers as one sign, to compare it by, and the numbers."""
    if _ROMAN.match(text):
        return "#i", ()
    numbers = tuple(int(digits[:_LONGEST_NUMBER]) for digits in _DIGITS.findall(text))
    return _SPACES.sub(" ", _DIGITS.sub("#", text)).strip().casefold(), numbers
