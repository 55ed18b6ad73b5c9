"""RTF, ODT, DOC, PPT, MSG, XLSB and IPYNB: their structure, and bad files."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.compound import compound, doc, msg, ppt
from tests.domain.ingest.files import archive, read_blocks, run, save

RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fnil\fcharset0 Times;}{\f1\fnil\fcharset204 Kyr;}}
{\colortbl;\red255\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 Heading 2;}}
{\info{\title not shown}}{\header page \chpgn}{\*\generator Nobody;}
\pard\plain\s1\b Tides\b0\par
\pard\plain First paragraph with caf\'e9, \u8364? and \u-10179?\u-8704?, {\b bold} and \{braces\}.\line Second line.\par
\pard\s2 Ports\par
\pard{\listtext\'b7\tab}\ls1 one\par{\listtext\'b7\tab}two\par
\pard Then {\field{\*\fldinst HYPERLINK "http://secret"}{\fldrslt the link}}.{\pict\pngblip 89504e47}\par
\trowd\cellx1000\cellx2000\pard\intbl port\cell m\cell\row
\trowd\cellx1000\cellx2000\pard\intbl Brest\cell\cell\row
\pard {\f1 \'cf\'f0\'e8\'e2\'e5\'f2}\par}"""

ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def odt(body: str, **parts: str) -> bytes:
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {ODF}>{text}</office:document-content>"
    return archive({"content.xml": content} | {name.replace("__", "/"): text for name, text in parts.items()})


ODT_BODY = """
<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
<text:h text:outline-level="1">Tides</text:h>
<text:p>The moon<text:s text:c="2"/>pulls <text:span>the sea</text:span>.</text:p>
<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item>
</text:list></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>port</text:p></table:table-cell>
<table:table-cell><text:p>m</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Brest</text:p><text:p>France</text:p></table:table-cell>
<table:table-cell><text:p>7</text:p></table:table-cell></table:table-row></table:table>
<text:h text:outline-level="2">End</text:h>
"""

IN_TABLE, ROW_END = b"\0\0\x16\x24\x01", b"\0\0\x16\x24\x01\x17\x24\x01"
LISTED = b"\0\0\x0b\x46\x01\x00"
DOC: list[Any] = [
    ("Tides\r", b"\x01\0"),
    "The moon pulls the sea, caf\u00e9 \U0001f30a.\r",
    ("Ports\r", b"\x02\0"),
    ("one\r", LISTED),
    ("two\r", LISTED),
    'See \x13 HYPERLINK "http://secret" \x14the page\x15.\r',
    ("port\x07", IN_TABLE),
    ("m\x07", IN_TABLE),
    ("\x07", ROW_END),
    ("Brest\r", IN_TABLE),
    ("France\x07", IN_TABLE),
    ("\x07", IN_TABLE),
    ("\x07", ROW_END),
    "After.\r",
]
TABLE = "| port | m |\n| --- | --- |\n| Brest |  |\n\n"


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"nbformat": 4, "metadata": {"language_info": {"name": "python"}}, "cells": cells}).encode()


def xlsb(rows: list[list[str | float]]) -> bytes:
    """A workbook of one sheet [MS-XLSB], its texts in the cells."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        assert len(content) < 128
        return head + bytes([len(content)]) + content

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    for number, row in enumerate(rows):
        sheet += record(0, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            sheet += (
                record(6, place + text(value))
                if isinstance(value, str)
                else record(5, place + struct.pack("<d", value))
            )
    sheet += record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Ports"))
    book += record(144) + record(132)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": book,
            "xl/worksheets/sheet1.bin": sheet,
            "xl/_rels/workbook.bin.rels": (
                f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{kind}/worksheet" '
                'Target="worksheets/sheet1.bin"/></Relationships>'
            ),
        }
    )


def test_rtf_structure_survives(tmp_path: Path) -> None:
    assert [
        (Kind.HEADING, 1, "Tides\n\n"),
        (Kind.PARAGRAPH, 0, "First paragraph with café, € and 😀, bold and {braces}.\nSecond line.\n\n"),
        (Kind.HEADING, 2, "Ports\n\n"),
        (Kind.LIST, 0, "· one\n· two\n\n"),
        (Kind.PARAGRAPH, 0, "Then the link.\n\n"),
        (Kind.TABLE, 0, TABLE),
        (Kind.PARAGRAPH, 0, "Привет\n\n"),
    ] == read_blocks(save(tmp_path, "a.rtf", RTF))


def test_odt_structure_survives(tmp_path: Path) -> None:
    assert [
        (Kind.HEADING, 1, "Tides\n\n"),
        (Kind.PARAGRAPH, 0, "The moon  pulls the sea.\n\n"),
        (Kind.LIST, 0, "- one\n  - inner\n- two\n\n"),
        (Kind.TABLE, 0, "| port | m |\n| --- | --- |\n| Brest France | 7 |\n\n"),
        (Kind.HEADING, 2, "End\n\n"),
    ] == read_blocks(save(tmp_path, "a.odt", odt(ODT_BODY)))


def test_doc_structure_survives(tmp_path: Path) -> None:
    assert [
        (Kind.HEADING, 1, "Tides\n\n"),
        (Kind.PARAGRAPH, 0, "The moon pulls the sea, café 🌊.\n\n"),
        (Kind.HEADING, 2, "Ports\n\n"),
        (Kind.LIST, 0, "- one\n- two\n\n"),
        (Kind.PARAGRAPH, 0, "See the page.\n\n"),
        (Kind.TABLE, 0, TABLE.replace("Brest", "Brest France")),
        (Kind.PARAGRAPH, 0, "After.\n\n"),
    ] == read_blocks(save(tmp_path, "a.doc", doc(DOC)))


def test_doc_that_is_rtf_is_read_as_such(tmp_path: Path) -> None:
    assert (Kind.HEADING, 1, "Tides\n\n") == read_blocks(save(tmp_path, "a.doc", RTF))[0]


def test_ppt_slides_are_pages_with_titles_and_lists(tmp_path: Path) -> None:
    content = ppt([["Tides", "The moon\rpulls"], ["Bread", "Yeast"]], boxes=["A box"])
    path = save(tmp_path, "a.ppt", content)
    assert [
        (Kind.HEADING, 1, "Tides\n\n"),
        (Kind.LIST, 0, "- The moon\n- pulls\n\n"),
        (Kind.PARAGRAPH, 0, "A box\n\n"),
        (Kind.HEADING, 1, "Bread\n\n"),
        (Kind.PARAGRAPH, 0, "Yeast\n\n"),
    ] == read_blocks(path)
    assert [1, 2] == [chunk.page_number for chunk in run(path, "presentation").chunks]


def test_msg_is_read_with_its_attachments(tmp_path: Path) -> None:
    attachments = {"a.md": b"# Harbour\n\nBoats.\n", "b.zip": b"PK\x03\x04"}
    content = msg(
        "Tides\ntomorrow", "The moon pulls.\r\n\r\nBye", sender="ann@a.test", to="bob@b.test", attachments=attachments
    )
    path = save(tmp_path, "a.msg", content)
    assert [
        (Kind.HEADING, 1, "Tides tomorrow\n\n"),
        (Kind.PARAGRAPH, 0, "From: ann@a.test\nTo: bob@b.test\n\n"),
        (Kind.PARAGRAPH, 0, "The moon pulls.\n\n"),
        (Kind.PARAGRAPH, 0, "Bye"),
        (Kind.HEADING, 1, "Attachment: a.md\n\n"),
        (Kind.HEADING, 2, "# Harbour\n\n"),
        (Kind.PARAGRAPH, 0, "Boats.\n"),
    ] == read_blocks(path)
    messages = run(path, "email").messages
    assert any(message.startswith("The attachment b.zip was not read.") for message in messages)


def test_notebook_cells_are_read_by_their_kind(tmp_path: Path) -> None:
    content = notebook(
        {"cell_type": "markdown", "source": ["# Tides\n", "\n", "The moon."]},
        {
            "cell_type": "code",
            "source": "print(7)",
            "outputs": [
                {"output_type": "stream", "text": ["7\n"]},
                {"output_type": "display_data", "data": {"image/png": "aGk=", "text/plain": "<Figure>"}},
            ],
        },
        {"cell_type": "raw", "source": "raw"},
    )
    assert [
        (Kind.HEADING, 1, "# Tides\n\n"),
        (Kind.PARAGRAPH, 0, "The moon.\n\n"),
        (Kind.CODE, 0, "```python\nprint(7)\n```\n\n"),
        (Kind.CODE, 0, "```\n7\n```\n\n"),
        (Kind.CODE, 0, "```\n<Figure>\n```\n\n"),
        (Kind.CODE, 0, "```\nraw\n```\n\n"),
    ] == read_blocks(save(tmp_path, "a.ipynb", content))


def test_xlsb_rows_are_read(tmp_path: Path) -> None:
    contents = run(save(tmp_path, "a.xlsb", xlsb([["port", "m"], ["Brest", 7.0]])), "one").contents
    assert ["Ports\n\nport; m\nport: Brest; m: 7\n\n"] == contents


def zip_bomb(part: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(part, b" " * 300_000_000)
    return buffer.getvalue()


BAD = [
    pytest.param("a.rtf", RTF[: len(RTF) // 2], "its end is missing", id="truncated RTF"),
    pytest.param("a.rtf", b"{\\rtf1 " + b"{" * 5_000, "nested", id="deep RTF"),
    pytest.param(
        "a.rtf", b"{\\rtf1 {\\pict\\bin2000000000 aa}}", "its end is missing", id="RTF with a lie about sizes"
    ),
    pytest.param("a.odt", odt(ODT_BODY)[:-40], "damaged", id="truncated ODT"),
    pytest.param("a.odt", zip_bomb("content.xml"), "would unpack", id="ODT bomb"),
    pytest.param(
        "a.odt", odt("", **{"META-INF__manifest.xml": "<a><encryption-data/></a>"}), "encrypted", id="encrypted ODT"
    ),
    pytest.param("a.odt", odt("<text:p>" * 300 + "</text:p>" * 300), "nested", id="deep ODT"),
    pytest.param("a.doc", doc(DOC)[:3000], "", id="truncated DOC"),
    pytest.param("a.doc", doc(DOC, encrypted=True), "encrypted", id="encrypted DOC"),
    pytest.param("a.doc", doc(DOC, version=0x65), "older than Word 97", id="Word 95"),
    pytest.param(
        "a.doc", compound({"EncryptedPackage": b"x"}), "a part of it is missing", id="compound file of another kind"
    ),
    pytest.param("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "damaged", id="zeros as DOC"),
    pytest.param("a.ppt", ppt([["a", "b"]])[:2000], "", id="truncated PPT"),
    pytest.param("a.ppt", ppt([["a"]], encrypted=True), "encrypted", id="encrypted PPT"),
    pytest.param("a.msg", msg("a", "b", sender="c", to="d")[:1500], "", id="truncated MSG"),
    pytest.param("a.msg", doc(DOC), "a part of it is missing", id="DOC named MSG"),
    pytest.param("a.xlsb", xlsb([["a"]])[:-40], "damaged", id="truncated XLSB"),
    pytest.param("a.xlsb", zip_bomb("xl/workbook.bin"), "would unpack", id="XLSB bomb"),
    pytest.param("a.ipynb", b'{"cells": [', "not a notebook", id="truncated notebook"),
    pytest.param("a.ipynb", b"[" * 100_000, "not a notebook", id="deep notebook"),
    pytest.param("a.ipynb", b'{"cells": 3}', "not a notebook", id="notebook without cells"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD)
def test_bad_file_is_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(IngestError) as raised:
        run(save(tmp_path, name, content))
    assert sentence in raised.value.sentence
    assert raised.value.sentence.endswith(".")


GOOD = [
    ("a.rtf", RTF),
    ("a.doc", doc(DOC)),
    ("a.ppt", ppt([["Tides", "The moon\rpulls"]], boxes=["x"])),
    ("a.msg", msg("a", "b", sender="c", to="d", attachments={"a.txt": b"e"})),
    ("a.ipynb", notebook({"cell_type": "code", "source": "x"})),
]


@pytest.mark.parametrize(("name", "content"), GOOD)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_bytes_give_text_or_a_sentence(
    name: str, content: bytes, data: st.DataObject, tmp_path_factory: Any
) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(8, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = save(tmp_path_factory.mktemp("damaged"), name, bytes(damaged[: data.draw(st.integers(8, len(damaged)))]))
    try:
        run(path)
    except IngestError as error:
        assert error.sentence.endswith(".")
