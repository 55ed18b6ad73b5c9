"""DOCX: paragraphs, headings, lists and tables in document order, read from the XML as it is unpacked.

General converters were measured and left aside: the fast one drops tabs, so that words stick together, and the numbers
of lists; the others build the whole document in memory.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import cast
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.archive import attribute, local, open_archive, read_xml, stream_part
from knowflow_server.domain.ingest.readers.docx_styles import (
    BULLET,
    Numbering,
    ParagraphStyle,
    read_numbering,
    read_properties,
    read_styles,
)
from knowflow_server.domain.ingest.readers.table_text import table_rows

_MAIN_PART = "word/document.xml"
_BLOCKS = frozenset({"p", "tbl"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Properties, deleted and moved text, field codes, the old form of a drawing beside its new one, and text boxes, which
# follow as paragraphs of their own.
_PROPERTIES = frozenset({"pPr", "rPr", "tblPr", "tcPr", "trPr", "sdtPr"})
_UNSEEN = _PROPERTIES | {"del", "moveFrom", "delText", "instrText", "Fallback", "txbxContent", "rt"}
_DEEPEST = 100  # elements inside each other; word processors stop long before
_MAX_SPAN = 100


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a DOCX document, its footnotes and endnotes last; see `Reader`."""
    with open_archive(source.path, label="DOCX") as archive:
        main = _main_part(archive)
        folder = posixpath.dirname(main)
        body = _Body(read_styles(archive, f"{folder}/styles.xml"), read_numbering(archive, f"{folder}/numbering.xml"))
        yield from _read_body(archive, main, body)
        for part in ("footnotes.xml", "endnotes.xml"):
            notes = read_xml(archive, f"{folder}/{part}")
            for note in notes if notes is not None else ():
                if not attribute(note, "type"):  # those with a type draw the line above the notes
                    body.add(note)
        yield body.finish()


def _main_part(archive: zipfile.ZipFile) -> str:
    root = read_xml(archive, "_rels/.rels")
    for relation in root if root is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            target = attribute(relation, "Target").lstrip("/")
            if target.startswith("word/") and target in archive.namelist():
                return target
    if _MAIN_PART in archive.namelist():
        return _MAIN_PART
    raise IngestError("The file is not a DOCX document: the archive holds no document text.")


def _read_body(archive: zipfile.ZipFile, part: str, body: "_Body") -> Iterator[Progress | list[Block]]:
    """Hand the children of the body element over as they end, and forget them."""
    size = max(archive.getinfo(part).file_size, 1)
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(["start", "end"])
    parents: list[ET.Element] = []
    done = reported = 0
    for data in stream_part(archive, part):
        parser.feed(data)
        for event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            if len(parents) == 2:  # document, body
                body.add_block(element)
                parents[-1].clear()
        yield body.take()
        done += len(data)
        if done - reported >= 2**20:
            reported = done
            yield Progress(min(done / size, 1.0), f"Read {100 * done // size}% of the document.")
    parser.close()


class _Body:
    """Collects the blocks of a document.

    Args:
        styles: Paragraph styles by id.
        numbering: Numbers the list items.
    """

    def __init__(self, styles: dict[str, ParagraphStyle], numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._blocks: list[Block] = []
        self._items: list[str] = []

    def take(self) -> list[Block]:
        """Return the blocks completed since the last call, in document order."""
        blocks, self._blocks = self._blocks, []
        return blocks

    def finish(self) -> list[Block]:
        """Return what is left."""
        self._end_list()
        return self.take()

    def add(self, element: ET.Element, depth: int = 0) -> None:
        """Add the paragraphs and tables inside an element."""
        for child in _children(element, depth):
            self.add_block(child, depth)

    def add_block(self, element: ET.Element, depth: int = 0) -> None:
        """Add a paragraph, a table, or what a container of them holds."""
        name = local(element.tag)
        if name in _UNSEEN:
            return
        if name == "p":
            self._add_paragraph(element, depth)
        elif name == "tbl":
            self._add_table(element, depth)
        else:
            self.add(element, depth + 1)

    def _add_paragraph(self, paragraph: ET.Element, depth: int) -> None:
        text = clean("".join(_text(paragraph, depth))).strip("\n")
        if text.strip():
            style = self._style(paragraph)
            list_id, list_level = style.list_id or "0", style.list_level or 0
            label = self._numbering.next_label(list_id, list_level) if list_id != "0" else ""
            if style.level:
                self._end_list()
                label = "" if label == BULLET else label
                self._emit(Kind.HEADING, f"{label} {text}".strip().replace("\n", " "), style.level)
            elif label:
                self._items.append(f"{'  ' * min(list_level, 9)}{label} {text}\n")
            else:
                self._end_list()
                self._emit(Kind.PARAGRAPH, text)
        for box in _text_boxes(paragraph, depth):
            self._end_list()
            self.add(box, depth + 1)

    def _style(self, paragraph: ET.Element) -> ParagraphStyle:
        for child in paragraph:
            if local(child.tag) == "pPr":
                named = next((attribute(part, "val") for part in child if local(part.tag) == "pStyle"), "")
                return read_properties(child).over(self._styles.get(named, ParagraphStyle()))
        return ParagraphStyle()

    def _add_table(self, table: ET.Element, depth: int) -> None:
        self._end_list()
        rows = [[_cell(cell, depth) for cell in _within(row, "tc", depth)] for row in _within(table, "tr", depth)]
        cells = [[part for cell in row for part in cell] for row in rows]
        if max(map(len, cells), default=0) > 1:
            self._emit(Kind.TABLE, "".join(table_rows(cells)))
            return
        for row in _within(table, "tr", depth):  # a frame around text rather than a table
            for cell in _within(row, "tc", depth):
                self.add(cell, depth + 1)

    def _end_list(self) -> None:
        text = "".join(self._items)
        self._items.clear()
        self._emit(Kind.LIST, text)

    def _emit(self, kind: Kind, text: str, level: int = 0) -> None:
        if text.strip():
            self._blocks.append(Block(kind, text.rstrip("\n") + "\n\n", level))


def _children(element: ET.Element, depth: int) -> ET.Element:
    """Return `element` to iterate over its children.

    Raises:
        IngestError: It is nested so deeply that following it would exhaust the stack.
    """
    if depth > _DEEPEST:
        raise IngestError(f"The DOCX document is nested more than {_DEEPEST} levels deep.")
    return element


def _text(element: ET.Element, depth: int) -> Iterator[str]:
    """Yield the visible text inside a paragraph in parts."""
    for child in _children(element, depth):
        name = local(child.tag)
        if name == "t":
            yield child.text or ""
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name not in _UNSEEN:
            yield from _text(child, depth + 1)


def _text_boxes(element: ET.Element, depth: int) -> Iterator[ET.Element]:
    for child in _children(element, depth):
        name = local(child.tag)
        if name == "txbxContent":
            yield child
        elif name not in _UNSEEN:
            yield from _text_boxes(child, depth + 1)


def _within(element: ET.Element, wanted: str, depth: int) -> list[ET.Element]:
    """Return the rows of a table or the cells of a row, also those inside content controls and tracked insertions."""
    found: list[ET.Element] = []
    for child in _children(element, depth):
        name = local(child.tag)
        if name == wanted:
            found.append(child)
        elif name not in _UNSEEN and name not in _BLOCKS:
            found += _within(child, wanted, depth + 1)
    return found


def _cell(cell: ET.Element, depth: int) -> list[str]:
    """Return the text of a cell, tables inside it included, and an empty text for each further column it spans."""
    span = ""
    for child in cell:
        if local(child.tag) == "tcPr":
            span = next((attribute(part, "val") for part in child if local(part.tag) == "gridSpan"), "")
    columns = min(int(span), _MAX_SPAN) if span.isascii() and span.isdigit() and len(span) < 4 else 1
    return [clean(" ".join(_paragraph_texts(cell, depth))), *[""] * (columns - 1)]


def _paragraph_texts(element: ET.Element, depth: int) -> Iterator[str]:
    for child in _children(element, depth):
        name = local(child.tag)
        if name == "p":
            yield "".join(_text(child, depth))
        elif name not in _UNSEEN:
            yield from _paragraph_texts(child, depth + 1)
