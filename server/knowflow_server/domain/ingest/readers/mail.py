"""EML: the subject, who wrote to whom and when, the text, and the attachments, each read as its own format."""

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_binary_file
from email.message import Message
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Format, Source, identify
from knowflow_server.domain.ingest.readers import html, text
from knowflow_server.domain.ingest.readers.mail_parts import Part, charset, header, parts

MAX_DEPTH = 3
_SHOWN = ("From", "To", "Cc", "Bcc", "Reply-To", "Date")
_KNOWN = (*_SHOWN, "Subject", "Message-ID", "Received", "MIME-Version", "Content-Type")
_LARGEST = 64 * 1024 * 1024
_MOST_PARTS = 1000
_LONGEST_NAME = 200
_MAX_LEVEL = 6


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of an e-mail and of its attachments; see `Reader`.

    An attachment that cannot be read is named in a message and left out.
    """
    if source.path.stat().st_size > _LARGEST:
        raise IngestError(f"The e-mail is larger than {_LARGEST // 2**20} MB.")
    try:
        with source.path.open("rb") as file:
            message = message_from_binary_file(file)
        if not any(name in message for name in _KNOWN):
            raise IngestError("The file is not an e-mail: it does not begin with header lines.")
        yield from _read_message(message, source)
    except RecursionError as error:
        raise IngestError("The parts of the e-mail are nested too deeply.") from error


def _read_message(message: "Message[str, str]", source: Source) -> Iterator[Progress | list[Block]]:
    yield _head(message)
    found = parts(message)
    with TemporaryDirectory(prefix="mail") as folder:
        for index, part in enumerate(found[:_MOST_PARTS]):
            file = replace(source, path=Path(folder) / "part")
            for item in _read_part(part, file):
                if isinstance(item, Progress):
                    yield Progress((index + item.fraction) / len(found), item.message)
                else:
                    yield [replace(block, spans=()) for block in item]  # pages of an attachment are not the e-mail's
    if len(found) > _MOST_PARTS:
        yield Progress(1.0, f"Attachments behind the first {_MOST_PARTS} parts of the e-mail left out.")


def _head(message: "Message[str, str]") -> list[Block]:
    subject = header(message, "Subject")
    lines = [f"{name}: {value}\n" for name in _SHOWN if (value := header(message, name))]
    blocks = [Block(Kind.HEADING, f"{subject}\n\n", 1)] if subject else []
    return blocks + ([Block(Kind.PARAGRAPH, "".join(lines) + "\n")] if lines else [])


def _read_part(part: Part, file: Source) -> Iterator[Progress | list[Block]]:
    if part.is_body:
        yield from _read_body(part.message, file)
        return
    name = _name(part.message)
    yield from attached(name, lambda: _open_attachment(part.message, name, file))


def attached(name: str, open_it: Callable[[], Iterator[Progress | list[Block]]]) -> Iterator[Progress | list[Block]]:
    """Yield an attachment below a heading with its name; of one that cannot be read only a message."""
    try:
        started = False
        for item in open_it():
            if not started:
                started = True
                yield [Block(Kind.HEADING, f"Attachment: {name}\n\n", 1)]
            yield item if isinstance(item, Progress) else [_lowered(block) for block in item]
        yield [Block(Kind.PARAGRAPH, "\n")]
    except IngestError as error:
        yield Progress(1.0, f"The attachment {name} was not read. {error.sentence}")


def _read_body(message: "Message[str, str]", file: Source) -> Iterator[Progress | list[Block]]:
    content = _payload(message)
    encoding = charset(message)
    if encoding:
        content = content.decode(encoding, errors="replace").encode(errors="replace")
    file.path.write_bytes(content)
    is_html = message.get_content_type() == "text/html"
    yield from (html if is_html else text).read(file)
    yield [Block(Kind.PARAGRAPH, "\n\n")]


def _open_attachment(message: "Message[str, str]", name: str, file: Source) -> Iterator[Progress | list[Block]]:
    """Return what reads an attachment.

    Raises:
        IngestError: It is of a format that is not supported, or attached inside too many e-mails.
    """
    inner = replace(file, depth=file.depth + 1)
    is_message = message.get_content_type() == "message/rfc822" and message.is_multipart()
    if is_message:
        check_depth(inner)
        return _read_message(_first(message), inner)
    return open_file(_payload(message), name, inner)


def open_file(content: bytes, name: str, inner: Source) -> Iterator[Progress | list[Block]]:
    """Return what reads an attached file.

    Args:
        content: Is written to the source's path.
        name: Tells the format.
        inner: The source of the attachment.

    Raises:
        IngestError: It is of a format that is not supported, or attached inside too many e-mails.
    """
    inner.path.write_bytes(content)
    row: Format = identify(inner.path, name)
    if row.reader in {"mail", "msg"}:
        check_depth(inner)
    return row.read(inner)


def check_depth(source: Source) -> None:
    """Refuse what is attached inside too many e-mails.

    Raises:
        IngestError: It is.
    """
    if source.depth > MAX_DEPTH:
        raise IngestError(f"It is attached inside more than {MAX_DEPTH} e-mails.")


def _first(message: "Message[str, str]") -> "Message[str, str]":
    payload = message.get_payload()
    inner = payload[0] if isinstance(payload, list) else None
    return inner if isinstance(inner, Message) else Message()


def _payload(message: "Message[str, str]") -> bytes:
    payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name(message: "Message[str, str]") -> str:
    """Return the attachment's name; one without an ending gets the one of its type."""
    kind = message.get_content_type()
    name = header(message, "filename") or (header(_first(message), "Subject") if kind == "message/rfc822" else "")
    name = clean(name or "unnamed")[-_LONGEST_NAME:]
    if PurePosixPath(name).suffix or kind == "message/rfc822":
        return name
    return name + (mimetypes.guess_extension(kind, strict=False) or "")


def _lowered(block: Block) -> Block:
    return replace(block, level=min(block.level + 1, _MAX_LEVEL)) if block.kind is Kind.HEADING else block
