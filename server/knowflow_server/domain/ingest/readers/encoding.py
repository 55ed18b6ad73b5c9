"""Opening a text file whose encoding nobody told."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from knowflow_server.domain.ingest.blocks import Progress, clean

_READ = 65_536
_REPORT_BYTES = 1_048_576
_SAMPLE = 65_536
# Longer marks first: the one of UTF-32 begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In a damaged file at least this share of the characters beyond ASCII must be good UTF-8 to go on calling it UTF-8.
_MOSTLY = 0.9
# Below so many bytes beyond ASCII a detector only guesses; most of such files are Western.
_ENOUGH = 32
_WESTERN = "cp1252"
_BROWSERS_READ = {"ascii": _WESTERN, "iso8859-1": _WESTERN, "gb2312": "gb18030", "gbk": "gb18030"}
# Python has these among its encodings of text, and some raise whatever error handling is asked for.
_NEVER = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is to be decoded.

    Attributes:
        name: Python's name of the encoding.
        note: A sentence for the file's owner where the encoding is a guess, else "".
    """

    name: str
    note: str = ""


def detect(path: Path, *, declared: str = "") -> Encoding:
    """Return the encoding of a text file: its byte order mark, else UTF-8 if all of it is valid, else a guess.

    Args:
        path: The file; it is read once from end to end, in parts.
        declared: An encoding the file itself names, tried before guessing; an unknown name is ignored.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name)
    wide = _two_byte_encoding(sample)
    if wide:
        return Encoding(wide, f"The file has no byte order mark; {wide.upper()} is assumed.")
    if _is_utf8(path):
        return Encoding("utf-8")
    name = _web_encoding(declared)
    if name:
        return Encoding(name)
    name = _guess(sample)
    if name == "utf-8":
        return Encoding(name, "The file is UTF-8 with wrong bytes in it, which are replaced.")
    return Encoding(name, f"The file is not UTF-8; the encoding {name} is assumed.")


def text_parts(path: Path, *, declared: str = "") -> Iterator[Progress | str]:
    """Yield a file's text in parts of some ten thousand characters, and progress between them.

    Bytes that are wrong in the encoding become U+FFFD; line ends become a line feed; NUL is dropped.

    Args:
        path: The file.
        declared: See `detect`.
    """
    size = path.stat().st_size
    encoding = detect(path, declared=declared)
    if encoding.note:
        yield Progress(0.0, encoding.note)
    reported = 0
    with path.open("rb") as raw, TextIOWrapper(raw, encoding=encoding.name, errors="replace") as file:
        while text := file.read(_READ):
            yield clean(text)
            position = raw.tell()
            if position - reported >= _REPORT_BYTES:
                reported = position
                yield Progress(position / size, f"Read {position / 1e6:.1f} of {size / 1e6:.1f} MB.")
            elif position < size:
                # What is embedded keeps up with what is read, and takes seconds for each part.
                yield Progress(position / size, "")


def _two_byte_encoding(sample: bytes) -> str:
    """Return UTF-16 in the byte order in which every other byte of the sample is mostly NUL, else ""."""
    half = len(sample) // 2
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if half and odd > half // 2 and even < half // 8 + 1:
        return "utf-16-le"
    if half and even > half // 2 and odd < half // 8 + 1:
        return "utf-16-be"
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while part := file.read(_READ):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _web_encoding(label: str) -> str:
    """Return the encoding which browsers use for a label (the WHATWG Encoding Standard's main lines), "" for none."""
    try:
        name = codecs.lookup(label).name
        b"-".decode(name, errors="replace")  # refuses what is no encoding of text, such as base64
    except (LookupError, ValueError):
        return ""
    return "" if name in _NEVER else _BROWSERS_READ.get(name, name)


def _guess(sample: bytes) -> str:
    text = sample.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    beyond_ascii = sum(character > "\x7f" for character in text)
    if beyond_ascii and wrong <= (1 - _MOSTLY) * beyond_ascii:
        return "utf-8"
    if sum(byte > 0x7F for byte in sample) < _ENOUGH:
        return _WESTERN
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best and best.encoding not in {"ascii", "utf_8"} else _WESTERN
