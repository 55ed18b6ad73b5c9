"""Compound files [MS-CFB]: the container of the old Office formats, read with olefile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.errors import IngestError

_LARGEST_STREAM = 512 * 1024 * 1024


class Compound:
    """An open compound file.

    Args:
        file: As olefile has it.
        label: What the file is, for sentences.
    """

    def __init__(self, file: Any, label: str) -> None:
        self._file = file
        self._label = label

    def names(self) -> list[list[str]]:
        """Return the paths of all streams."""
        return [list(path) for path in self._file.listdir(streams=True, storages=False)]

    def has(self, *path: str) -> bool:
        """Return True when there is such a stream."""
        return bool(self._file.exists(list(path))) and self._file.get_type(list(path)) == 2

    def stream(self, *path: str) -> bytes:
        """Return the bytes of a stream.

        Raises:
            IngestError: There is no such stream, or it is too large.
        """
        if not self.has(*path):
            raise IngestError(f"The file is not {self._label}: a part of it is missing.")
        if self._file.get_size(list(path)) > _LARGEST_STREAM:
            raise IngestError(f"A part of {self._label} is larger than {_LARGEST_STREAM // 2**20} MB.")
        return bytes(self._file.openstream(list(path)).read())


@contextmanager
def open_compound(path: Path, *, label: str) -> Iterator[Compound]:
    """Open a compound file.

    Args:
        path: The file.
        label: What it is, with its article.

    Raises:
        IngestError: It is damaged; also where that shows only later.
    """
    import struct

    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(path) as file:
            yield Compound(file, label)
    except (
        OSError,
        struct.error,
        IndexError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        AttributeError,
    ) as error:
        raise IngestError(f"The file is damaged: it cannot be read as {label}.") from error
