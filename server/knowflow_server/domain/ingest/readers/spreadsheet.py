"""XLSX and XLS: each sheet is a heading with its rows below."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.archive import open_archive, stream_part
from knowflow_server.domain.ingest.readers.sheet_text import sheet_blocks

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_LABEL = "spreadsheet"
_OLD = b"\xd0\xcf\x11\xe0"
_XML = (".xml", ".rels")
# The library makes a rectangle of each sheet, blank cells included, at 24 bytes a cell.
_MAX_CELLS = 10_000_000
_REFERENCE = re.compile(rb"[\s]r\s*=\s*[\"']([A-Za-z]{0,7})([0-9]{1,9})[\"']")
_OVERLAP = 128
Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the sheets of a workbook, hidden ones included; see `Reader` and `sheet_blocks`."""
    with source.path.open("rb") as file:
        is_old = file.read(len(_OLD)) == _OLD
    if not is_old:
        _check(source.path)
    workbook = _open(source.path)
    try:
        for index, name in enumerate(workbook.sheet_names):
            yield [Block(Kind.HEADING, f"{' '.join(clean(name).split())}\n\n", 1)]
            yield from sheet_blocks(_rows(workbook, index), source)
            share = (index + 1) / len(workbook.sheet_names)
            yield Progress(share, f"Read sheet {index + 1} of {len(workbook.sheet_names)}.")
    finally:
        workbook.close()


def _check(path: Path) -> None:
    """Refuse archives made to fill memory, before the library unpacks them.

    Raises:
        IngestError: It is one of them, or is damaged or encrypted.
    """
    with open_archive(path, label=_LABEL) as archive:
        for part in archive.namelist():
            if part.lower().endswith(_XML):
                _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: str) -> None:
    rows = columns = 0
    rest = b""
    for data in stream_part(archive, part):  # refuses document types
        if "sheet" not in part.lower():
            return
        for letters, number in _REFERENCE.findall(rest + data):
            rows = max(rows, int(number))
            columns = max(columns, _column(letters))
        rest = data[-_OVERLAP:]
    if rows * columns > _MAX_CELLS:
        raise IngestError(
            f"A sheet spans {rows} rows and {columns} columns, more than the limit of {_MAX_CELLS // 10**6} million "
            "cells, blank ones included; delete what stands far away from the rest."
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number


def _open(path: Path) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook, PasswordError

    with _refused("The spreadsheet is damaged or of an unknown kind and cannot be opened."):
        try:
            return CalamineWorkbook.from_path(path)
        except PasswordError as error:
            raise IngestError("The spreadsheet is encrypted; upload it without a password.") from error


def _rows(workbook: "CalamineWorkbook", index: int) -> Iterator[list[str]]:
    with _refused(f"Sheet {index + 1} of the spreadsheet is damaged and cannot be read."):
        for row in workbook.get_sheet_by_index(index).iter_rows():
            yield [_shown(cell) for cell in row]


@contextmanager
def _refused(sentence: str) -> Iterator[None]:
    """Turn the library's errors into one with this sentence."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise IngestError(sentence) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a failed assertion of the library; it is no `Exception`
            raise IngestError(sentence) from None
        raise


def _shown(cell: Cell) -> str:
    """Return the text of a cell: whole numbers without a decimal point, dates and times as in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)
