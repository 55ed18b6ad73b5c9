"""What every reader produces and every chunker consumes: blocks of text in document order."""

import re
from dataclasses import dataclass
from enum import StrEnum

Box = tuple[float, float, float, float]
"""`(x1, x2, y1, y2)` on one page: 72-dpi points, the origin at the page's top left, `x1 <= x2`, `y1 <= y2`."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a run of a block's text stands on a page.

    Attributes:
        length: Characters of the block's text which this span covers.
        page: Page number, from 1.
        box: The run's box, or None when its place is not known.
    """

    length: int
    page: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list, a table or a piece of code.

    The texts of all blocks of a file, joined with nothing between them, are the document's text; the white space
    which parts two blocks therefore stands at the end of the first one.

    Attributes:
        kind: What the block is.
        text: Its text, cleaned by `clean`. A row of a table is one line.
        level: 1 (highest) to 6 for a heading, 0 for every other kind.
        spans: Cover `text` from its first to its last character, in order; empty for formats without pages.
    """

    kind: Kind
    text: str
    level: int = 0
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on one file has come.

    Attributes:
        fraction: Share of the reading and chunking that is done, 0 to 1; it never falls.
        message: What has just been done or noticed, one English sentence; "" where only the share has changed.
    """

    fraction: float
    message: str


def clean(text: str) -> str:
    """Return `text` without NUL characters and lone surrogates, which databases and protobuf refuse."""
    return _UNSTORABLE.sub("", text) if _UNSTORABLE.search(text) else text
