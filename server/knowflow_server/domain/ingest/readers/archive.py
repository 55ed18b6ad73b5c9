"""Opening office files, which are ZIP archives of XML, without falling for archives made to fill memory."""

import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from knowflow_server.domain.ingest.errors import IngestError

MAX_ENTRIES = 10_000
MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 200
_RATIO_FROM = 16 * 1024 * 1024  # below this, a ratio does no harm
_READ = 65_536
_ENCRYPTED = 0x1


@contextmanager
def open_archive(path: Path, *, label: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive and close it at the end.

    Args:
        path: The file.
        label: What the file is, for sentences, for example "DOCX".

    Raises:
        IngestError: It is no archive, is damaged or protected by a password, has more than 10,000 entries, or would
            unpack to more than 256 MB or to 200 times its size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive, path.stat().st_size, label)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise IngestError(f"The {label} archive is damaged and cannot be unpacked.") from error
    except (ET.ParseError, expat.ExpatError, UnicodeError, ValueError) as error:
        raise IngestError(f"The {label} file holds invalid XML and cannot be read.") from error


def stream_part(archive: zipfile.ZipFile, part: str) -> Generator[bytes, None, None]:
    """Yield the unpacked bytes of one part, 64 KB at a time.

    Raises:
        IngestError: The part declares a document type, which Office files must not (ECMA-376, part 2, section 6.2.5);
            it is the way to entities that reach for other files or grow without end.
        KeyError: There is no such part.
    """
    with archive.open(part) as file:
        _refuse_document_type(file.read(_READ))
    with archive.open(part) as file:
        while data := file.read(_READ):
            yield data


def read_xml(archive: zipfile.ZipFile, part: str) -> ET.Element | None:
    """Return the root element of a small part, or None when there is no such part."""
    if part not in archive.namelist():
        return None
    parser = ET.XMLParser()  # noqa: S314 - document types are refused, so that there are no entities to expand
    for data in stream_part(archive, part):
        parser.feed(data)
    root = parser.close()
    return root if isinstance(root, ET.Element) else None


def local(name: str) -> str:
    """Return an element's or attribute's name without its namespace: strict and transitional files differ in it."""
    return name.rpartition("}")[2]


def attribute(element: ET.Element, name: str) -> str:
    """Return the attribute of that local name, or ""."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return value
    return ""


def _check_size(archive: zipfile.ZipFile, packed: int, label: str) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise IngestError(f"The {label} archive has {len(entries)} entries, more than the limit of {MAX_ENTRIES}.")
    if unpacked > MAX_UNPACKED:
        size, limit = unpacked // 2**20, MAX_UNPACKED // 2**20
        raise IngestError(f"The {label} archive would unpack to {size} MB, more than the limit of {limit} MB.")
    if unpacked > _RATIO_FROM and unpacked > MAX_RATIO * packed:
        ratio = unpacked // packed
        raise IngestError(f"The {label} archive would unpack to {ratio} times its size, more than {MAX_RATIO} times.")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise IngestError(f"The {label} file is encrypted; upload it without a password.")


def _refuse_document_type(head: bytes) -> None:
    """Parse the beginning up to the first element and refuse a document type on the way."""

    def refuse(*_: object) -> None:
        raise IngestError("The file declares an XML document type, which Office files must not; it is not read.")

    def stop(*_: object) -> None:
        raise _FirstElementReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(head, False)
    except _FirstElementReached:
        return
    except LookupError as error:
        raise IngestError("The file holds XML in an unknown encoding and cannot be read.") from error


class _FirstElementReached(Exception):  # noqa: N818 - not an error: the way out of the parser
    pass
