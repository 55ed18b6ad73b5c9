"""MSG: an e-mail saved by Outlook, with its attachments [MS-OXMSG]."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers import html, text
from knowflow_server.domain.ingest.readers.compound import Compound, open_compound
from knowflow_server.domain.ingest.readers.mail import attached, check_depth, open_file

_LABEL = "an Outlook message"
_LONGEST_NAME = 200
_MAX_ATTACHMENTS = 1_000
# Properties by their number [MS-OXPROPS].
_SUBJECT, _BODY, _HTML, _SENDER, _SENDER_ADDRESS, _DATE = "0037", "1000", "1013", "0C1A", "5D01", "007D"
_SHOWN = (("To", "0E04"), ("Cc", "0E03"), ("Bcc", "0E02"))
_FILE_NAMES = ("3707", "3704", "3001")
_CODE_PAGE = 0x3FFD
_UTF_8 = 65001
_FIXED_HEAD = {True: 32, False: 24}  # of the list of short properties, at the top and inside
_EMBEDDED = "__substg1.0_3701000D"


class _Message:
    """A message inside a compound file.

    Args:
        file: The file.
        folder: Storages in which the message lies.
    """

    def __init__(self, file: Compound, folder: tuple[str, ...]) -> None:
        self._file = file
        self._folder = folder
        self._encoding = self._code_page()

    def text(self, tag: str, *folder: str) -> str:
        """Return a property that is a text, "" where it is missing."""
        for kind, encoding in (("001F", "utf-16-le"), ("001E", self._encoding)):
            path = (*self._folder, *folder, f"__substg1.0_{tag}{kind}")
            if self._file.has(*path):
                return clean(self._file.stream(*path).decode(encoding, "replace"))
        return ""

    def data(self, tag: str, *folder: str) -> bytes:
        """Return a property that is binary data, b"" where it is missing."""
        path = (*self._folder, *folder, f"__substg1.0_{tag}0102")
        return self._file.stream(*path) if self._file.has(*path) else b""

    def attachments(self) -> list[str]:
        """Return the names of the storages with attachments."""
        depth = len(self._folder)
        inside = {path[depth] for path in self._file.names() if tuple(path[:depth]) == self._folder and path[depth:]}
        return sorted(name for name in inside if name.startswith("__attach_"))

    def embedded(self, attachment: str) -> tuple[str, ...] | None:
        """Return where the message lies which is attached, or None for a file."""
        folder = (*self._folder, attachment, _EMBEDDED)
        is_message = any(tuple(path[: len(folder)]) == folder for path in self._file.names())
        return folder if is_message else None

    def _code_page(self) -> str:
        """Return the encoding of texts that are not UTF-16."""
        path = (*self._folder, "__properties_version1.0")
        data = self._file.stream(*path) if self._file.has(*path) else b""
        for position in range(_FIXED_HEAD[not self._folder], len(data) - 15, 16):
            kind, tag, _, value = struct.unpack_from("<HHII", data, position)
            if tag == _CODE_PAGE and kind == 3:
                name = "utf-8" if value == _UTF_8 else f"cp{value}"
                with suppress(LookupError):
                    codecs.lookup(name)
                    return name
        return "cp1252"


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a message and of its attachments; see `Reader`.

    An attachment that cannot be read is named in a message and left out.
    """
    with open_compound(source.path, label=_LABEL) as file:
        if not any(path[0].startswith("__properties_version1.0") for path in file.names()):
            raise IngestError("The file is not an Outlook message: a part of it is missing.")
        yield from _read(file, (), source)


def _read(file: Compound, folder: tuple[str, ...], source: Source) -> Iterator[Progress | list[Block]]:
    message = _Message(file, folder)
    yield _head(message)
    with TemporaryDirectory(prefix="message") as temporary:
        part = replace(source, path=Path(temporary) / "part")
        yield from (item for item in _body(message, part) if not isinstance(item, Progress))
        names = message.attachments()
        for index, storage in enumerate(names[:_MAX_ATTACHMENTS]):
            for item in _attachment(file, message, storage, part):
                if isinstance(item, Progress):
                    yield Progress((index + item.fraction) / len(names), item.message)
                else:
                    yield [replace(block, spans=()) for block in item]  # pages of an attachment are not the message's
        if len(names) > _MAX_ATTACHMENTS:
            yield Progress(1.0, f"Attachments behind the first {_MAX_ATTACHMENTS} left out.")


def _head(message: _Message) -> list[Block]:
    subject = " ".join(message.text(_SUBJECT).split())
    name, address = message.text(_SENDER).strip(), message.text(_SENDER_ADDRESS).strip()
    sender = f"{name} <{address}>" if name and address and name != address else name or address
    values = {"From": sender, **{label: " ".join(message.text(tag).split()) for label, tag in _SHOWN}}
    date = next((line[5:].strip() for line in message.text(_DATE).splitlines() if line.startswith("Date:")), "")
    lines = [f"{label}: {value}\n" for label, value in {**values, "Date": date}.items() if value]
    blocks = [Block(Kind.HEADING, f"{subject}\n\n", 1)] if subject else []
    return blocks + ([Block(Kind.PARAGRAPH, "".join(lines) + "\n")] if lines else [])


def _body(message: _Message, part: Source) -> Iterator[Progress | list[Block]]:
    """Yield the text: of the forms in which it stands the HTML one, as it has headings and tables."""
    page = message.data(_HTML) or message.text(_HTML).encode()
    plain = message.text(_BODY)
    part.path.write_bytes(page or plain.replace("\r\n", "\n").encode())
    yield from (html if page else text).read(part)
    yield [Block(Kind.PARAGRAPH, "\n\n")]


def _attachment(file: Compound, message: _Message, storage: str, part: Source) -> Iterator[Progress | list[Block]]:
    names = (PurePath(message.text(tag, storage).strip()).name for tag in _FILE_NAMES)
    name = next((name for name in names if name), "unnamed")[-_LONGEST_NAME:]
    inner = replace(part, depth=part.depth + 1)
    embedded = message.embedded(storage)

    def open_it() -> Iterator[Progress | list[Block]]:
        if embedded is None:
            return open_file(message.data("3701", storage), name, inner)
        check_depth(inner)
        return _read(file, embedded, inner)

    yield from attached(name, open_it)
