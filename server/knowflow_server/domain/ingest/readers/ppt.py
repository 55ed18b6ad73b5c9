"""PPT: the slides of PowerPoint 97 to 2003, each with its title and texts [MS-PPT]."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, Span, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.compound import open_compound

_LABEL = "a PowerPoint presentation"
_USER_EDIT, _DIRECTORY, _SLIDE_LIST, _SLIDE = 0x0FF5, 0x1772, 0x0FF0, 0x03F3
_HEADER, _WIDE, _NARROW, _REFERENCE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_ENCRYPTED_TOKEN = 0xF3D1C4DF
_ENCRYPTED_EDIT = 0x20  # bytes of an edit that names a key
_TITLES = frozenset({0, 6})
_CONTAINER = 0xF
_DEEPEST = 40
_MAX_EDITS = 10_000
_CONTROLS = str.maketrans({"\x0b": "\n", **dict.fromkeys(map(chr, (*range(9), *range(14, 32))))})


class _Record(NamedTuple):
    kind: int
    instance: int
    start: int  # of the content
    end: int
    is_container: bool


class _Text(NamedTuple):
    kind: int
    text: str


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the slides of a presentation; the page of a block is its slide; see `Reader`."""
    with open_compound(source.path, label=_LABEL) as file:
        user, data = file.stream("Current User"), file.stream("PowerPoint Document")
        token, edit = struct.unpack_from("<II", user, 12)
        if token == _ENCRYPTED_TOKEN:
            raise IngestError("The presentation is encrypted; upload it without a password.")
        places, document = _directory(data, edit)
        slides = list(_slides(data, places[document]))
        for number, (place, outline) in enumerate(slides, 1):
            texts = list(_texts(data, _record(data, places[place]), outline)) if place in places else outline
            yield _blocks(texts or outline, number)
            yield Progress(number / len(slides), f"Read slide {number} of {len(slides)}.")


def _record(data: bytes, start: int) -> _Record:
    version, kind, length = struct.unpack_from("<HHI", data, start)
    end = start + 8 + length
    if end > len(data):
        raise IngestError("The presentation is damaged: a part of it ends behind the file.")
    return _Record(kind, version >> 4, start + 8, end, version & _CONTAINER == _CONTAINER)


def _children(data: bytes, parent: _Record) -> Iterator[_Record]:
    position = parent.start
    while position + 8 <= parent.end:
        record = _record(data, position)
        yield record
        position = record.end


def _directory(data: bytes, edit: int) -> tuple[dict[int, int], int]:
    """Return where each numbered object of the last edit stands, and the number of the document."""
    places: dict[int, int] = {}
    document = 0
    seen: set[int] = set()
    while edit and edit not in seen and len(seen) < _MAX_EDITS:
        seen.add(edit)
        record = _record(data, edit)
        if record.kind != _USER_EDIT:
            break
        if record.end - record.start >= _ENCRYPTED_EDIT:
            raise IngestError("The presentation is encrypted; upload it without a password.")
        _, _, edit, directory, first = struct.unpack_from("<IIIII", data, record.start)
        document = document or first
        for number, place in _entries(data, _record(data, directory)):
            places.setdefault(number, place)
    if document not in places:
        raise IngestError("The presentation is damaged: it does not say where its slides are.")
    return places, document


def _entries(data: bytes, directory: _Record) -> Iterator[tuple[int, int]]:
    position = directory.start
    while directory.kind == _DIRECTORY and position + 4 <= directory.end:
        (head,) = struct.unpack_from("<I", data, position)
        first, count = head & 0xF_FFFF, head >> 20
        for index, place in enumerate(struct.unpack_from(f"<{count}I", data, position + 4)):
            yield first + index, place
        position += 4 + 4 * count


def _slides(data: bytes, document: int) -> Iterator[tuple[int, list[_Text]]]:
    """Yield (number of its object, texts of its placeholders) for each slide."""
    for record in _children(data, _record(data, document)):
        if record.kind != _SLIDE_LIST or record.instance:  # the other lists are of masters and of notes
            continue
        place, outline, kind = -1, list[_Text](), 0
        for part in _children(data, record):
            if part.kind == _SLIDE:
                if place >= 0:
                    yield place, outline
                place, outline = struct.unpack_from("<I", data, part.start)[0], []
            elif part.kind == _HEADER:
                (kind,) = struct.unpack_from("<I", data, part.start)
            elif part.kind in {_WIDE, _NARROW}:
                outline.append(_Text(kind, _decoded(data, part)))
        if place >= 0:
            yield place, outline


def _texts(data: bytes, parent: _Record, outline: list[_Text], depth: int = 0) -> Iterator[_Text]:
    """Yield the texts of the shapes of a slide, those of placeholders from the outline."""
    if depth > _DEEPEST:
        raise IngestError(f"The presentation is nested more than {_DEEPEST} levels deep.")
    kind = 4  # "other"
    for record in _children(data, parent):
        if record.is_container:
            yield from _texts(data, record, outline, depth + 1)
        elif record.kind == _HEADER:
            (kind,) = struct.unpack_from("<I", data, record.start)
        elif record.kind in {_WIDE, _NARROW}:
            yield _Text(kind, _decoded(data, record))
        elif record.kind == _REFERENCE:
            (index,) = struct.unpack_from("<I", data, record.start)
            yield from outline[index : index + 1]


def _decoded(data: bytes, record: _Record) -> str:
    return data[record.start : record.end].decode("utf-16-le" if record.kind == _WIDE else "latin-1", "replace")


def _blocks(texts: list[_Text], number: int) -> list[Block]:
    titles = [text for text in texts if text.kind in _TITLES]
    blocks = []
    for text in [*titles, *(text for text in texts if text.kind not in _TITLES)]:
        lines = [line.strip() for line in clean(text.text).replace("\r", "\n").translate(_CONTROLS).split("\n")]
        lines = [line for line in lines if line]
        if not lines:
            continue
        if text.kind in _TITLES:
            kind, shown, level = Kind.HEADING, " ".join(lines), 1
        elif len(lines) > 1:
            kind, shown, level = Kind.LIST, "\n".join(f"- {line}" for line in lines), 0
        else:
            kind, shown, level = Kind.PARAGRAPH, lines[0], 0
        blocks.append(Block(kind, shown + "\n\n", level, (Span(len(shown) + 2, number, None),)))
    return blocks
