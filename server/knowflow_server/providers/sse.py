"""Server-sent events, read as the WHATWG HTML standard (section 9.2.6) says."""

from typing import Final

MAX_EVENT_BYTES: Final = 4 * 1024 * 1024
"""Longest event that is read; a longer one is no answer of a model."""


class EventTooLongError(Exception):
    """An event is longer than `MAX_EVENT_BYTES`."""


class EventParser:
    """Makes events of bytes that come in pieces of any size.

    Only the data of events is given; their names, ids and the comments between them mean nothing to models. An event
    that has not ended with an empty line by the end of the stream does not count, as the standard says.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self._size = 0
        self._is_first = True
        self._is_after_return = False

    def feed(self, piece: bytes) -> list[str]:
        """Return the data of the events that end within a piece, in order.

        Args:
            piece: The next bytes of the stream.

        Raises:
            EventTooLongError: An event is longer than `MAX_EVENT_BYTES`.
        """
        # A carriage return ends a line, and a line feed behind it belongs to it, even in the next piece.
        if self._is_after_return and piece:
            piece = piece.removeprefix(b"\n")
            self._is_after_return = False
        if b"\r" in piece:
            self._is_after_return = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, self._rest = (self._rest + piece).split(b"\n")
        events: list[str] = []
        for line in lines:
            self._take(line, events)
        if self._size + len(self._rest) > MAX_EVENT_BYTES:
            raise EventTooLongError
        return events

    def _take(self, line: bytes, events: list[str]) -> None:
        if self._is_first:
            self._is_first = False
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line:
            if self._data:
                events.append("\n".join(self._data))
            self._data = []
            self._size = 0
            return
        name, _, value = line.partition(b":")
        if name == b"data":
            self._size += len(value)
            # Lines are whole, so that no character is cut in two.
            self._data.append(value.removeprefix(b" ").decode(errors="replace"))
