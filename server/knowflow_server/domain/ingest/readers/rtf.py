"""RTF: headings, paragraphs, lists and tables, without pictures, headers and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.rtf_tokens import CHARSETS, CODE_PAGES, Token, tokens
from knowflow_server.domain.ingest.readers.table_text import table_rows

_LARGEST = 256 * 1024 * 1024
_DEEPEST = 1_000
_BATCH = 500
_MAX_LEVEL = 6
_HEADING_STYLE = re.compile(r"^(?:heading|überschrift|titre|título) ?([1-9])\b", re.IGNORECASE)
_HIDDEN_NAMES = (
    "fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf "
    "fldinst annotation atnid atnauthor nonshppict listtable listoverridetable revtbl rsidtbl generator xmlnstbl "
    "themedata colorschememapping datastore latentstyles bkmkstart bkmkend filetbl pntxta pntxtb template"
)
_HIDDEN = frozenset(_HIDDEN_NAMES.split())
_TEXTS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
    "nestcell": "\t",
    "~": " ",
    "_": "-",
}
_PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "nestrow"})


@dataclass(slots=True)
class _State:
    """What holds inside a group and ends with it."""

    hidden: str = ""  # the destination whose text is not shown, "" for text
    fallback: int = 1  # characters that follow a \\u for readers without Unicode
    font: int = 0
    is_marker: bool = False


@dataclass(slots=True)
class _Look:
    """What the end of a paragraph's format resets (the word `pard`)."""

    style: int = -1
    outline: int = -1
    is_list: bool = False
    in_table: bool = False


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a document in their order; see `Reader`."""
    if source.path.stat().st_size > _LARGEST:
        raise IngestError(f"The RTF document is larger than {_LARGEST // 2**20} MB.")
    document = _Document()
    share = 0.0
    for token in tokens(source.path.read_bytes()):
        share = token.share
        if document.take(token):
            break
        if len(document.blocks) >= _BATCH:
            yield document.blocks
            document.blocks = []
            yield Progress(share, "Read a part of the document.")
    if not document.is_whole:
        raise IngestError("The RTF document is damaged: its end is missing.")
    yield document.blocks


class _Document:
    """Follows the tokens and collects blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.is_whole = False
        self._groups: list[_State] = []
        self._state = _State()
        self._look = _Look()
        self._is_optional = False  # the group began with \*: a destination that not every reader knows
        self._fonts: dict[int, str] = {}
        self._default = "cp1252"
        self._headings: dict[int, int] = {}
        self._style_name = ""
        self._style = 0
        self._skip = 0
        self._text: list[str] = []
        self._bytes = bytearray()
        self._units = bytearray()  # UTF-16 of \u, held back because surrogates come in two
        self._items: list[str] = []
        self._marker = ""
        self._row: list[str] = []
        self._rows: list[list[str]] = []

    def take(self, token: Token) -> bool:
        """Take the next token; return True at the end of the document."""
        word = token.word
        if word == "{":
            self._open()
        elif word == "}":
            return self._close()
        elif word == "":
            self._take_text(token.text)
        elif word == "*":
            self._is_optional = True
        else:
            self._control(word, token.number)
            self._is_optional = False
        return False

    def _open(self) -> None:
        if len(self._groups) >= _DEEPEST:
            raise IngestError(f"The RTF document is nested more than {_DEEPEST} levels deep.")
        self._flush()
        self._groups.append(self._state)
        self._state = replace(self._state)
        self._is_optional = False

    def _close(self) -> bool:
        self._flush()
        if not self._groups:
            return True
        if self._state.hidden == "stylesheet" and self._style_name:
            if match := _HEADING_STYLE.match(self._style_name.strip()):
                self._headings[self._style] = min(int(match[1]), _MAX_LEVEL)
            self._style_name, self._style = "", 0
        self._state = self._groups.pop()
        if not self._groups:
            self.is_whole = True
            self._end_paragraph()
            self._end_table()
            self._end_list()
            return True
        return False

    def _take_text(self, data: bytes) -> None:
        if self._skip:
            taken = min(self._skip, len(data))
            self._skip -= taken
            data = data[taken:]
        if not data:
            return
        if self._state.hidden == "stylesheet":
            self._style_name += data.decode("latin-1").rstrip(";")
        elif not self._state.hidden:
            self._flush_units()
            self._bytes += data

    def _control(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._skip = 0
            if not self._state.hidden:
                self._flush_bytes()
                self._units += (number & 0xFFFF).to_bytes(2, "little")
            self._skip = self._state.fallback
            return
        self._skip = 0
        self._flush()
        if word in _HIDDEN or (self._is_optional and word not in {"shppict", "listtext"}):
            self._state.hidden = word
            self._state.is_marker = False
        elif self._state.hidden:
            self._control_hidden(word, number or 0)
        elif word in _TEXTS:
            self._append(_TEXTS[word])
        elif word in _PARAGRAPH_ENDS:
            self._end_paragraph()
        elif word in {"cell", "row"}:
            self._end_cell() if word == "cell" else self._end_row()
        else:
            self._format(word, number)

    def _control_hidden(self, word: str, number: int) -> None:
        if self._state.hidden == "fonttbl" and word == "f":
            self._state.font = number
        elif self._state.hidden == "fonttbl" and word == "fcharset":
            self._fonts[self._state.font] = CHARSETS.get(number, "")
        elif self._state.hidden == "stylesheet" and word == "s":
            self._style = number

    def _format(self, word: str, number: int | None) -> None:
        look, state = self._look, self._state
        if word == "pard":
            self._look = _Look()
        elif word in {"listtext", "pntext", "ls", "pn"}:
            state.is_marker = state.is_marker or word.endswith("text")
            look.is_list = True
        elif word == "s":
            look.style = number or 0
        elif word == "outlinelevel":
            look.outline = -1 if number is None else number
        elif word == "intbl":
            look.in_table = True
        else:
            self._format_text(word, number)

    def _format_text(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "uc" and number is not None:
            state.fallback = max(number, 0)
        elif word in {"f", "deff"}:
            state.font = number or 0
        elif word == "plain":
            state.font = 0
        elif word == "ansicpg" and number in CODE_PAGES:
            self._default = f"cp{number}"
        elif word == "mac":
            self._default = "mac_roman"

    def _append(self, text: str) -> None:
        if self._state.is_marker:
            self._marker += text
        else:
            self._text.append(text)

    def _flush(self) -> None:
        self._flush_bytes()
        self._flush_units()

    def _flush_bytes(self) -> None:
        if self._bytes:
            self._append(self._bytes.decode(self._fonts.get(self._state.font) or self._default, "replace"))
            self._bytes.clear()

    def _flush_units(self) -> None:
        if self._units:
            self._append(self._units.decode("utf-16-le", "replace"))
            self._units.clear()

    def _take_paragraph(self) -> str:
        self._flush()
        text, self._text = clean("".join(self._text)).strip(" \t\n"), []
        return text

    def _end_paragraph(self) -> None:
        if self._look.in_table:
            self._append(" ")
            return
        text = self._take_paragraph()
        marker, self._marker = " ".join(self._marker.split()), ""
        if not text:
            return
        self._end_table()
        level = self._headings.get(self._look.style, 0)
        if 0 <= self._look.outline < _MAX_LEVEL:
            level = self._look.outline + 1
        if self._look.is_list and not level:
            self._items.append(f"{marker or '-'} {text}")
            return
        self._end_list()
        if level:
            title = " ".join(f"{marker} {text}".split())
            self.blocks.append(Block(Kind.HEADING, f"{title}\n\n", level))
        else:
            self.blocks.append(Block(Kind.PARAGRAPH, f"{text}\n\n"))

    def _end_cell(self) -> None:
        self._marker = ""
        self._row.append(self._take_paragraph())

    def _end_row(self) -> None:
        self._end_list()
        self._rows.append(self._row)
        self._row = []
        self._look.in_table = False

    def _end_list(self) -> None:
        if self._items:
            self.blocks.append(Block(Kind.LIST, "\n".join(self._items) + "\n\n"))
            self._items = []

    def _end_table(self) -> None:
        rows, self._rows = table_rows(self._rows), []
        if rows:
            self.blocks.append(Block(Kind.TABLE, "".join(rows) + "\n"))
