"""The paragraphs and tables inside a shape of a slide."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.blocks import clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.readers.archive import attribute, local

_DEEPEST = 100
_MAX_LEVEL = 8
# Of two forms of a drawing, the one for older programs; and properties.
_UNSEEN = frozenset({"Fallback", "pPr", "rPr", "endParaRPr"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes:
        text: Its text; line breaks inside it are line feeds.
        level: Depth inside a list, from 0.
        has_bullet: True or False where the paragraph itself says so, None where the layout decides.
        is_numbered: True for an item with a number.
    """

    text: str
    level: int = 0
    has_bullet: bool | None = None
    is_numbered: bool = False

    def is_item(self, *, is_body: bool) -> bool:
        """Return True for an item of a list; where the layout decides, the items of a body are."""
        return (is_body or self.level > 0) if self.has_bullet is None else self.has_bullet


def is_seen(element: ET.Element, depth: int) -> list[ET.Element]:
    """Return the children that show on a slide.

    Raises:
        IngestError: It is nested so deeply that following it would exhaust the stack.
    """
    if depth > _DEEPEST:
        raise IngestError(f"The PPTX presentation is nested more than {_DEEPEST} levels deep.")
    return [child for child in element if local(child.tag) not in _UNSEEN]


def within(element: ET.Element, wanted: str) -> Iterator[ET.Element]:
    """Yield the elements of that local name at any depth."""
    return (child for child in element.iter() if local(child.tag) == wanted)


def paragraphs(shape: ET.Element) -> Iterator[Paragraph]:
    """Yield the paragraphs inside a shape or a cell."""
    for paragraph in within(shape, "p"):
        properties = next((child for child in paragraph if local(child.tag) == "pPr"), None)
        level, has_bullet, is_numbered = 0, None, False
        if properties is not None:
            stated = attribute(properties, "lvl")
            level = int(stated) if stated.isascii() and stated.isdigit() and len(stated) == 1 else 0
            names = {local(child.tag) for child in properties}
            is_numbered = "buAutoNum" in names
            if is_numbered or "buChar" in names or "buBlip" in names:
                has_bullet = True
            elif "buNone" in names:
                has_bullet = False
        yield Paragraph(clean("".join(_text(paragraph, 0))), min(level, _MAX_LEVEL), has_bullet, is_numbered)


def table_cells(table: ET.Element) -> list[list[str]]:
    """Return the texts of a table's cells, row by row; a cell that another one covers is blank."""
    return [
        [" ".join(paragraph.text for paragraph in paragraphs(cell)) for cell in row if local(cell.tag) == "tc"]
        for row in table
        if local(row.tag) == "tr"
    ]


def _text(element: ET.Element, depth: int) -> Iterator[str]:
    for child in is_seen(element, depth):
        name = local(child.tag)
        if name == "t":
            yield child.text or ""
        elif name == "br":
            yield "\n"
        else:
            yield from _text(child, depth + 1)
