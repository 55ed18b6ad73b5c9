"""How the paragraphs of a DOC look: heading, list item, cell or end of a row [MS-DOC 2.8.25, PlcBtePapx]."""

import struct
from bisect import bisect_right
from typing import NamedTuple

_PAGE = 512
_MAX_PAGES = 200_000
# Names of the properties (sprm) which are looked at.
_IN_TABLE, _ENDS_ROW, _OUTLINE, _LIST = 0x2416, 0x2417, 0x2640, 0x460B
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_HEADINGS = range(1, 10)  # the numbers of the styles "heading 1" to "heading 9" are fixed
_BODY_TEXT = 9  # an outline level which is none


class Look(NamedTuple):
    """How a paragraph looks.

    Attributes:
        level: Of a heading, from 1; 0 for other text.
        is_list: It has a bullet or a number.
        in_table: It stands in a table.
        ends_row: It ends a row of a table and has no text.
    """

    level: int = 0
    is_list: bool = False
    in_table: bool = False
    ends_row: bool = False


class Looks:
    """The looks of all paragraphs.

    Args:
        main: The stream "WordDocument".
        table: The stream with the tables.
        offset: Where in it the list of pages of properties stands.
        size: Its bytes.
    """

    def __init__(self, main: bytes, table: bytes, offset: int, size: int) -> None:
        self._main = main
        count = min((size - 4) // 8, _MAX_PAGES) if size >= 12 else 0
        self._starts = list(struct.unpack_from(f"<{count}I", table, offset)) if count else []
        self._pages = struct.unpack_from(f"<{count}I", table, offset + 4 * (count + 1)) if count else ()
        self._number = -1
        self._runs: list[tuple[int, Look]] = []

    def at(self, offset: int) -> Look:
        """Return the look of the paragraph whose end stands at `offset` of the main stream."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return Look()
        number = self._pages[index] & 0x3F_FFFF
        if number != self._number:
            self._number, self._runs = number, _runs(self._main[number * _PAGE : (number + 1) * _PAGE])
        return next((look for end, look in self._runs if offset < end), Look())


def _runs(page: bytes) -> list[tuple[int, Look]]:
    """Return (end, look) for the runs of a page of properties (2.9.182, PapxFkp)."""
    if len(page) < _PAGE:
        return []
    count = page[-1]
    ends = struct.unpack_from(f"<{count + 1}I", page, 0)
    runs = []
    for index in range(count):
        start = 2 * page[4 * (count + 1) + 13 * index]
        runs.append((ends[index + 1], _look(page, start) if start else Look()))
    return runs


def _look(page: bytes, start: int) -> Look:
    size = 2 * page[start] - 1
    if size < 0:
        start += 1
        size = 2 * page[start]
    properties = page[start + 1 : start + 1 + size]
    if len(properties) < 2:
        return Look()
    (style,) = struct.unpack_from("<H", properties, 0)
    found = dict(_properties(properties[2:]))
    level = style if style in _HEADINGS else 0
    outline = found.get(_OUTLINE, _BODY_TEXT)
    if not level and outline < _BODY_TEXT:
        level = outline + 1
    return Look(level, found.get(_LIST, 0) > 0, bool(found.get(_IN_TABLE)), bool(found.get(_ENDS_ROW)))


def _properties(data: bytes) -> list[tuple[int, int]]:
    """Return (name, value) for the properties of a paragraph; long values count as 0."""
    found = []
    position = 0
    while position + 2 < len(data):
        (name,) = struct.unpack_from("<H", data, position)
        position += 2
        size = _SIZES.get(name >> 13, 0)
        if name == _TABLE_DEFINITION:
            size = 1 + int.from_bytes(data[position : position + 2], "little")
        elif not size:
            size = 1 + data[position]
            if name == _TABS and data[position] == 255:
                break  # its length must be counted; nothing that is looked at follows in practice
        found.append((name, int.from_bytes(data[position : position + size], "little") if size <= 4 else 0))
        position += size
    return found
