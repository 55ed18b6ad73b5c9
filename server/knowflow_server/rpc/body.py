"""Multipart form data, parsed while it arrives: no file is ever held in memory."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from knowflow_server.errors.core import UploadMalformedError

MAX_FIELD_BYTES = 256 * 1024
EXTENDED = re.compile(rb"filename\*=([\w-]+)'[\w-]*'([^;\s]+)", re.IGNORECASE | re.ASCII)
NOT_MULTIPART = "The body must be multipart/form-data with a boundary."
CUT = "The upload ended in the middle; nothing of it was kept."


@dataclass(frozen=True, slots=True)
class _Begin:
    name: str
    filename: str | None


@dataclass(frozen=True, slots=True)
class _End:
    pass


class _Events:
    """Collects what the parser reports, in order."""

    def __init__(self, boundary: bytes) -> None:
        self.queue: deque[_Begin | bytes | _End] = deque()
        self.finished = False
        self._headers: dict[str, bytes] = {}
        self._field, self._value, self._data = bytearray(), bytearray(), bytearray()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._headers.clear,
                "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": lambda data, start, end: self._data.extend(memoryview(data)[start:end]),
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def feed(self, data: bytes) -> None:
        """Parse a piece of the body."""
        try:
            self._parser.write(data)
        except FormParserError:
            raise UploadMalformedError("The body is not valid multipart/form-data.") from None
        self._flush()

    def _flush(self) -> None:
        # The parser reports the bytes between two carriage returns; one by one, a megabyte of them takes 0.1 s.
        if self._data:
            self.queue.append(bytes(self._data))
            self._data.clear()

    def _part_end(self) -> None:
        self._flush()
        self.queue.append(_End())

    def _header_end(self) -> None:
        self._headers[self._field.decode("latin-1").lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        disposition = self._headers.get("content-disposition", b"")
        _, options = parse_options_header(disposition)
        filename = options.get(b"filename", _extended(disposition))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        text = None if filename is None else filename.decode("utf-8", "replace")
        # Browsers and most clients escape quotes in this one way.
        self.queue.append(_Begin(name, text.replace("%22", '"') if text else text))

    def _end(self) -> None:
        self.finished = True


def _extended(disposition: bytes) -> bytes | None:
    """Return the file name in the extended form of RFC 5987 (`filename*=UTF-8''%E7%9F%A5`) in UTF-8, or None.

    RFC 7578 tells senders of forms not to use it; some do all the same for names beyond ASCII.
    """
    match = EXTENDED.search(disposition)
    if match is None:
        return None
    charset, value = (group.decode("ascii") for group in match.groups())
    try:
        return unquote(value, encoding=charset, errors="replace").encode()
    except LookupError:
        return None


class Part:
    """One part of a form: a field, or a file when it has a file name."""

    def __init__(self, name: str, filename: str | None, form: Form) -> None:
        self.name = name
        self.filename = filename
        self._form = form
        self._ended = False

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they arrive."""
        while not self._ended:
            event = await self._form.next_event()
            if isinstance(event, bytes):
                yield event
            else:
                self._ended = True

    async def text(self) -> str:
        """Return a field's text.

        Raises:
            UploadMalformedError: It is longer than 256 KiB, or not UTF-8.
        """
        value = bytearray()
        async for piece in self.pieces():
            value += piece
            if len(value) > MAX_FIELD_BYTES:
                raise UploadMalformedError(f"The form field `{self.name}` is longer than {MAX_FIELD_BYTES} bytes.")
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise UploadMalformedError(f"The form field `{self.name}` is not UTF-8.") from None

    async def skip(self) -> None:
        """Read past what is left."""
        async for _ in self.pieces():
            pass


class Form:
    """A form that is still arriving.

    Args:
        content_type: The content type of the body, with its boundary.
        pieces: The body in pieces.
    """

    def __init__(self, content_type: str, pieces: AsyncIterator[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise UploadMalformedError(NOT_MULTIPART)
        try:
            self._events = _Events(boundary)
        except FormParserError:
            raise UploadMalformedError(NOT_MULTIPART) from None
        self._pieces = pieces

    async def next_event(self) -> _Begin | bytes | _End | None:
        """Return what comes next, None when the form is complete.

        Raises:
            UploadMalformedError: The body ended in the middle of a part.
        """
        while not self._events.queue:
            piece = await anext(self._pieces, None)
            if piece is None:
                if self._events.finished:
                    return None
                raise UploadMalformedError(CUT)
            self._events.feed(piece)
        return self._events.queue.popleft()

    async def parts(self) -> AsyncIterator[Part]:
        """Yield the parts in order; what the caller left of one is skipped."""
        while (event := await self.next_event()) is not None:
            if isinstance(event, _Begin):
                part = Part(event.name, event.filename, self)
                yield part
                await part.skip()
