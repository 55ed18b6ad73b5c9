"""PPTX: the slides in their order, each with its title, texts, lists, tables and notes.

It is read from the XML, one slide at a time; libraries that offer the same hold all slides in memory.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.blocks import Block, Box, Kind, Progress, Span, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.archive import attribute, local, open_archive, read_xml
from knowflow_server.domain.ingest.readers.pptx_text import Paragraph, is_seen, paragraphs, table_cells, within
from knowflow_server.domain.ingest.readers.table_text import table_rows

_MAIN_PART = "ppt/presentation.xml"
_LARGEST_SLIDE = 16 * 1024 * 1024
_TITLES = frozenset({"title", "ctrTitle"})
_MARGINS = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
_BODIES = frozenset({"", "body", "obj"})
_EMU_PER_POINT = 12_700
_LARGEST_POINT = 1_000_000.0


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the slides of a presentation, hidden ones included; the page of a block is its slide; see `Reader`."""
    with open_archive(source.path, label="PPTX") as archive:
        slides = _slides(archive)
        for number, part in enumerate(slides, 1):
            yield _slide(archive, part, number)
            yield Progress(number / len(slides), f"Read slide {number} of {len(slides)}.")


def _slides(archive: zipfile.ZipFile) -> list[str]:
    root = _read(archive, _MAIN_PART)
    if root is None:
        raise IngestError("The file is not a PPTX presentation: the archive holds no slides.")
    targets = {key: target for key, (_, target) in _relations(archive, _MAIN_PART).items()}
    ids = [value for entry in within(root, "sldId") for key, value in entry.attrib.items() if key.endswith("}id")]
    names = set(archive.namelist())
    return [targets[key] for key in ids if targets.get(key) in names]


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return (kind, part) by id for what a part refers to."""
    folder, name = posixpath.split(part)
    root = _read(archive, f"{folder}/_rels/{name}.rels")
    found: dict[str, tuple[str, str]] = {}
    for relation in root if root is not None else ():
        target = posixpath.normpath(posixpath.join(folder, attribute(relation, "Target")))
        kind = attribute(relation, "Type").rpartition("/")[2]
        found[attribute(relation, "Id")] = (kind, target.lstrip("/"))
    return found


def _read(archive: zipfile.ZipFile, part: str) -> ET.Element | None:
    if part in archive.namelist() and archive.getinfo(part).file_size > _LARGEST_SLIDE:
        raise IngestError(f"A slide of the PPTX presentation is larger than {_LARGEST_SLIDE // 2**20} MB.")
    return read_xml(archive, part)


def _slide(archive: zipfile.ZipFile, part: str, number: int) -> list[Block]:
    root = _read(archive, part)
    shapes = [] if root is None else list(_shapes(root, 0))
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
    blocks = [block for shape in titles for block in _title(shape, number)]
    for shape in shapes:
        if _placeholder(shape) not in _TITLES:
            blocks += _shape_blocks(shape, number)
    for kind, target in _relations(archive, part).values():
        if kind == "notesSlide":
            blocks += _notes(_read(archive, target), number)
    return blocks


def _shapes(element: ET.Element, depth: int) -> Iterator[ET.Element]:
    """Yield the shapes and frames of a slide, those of groups in their place."""
    for child in is_seen(element, depth):
        if local(child.tag) in {"sp", "graphicFrame"}:
            yield child
        else:
            yield from _shapes(child, depth + 1)


def _placeholder(shape: ET.Element) -> str | None:
    """Return the kind of placeholder that a shape is, "" for one without a kind, None for other shapes."""
    found = next(within(shape, "ph"), None)
    return None if found is None else attribute(found, "type")


def _title(shape: ET.Element, number: int) -> list[Block]:
    text = " ".join(" ".join(paragraph.text.split()) for paragraph in paragraphs(shape)).strip()
    return _block(Kind.HEADING, text, number, _box(shape), level=1)


def _shape_blocks(shape: ET.Element, number: int) -> list[Block]:
    box = _box(shape)
    if local(shape.tag) == "graphicFrame":
        tables = ["".join(table_rows(table_cells(table))) for table in within(shape, "tbl")]
        return [block for text in tables for block in _block(Kind.TABLE, text, number, box)]
    placeholder = _placeholder(shape)
    if placeholder in _MARGINS:
        return []
    found = [paragraph for paragraph in paragraphs(shape) if paragraph.text.strip()]
    is_body = placeholder in _BODIES and len(found) > 1
    blocks: list[Block] = []
    items: list[str] = []
    counts: dict[int, int] = {}
    for paragraph in found:
        if not paragraph.is_item(is_body=is_body):
            blocks += _block(Kind.LIST, "".join(items), number, box) + _block(
                Kind.PARAGRAPH, paragraph.text, number, box
            )
            items, counts = [], {}
            continue
        items.append(_item(paragraph, counts))
    return blocks + _block(Kind.LIST, "".join(items), number, box)


def _item(paragraph: Paragraph, counts: dict[int, int]) -> str:
    for deeper in [level for level in counts if level > paragraph.level]:
        del counts[deeper]
    marker = "-"
    if paragraph.is_numbered:
        counts[paragraph.level] = counts.get(paragraph.level, 0) + 1
        marker = f"{counts[paragraph.level]}."
    return f"{'  ' * paragraph.level}{marker} {paragraph.text.strip()}\n"


def _notes(root: ET.Element | None, number: int) -> list[Block]:
    shapes = [] if root is None else _shapes(root, 0)
    bodies = [shape for shape in shapes if _placeholder(shape) == "body"]
    text = "\n".join(paragraph.text for shape in bodies for paragraph in paragraphs(shape)).strip()
    return _block(Kind.PARAGRAPH, f"Notes: {text}" if text else "", number, None)


def _block(kind: Kind, text: str, number: int, box: Box | None, *, level: int = 0) -> list[Block]:
    text = clean(text).strip("\n")
    if not text.strip():
        return []
    text += "\n\n"
    return [Block(kind, text, level, (Span(len(text), number, box),))]


def _box(shape: ET.Element) -> Box | None:
    """Return the box of a shape, None where the layout or a group decides."""
    frame = next((child for name in ("xfrm",) for child in within(shape, name)), None)
    values: dict[str, float] = {}
    for child in frame if frame is not None else ():
        if local(child.tag) in {"off", "ext"}:
            values |= {key: _points(value) for key, value in child.attrib.items()}
    if not values.keys() >= {"x", "y", "cx", "cy"} or min(values["cx"], values["cy"]) <= 0:
        return None
    left, top = max(values["x"], 0.0), max(values["y"], 0.0)
    right, bottom = values["x"] + values["cx"], values["y"] + values["cy"]
    return (left, right, top, bottom) if left < right and top < bottom else None


def _points(text: str) -> float:
    try:
        points = int(text) / _EMU_PER_POINT
    except (ValueError, OverflowError):
        return 0.0
    return max(-_LARGEST_POINT, min(points, _LARGEST_POINT))
