"""JSON and JSON lines: one line for each value, with the names that lead to it; records are parted by empty lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.encoding import text_parts

_DEEPEST = 100
# The parser ends the process on a number which Python does not convert, that is, of more than 4,300 digits.
_LONGEST_NUMBER = 1000
_LONG_NUMBER = re.compile(r"[0-9]{1000}")
_LAST_DIGITS = re.compile(r"[0-9]*\Z")
_LONGEST_NAME = 200
_LONGEST_LINE = 1000
_LONGEST_BLOCK = 65_536
# A record is an item of a list no deeper than this: `[record]` and `{"data": [record]}`.
_RECORD_DEPTH = 2


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the records of a JSON text, or of several behind each other; see `Reader`.

    A value reads `customer.address.city: Oslo`; the values of a list that are no lists or objects themselves share a
    line. The text is parsed as it is read, so that its size does not matter.
    """
    import ijson  # type: ignore[import-untyped]

    parts = _Bytes(source)
    records = _Records()
    try:
        for event, value in ijson.basic_parse(parts, multiple_values=True, buf_size=65_536):
            records.add(event, value)
            if records.blocks or parts.progress:
                yield from parts.progress
                parts.progress.clear()
                yield records.take()
    except (ijson.JSONError, UnicodeError, ArithmeticError) as error:  # the last one is for an exponent without measure
        if parts.is_blank:
            return
        raise IngestError(f"The file is not valid JSON; the error is behind value {records.count}.") from error
    yield from parts.progress
    yield records.finish()


class _Bytes:
    """The text of a file as the parser wants it: UTF-8, from a method `read`.

    Attributes:
        progress: Reports on the reading so far; whoever takes them clears the list.
        is_blank: True as long as only white space was read.
    """

    def __init__(self, source: Source) -> None:
        self.progress: list[Progress] = []
        self.is_blank = True
        self._parts = text_parts(source.path)
        self._digits = ""  # at the end of the part before

    def read(self, size: int) -> bytes:
        """Return the next part of the text, whatever the size asked for; nothing at the end."""
        if size == 0:  # the parser asks for nothing to learn the type
            return b""
        for part in self._parts:
            if isinstance(part, Progress):
                self.progress.append(part)
                continue
            self.is_blank = self.is_blank and part.isspace()
            if _LONG_NUMBER.search(self._digits + part):
                raise IngestError("The JSON text holds a number of more than 1,000 digits.")
            self._digits = _LAST_DIGITS.findall(part[-_LONGEST_NUMBER:])[0]
            if part:
                return part.encode()
        return b""


@dataclass(slots=True)
class _Container:
    is_list: bool
    path: str
    is_empty: bool = True
    values: list[str] = field(default_factory=list)
    size: int = 0


class _Records:
    """Turns the events of a parser into blocks.

    Attributes:
        blocks: What is complete.
        count: Values so far.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.count = 0
        self._lines: list[str] = []
        self._size = 0
        self._path = ""  # of the next value
        self._open: list[_Container] = []

    def take(self) -> list[Block]:
        """Return the blocks completed since the last call."""
        blocks, self.blocks = self.blocks, []
        return blocks

    def finish(self) -> list[Block]:
        """Return what is left."""
        self._end_record()
        return self.take()

    def add(self, event: str, value: Any) -> None:
        """Take the next event.

        Raises:
            IngestError: Lists and objects are nested too deeply.
        """
        inner = self._open[-1] if self._open else None
        if event == "map_key":
            self._name(value, inner)
        elif event in {"end_map", "end_array"}:
            self._close()
        else:
            path = inner.path if inner is not None and inner.is_list else self._path
            if inner is not None:
                inner.is_empty = False
            if event in {"start_map", "start_array"}:
                self._begin(path, inner, is_list=event == "start_array")
            else:
                self._value(path, inner, _shown(value))

    def _name(self, name: str, inner: _Container | None) -> None:
        path = f"{inner.path}.{name}" if inner is not None and inner.path else name
        if len(path) > _LONGEST_NAME:
            self._line(f"{name}:")
            path = ""
        self._path = path

    def _begin(self, path: str, inner: _Container | None, *, is_list: bool) -> None:
        if len(self._open) >= _DEEPEST:
            raise IngestError(f"The JSON text is nested more than {_DEEPEST} levels deep.")
        if inner is not None:
            self._flush(inner)
        self._open.append(_Container(is_list, path))

    def _close(self) -> None:
        done = self._open.pop()
        self._flush(done)
        if done.is_empty:
            self._line(_named(done.path, "[]" if done.is_list else "{}"))
        depth = len(self._open)
        if depth <= 1 or (depth <= _RECORD_DEPTH and self._open[-1].is_list):
            self._end_record()
        self._path = ""

    def _value(self, path: str, inner: _Container | None, text: str) -> None:
        self.count += 1
        if inner is None or not inner.is_list:
            self._line(_named(path, text))
        else:
            inner.values.append(text)
            inner.size += len(text)
            if inner.size > _LONGEST_LINE:
                self._flush(inner)

    def _flush(self, container: _Container) -> None:
        if container.values:
            self._line(_named(container.path, "; ".join(container.values)))
            container.values, container.size = [], 0

    def _line(self, text: str) -> None:
        self._lines.append(clean(text) + "\n")
        self._size += len(text)
        if self._size > _LONGEST_BLOCK:
            self.blocks.append(Block(Kind.LIST, "".join(self._lines)))
            self._lines, self._size = [], 0

    def _end_record(self) -> None:
        if self._lines:
            self.blocks.append(Block(Kind.LIST, "".join(self._lines) + "\n"))
            self._lines, self._size = [], 0


def _named(path: str, text: str) -> str:
    return f"{path}: {text}".rstrip() if path else text


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
