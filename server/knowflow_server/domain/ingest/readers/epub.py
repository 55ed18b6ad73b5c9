"""EPUB: the chapters in reading order, each of them an HTML page."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers import html
from knowflow_server.domain.ingest.readers.archive import attribute, local, open_archive, read_xml

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_READ = 65_536


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the title, the authors and the chapters of a book; see `Reader`."""
    with open_archive(source.path, label="EPUB") as archive, TemporaryDirectory(prefix="epub") as folder:
        package, root = _package(archive)
        yield _title(root)
        chapters = _chapters(archive, package, root)
        page = replace(source, path=Path(folder) / "chapter")
        for number, part in enumerate(chapters, 1):
            _unpack(archive, part, page.path)
            yield from (item for item in html.read(page) if not isinstance(item, Progress))
            yield Progress(number / len(chapters), f"Read chapter {number} of {len(chapters)}.")


def _package(archive: zipfile.ZipFile) -> tuple[str, ET.Element]:
    container = read_xml(archive, _CONTAINER)
    for entry in container.iter() if container is not None else ():
        if local(entry.tag) == "rootfile":
            part = attribute(entry, "full-path")
            root = read_xml(archive, part)
            if root is not None:
                return part, root
    raise IngestError("The file is not an EPUB book: the archive holds no list of chapters.")


def _title(root: ET.Element) -> list[Block]:
    texts: dict[str, list[str]] = {"title": [], "creator": []}
    for element in root.iter():
        text = " ".join(clean(element.text or "").split())
        if local(element.tag) in texts and text:
            texts[local(element.tag)].append(text)
    blocks = [Block(Kind.HEADING, f"{texts['title'][0]}\n\n", 1)] if texts["title"] else []
    return blocks + ([Block(Kind.PARAGRAPH, f"{', '.join(texts['creator'])}\n\n")] if texts["creator"] else [])


def _chapters(archive: zipfile.ZipFile, package: str, root: ET.Element) -> list[str]:
    """Return the parts with the chapters, each once.

    Raises:
        IngestError: There are none, or they are encrypted.
    """
    folder = posixpath.dirname(package)
    pages: dict[str, str] = {}
    for item in root.iter():
        if local(item.tag) == "item" and attribute(item, "media-type") in _PAGES:
            pages[attribute(item, "id")] = _resolved(folder, attribute(item, "href"))
    names = set(archive.namelist())
    order = [attribute(item, "idref") for item in root.iter() if local(item.tag) == "itemref"]
    chapters = [part for part in dict.fromkeys(pages.get(key, "") for key in order) if part in names]
    if not chapters:
        raise IngestError("The EPUB book has no chapters.")
    encrypted = read_xml(archive, _ENCRYPTION)
    for reference in encrypted.iter() if encrypted is not None else ():
        if local(reference.tag) == "CipherReference" and _resolved("", attribute(reference, "URI")) in chapters:
            raise IngestError("The EPUB book is encrypted; upload it without copy protection.")
    return chapters


def _resolved(folder: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(link.partition("#")[0]))).lstrip("/")


def _unpack(archive: zipfile.ZipFile, part: str, path: Path) -> None:
    with archive.open(part) as packed, path.open("wb") as file:
        while data := packed.read(_READ):
            file.write(data)
