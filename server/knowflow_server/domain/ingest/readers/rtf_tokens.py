"""The tokens of RTF [Rich Text Format Specification 1.9.1] and the code pages its texts are written in."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
# Values of \fcharset, as in the specification's table.
CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
CODE_PAGES = {437, 850, 852, 855, 857, 862, 866, 874, 932, 936, 949, 950, *range(1250, 1259)}


class Token(NamedTuple):
    """A control word, a brace or a run of text.

    Attributes:
        word: Name of a control word or sign, "{" or "}", or "" for text.
        number: Its parameter, None without one.
        text: Bytes of a text.
        share: How far into the file it stands, 0 to 1.
    """

    word: str
    number: int | None
    text: bytes
    share: float


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of a file; binary data is passed over."""
    position, size = 0, len(data)
    while position < size:
        match = _TOKEN.match(data, position)
        if match is None:  # cannot happen: the last two branches take what no other one does
            return
        position = match.end()
        word, number, code, sign, brace, text = match.groups()
        share = position / size
        if word is not None:
            value = int(number) if number else None
            if word == b"bin":
                position += max(value or 0, 0)
                continue
            yield Token(word.decode("ascii"), value, b"", share)
        elif code is not None:
            yield Token("", None, bytes.fromhex(code.decode("ascii")), share)
        elif sign is not None and sign in b"{}\\":
            yield Token("", None, sign, share)
        elif sign is not None:
            yield Token(sign.decode("latin-1"), None, b"", share)
        elif brace is not None:
            yield Token(brace.decode("ascii"), None, b"", share)
        elif text is not None:
            yield Token("", None, text, share)
