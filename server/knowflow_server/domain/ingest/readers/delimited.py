"""CSV and TSV: rows of cells, whatever character parts them."""

import csv
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.encoding import text_parts
from knowflow_server.domain.ingest.readers.sheet_text import sheet_blocks

_DELIMITERS = ("\t", ",", ";", "|")
# Spreadsheet programs write the delimiter on a first line of its own when it is not the one of the reader's country.
_HINT = "sep="
_SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 65_536
# A row behind the last one, to see whether a cell is still open there.
_END = "\ue000end of file\ue000"
_LONGEST_LINE = 16 * 1024 * 1024


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the rows of a table in text form; see `Reader` and `sheet_blocks`."""
    is_quoted = _is_quoted(source.path)
    lines = _Lines(source.path)
    if not is_quoted:
        yield Progress(0.0, "The quotation marks of the table do not match and are read as text.")
    rows = csv.reader(lines, delimiter=lines.delimiter, quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE)
    try:
        for blocks in sheet_blocks(rows, source):
            yield from lines.progress()
            yield blocks
    except csv.Error as error:
        raise IngestError(
            f"Line {rows.line_num} of the table has a cell of more than {csv.field_size_limit()} characters."
        ) from error
    yield from lines.progress()


def _is_quoted(path: Path) -> bool:
    """Return True unless a quotation mark is never closed, which would swallow the rest of the file."""
    lines = _Lines(path)
    try:
        last = deque(csv.reader(chain(lines, ["\n", _END]), delimiter=lines.delimiter), maxlen=1)
    except csv.Error:  # a cell without end
        return False
    return last[0] == [_END]


class _Lines:
    """Iterates over the lines of a text file.

    Attributes:
        delimiter: The character that parts the cells; it is known from the beginning of the file.

    Args:
        path: The file.

    Raises:
        IngestError: A line is too long to hold.
    """

    def __init__(self, path: Path) -> None:
        self._parts = text_parts(path)
        self._progress: list[Progress] = []
        self._waiting: deque[str] = deque()
        self._rest = ""
        self._is_at_end = False
        self._fill()
        sample = [*self._waiting] or [self._rest[:_SAMPLE_CHARACTERS]]
        hint = sample[0].strip().lower()
        if hint.startswith(_HINT) and len(hint) == len(_HINT) + 1:
            self.delimiter = hint[-1]
            self._waiting.popleft() if self._waiting else None
        else:
            self.delimiter = max(_DELIMITERS, key=lambda delimiter: _fitness(sample, delimiter))

    def __iter__(self) -> Iterator[str]:
        while self._waiting or not self._is_at_end:
            if self._waiting:
                yield self._waiting.popleft()
            else:
                self._fill()

    def progress(self) -> list[Progress]:
        """Return the reports since the last call."""
        progress, self._progress = self._progress, []
        return progress

    def _fill(self) -> None:
        """Wait for at least one line, or the end of the file."""
        while not self._waiting and not self._is_at_end:
            part = next(self._parts, None)
            if isinstance(part, Progress):
                self._progress.append(part)
                continue
            self._is_at_end = part is None
            *lines, self._rest = (self._rest + (part or "")).split("\n")
            self._waiting.extend(line + "\n" for line in lines)
            if self._is_at_end and self._rest:
                self._waiting.append(self._rest)
                self._rest = ""
            if len(self._rest) > _LONGEST_LINE:
                raise IngestError(f"The table has a line of more than {_LONGEST_LINE // 2**20} million characters.")


def _fitness(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    """Return how well a delimiter fits: the share of rows of the most frequent width above 1, and that width."""
    try:
        rows = list(islice(csv.reader(sample, delimiter=delimiter), _SAMPLE_ROWS))
    except csv.Error:
        return 0.0, 0
    widths = Counter(map(len, filter(None, rows)))
    wide = [(count, width) for width, count in widths.items() if width > 1]
    count, width = max(wide, default=(0, 0))
    return count / max(len(rows), 1), width
