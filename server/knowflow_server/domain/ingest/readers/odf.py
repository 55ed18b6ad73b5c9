"""What the formats of OpenDocument share: the part with the content, and the text inside an element."""

import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.readers.archive import attribute, local, open_archive, stream_part

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
# Comments, notes, deleted text and drawings beside their description.
_UNSEEN = frozenset({"annotation", "annotation-end", "note-citation", "tracked-changes", "ruby-text", "title", "desc"})
_DEEPEST = 100
_MOST_SPACES = 1000


@contextmanager
def open_content(path: Path, *, label: str) -> Iterator[zipfile.ZipFile]:
    """Open an OpenDocument file.

    Args:
        path: The file.
        label: What the file is, for sentences, for example "ODS".

    Raises:
        IngestError: See `open_archive`; or it is encrypted, or has no content.
    """
    with open_archive(path, label=label) as archive:
        names = archive.namelist()
        if CONTENT not in names:
            raise IngestError(f"The file is not an {label} document: the archive holds no content.")
        manifest = b"".join(stream_part(archive, _MANIFEST)) if _MANIFEST in names else b""
        if b"encryption-data" in manifest:
            raise IngestError(f"The {label} file is encrypted; upload it without a password.")
        yield archive


def events(archive: zipfile.ZipFile) -> Generator[tuple[str, str, ET.Element, int, float], None, None]:
    """Yield ("start" or "end", local name, element, depth from 0, share of the content that is read)."""
    size = max(archive.getinfo(CONTENT).file_size, 1)
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(["start", "end"])
    done = depth = 0
    with closing(stream_part(archive, CONTENT)) as parts:
        for data in parts:
            parser.feed(data)
            done += len(data)
            share = min(done / size, 1.0)
            for event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
                depth -= event == "end"
                yield event, local(element.tag), element, depth, share
                depth += event == "start"
    parser.close()


def text_of(element: ET.Element, depth: int = 0) -> str:
    """Return the visible text of a paragraph; its paragraphs and those of elements inside it follow after spaces.

    Raises:
        IngestError: It is nested so deeply that following it would exhaust the stack.
    """
    return "".join(_parts(element, depth))


def _parts(element: ET.Element, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise IngestError(f"The document is nested more than {_DEEPEST} levels deep.")
    yield element.text or ""
    for child in element:
        name = local(child.tag)
        if name == "s":
            yield " " * number(attribute(child, "c"), largest=_MOST_SPACES)
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name not in _UNSEEN:
            yield " " if name in {"p", "h"} else ""
            yield from _parts(child, depth + 1)
        yield child.tail or ""


def number(text: str, *, largest: int) -> int:
    """Return a count written as an attribute: 1 where it is missing or wrong, at most `largest`."""
    return max(1, min(int(text), largest)) if text.isascii() and text.isdigit() and len(text) < 19 else 1
