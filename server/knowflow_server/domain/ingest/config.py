"""A document's `parser_config`, read once into typed values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_CHUNK_TOKENS = 2048
DEFAULT_CHUNK_TOKENS = 512
DEFAULT_DELIMITER = "\n"
DEFAULT_TASK_PAGE_SIZE = 12
MAX_TASK_PAGE_SIZE = 10_000

_ESCAPES = {r"\n": "\n", r"\r": "\r", r"\t": "\t"}
_ESCAPE = re.compile(r"\\[nrt]")
_DELIMITER = re.compile(r"`([^`]+)`|(.)", re.DOTALL)
_LONGEST_NAME = 64
_BUILT_IN_LAYOUTS = frozenset({"", "deepdoc"})
_PLAIN_LAYOUTS = frozenset({"plain text", "plaintext"})


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """The members of `parser_config` which this package uses; see `read_config`.

    Attributes:
        chunk_tokens: Largest number of tokens of a chunk, 1 to 2048.
        delimiters: Strings after which a text is cut, longest first; none where the delimiter is an empty string.
        is_plain: True when a PDF is to be read as text only, without headings and tables.
        missing_service: Name of the layout service that was asked for and does not exist here, else "".
        task_page_size: Pages of a PDF between two reports of progress, at least 1.
        page_ranges: First and last page of the ranges to read, from 1, both included; empty for all pages.
        is_html_sheet: True when the rows of spreadsheets are to be written as HTML tables.
    """

    chunk_tokens: int = DEFAULT_CHUNK_TOKENS
    delimiters: tuple[str, ...] = (DEFAULT_DELIMITER,)
    is_plain: bool = False
    missing_service: str = ""
    task_page_size: int = DEFAULT_TASK_PAGE_SIZE
    page_ranges: tuple[tuple[int, int], ...] = ()
    is_html_sheet: bool = False


def read_config(config: Mapping[str, Any]) -> IngestConfig:
    """Return the typed form of a stored `parser_config`.

    Shapes are checked where the config enters the system, so nothing is refused here: a missing member, a null or one
    of a wrong type means the default, a number out of range means the nearest allowed one.
    """
    layout = config.get("layout_recognize")
    layout = layout.strip() if isinstance(layout, str) else ""
    is_plain = layout.lower() in _PLAIN_LAYOUTS
    is_built_in = layout.lower() in _BUILT_IN_LAYOUTS
    delimiter = config.get("delimiter")
    return IngestConfig(
        chunk_tokens=whole(config.get("chunk_token_num"), DEFAULT_CHUNK_TOKENS, MAX_CHUNK_TOKENS),
        delimiters=parse_delimiters(delimiter if isinstance(delimiter, str) else DEFAULT_DELIMITER),
        is_plain=is_plain,
        missing_service="" if is_plain or is_built_in else layout[:_LONGEST_NAME],
        task_page_size=whole(config.get("task_page_size"), DEFAULT_TASK_PAGE_SIZE, MAX_TASK_PAGE_SIZE),
        page_ranges=_page_ranges(config.get("pages")),
        is_html_sheet=config.get("html4excel") is True,
    )


def parse_delimiters(delimiter: str) -> tuple[str, ...]:
    r"""Return the strings that a `delimiter` member stands for, longest first, each once.

    Each character is a delimiter of its own; characters between back-quotes are one delimiter together. A backslash
    followed by n, r or t means the control character, because clients send the two characters.
    """
    parts = [match[1] or match[2] for match in _DELIMITER.finditer(_ESCAPE.sub(lambda m: _ESCAPES[m[0]], delimiter))]
    return tuple(sorted(dict.fromkeys(parts), key=len, reverse=True))


def whole(value: object, default: int, largest: int) -> int:
    """Return a whole number between 1 and `largest`, `default` for anything that is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON numbers that came through a protobuf Struct
    if not isinstance(value, int) or isinstance(value, bool):
        return default
    return min(max(value, 1), largest)


def _page_ranges(value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    ranges = []
    for item in value:
        if not isinstance(item, Sequence) or isinstance(item, str) or len(item) != 2:
            continue
        first, last = (whole(number, 0, 1_000_000_000) for number in item)
        if 1 <= first <= last:
            ranges.append((first, last))
    return tuple(ranges)
