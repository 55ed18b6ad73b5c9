"""ODS and ODT, written as the programs write them."""

from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import archive, read_blocks, run, save

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def content(body: str, declaration: str = "") -> str:
    return f"{declaration}<office:document-content {NAMES}><office:body>{body}</office:body></office:document-content>"


def ods(sheets: str, **parts: str) -> bytes:
    mime = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
    return archive({**mime, **parts, "content.xml": content(f"<office:spreadsheet>{sheets}</office:spreadsheet>")})


def sheet(name: str, *rows: str) -> str:
    return f'<table:table table:name="{name}"><table:table-column/>{"".join(rows)}</table:table>'


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def cell(text: str = "", repeated: int = 1) -> str:
    inner = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell table:number-columns-repeated="{repeated}">{inner}</table:table-cell>'


def test_ods_sheets_become_headings_with_their_rows(tmp_path: Path) -> None:
    rich = "two<text:s text:c='2'/><text:span>words</text:span><text:line-break/>more"
    comment = "<office:annotation><text:p>comment</text:p></office:annotation>"
    people = sheet(
        "People",
        f"<table:table-header-rows>{row(cell('Name'), cell('Age'), cell('Note'))}</table:table-header-rows>",
        row(cell("Ann"), cell("30"), cell(rich), cell(repeated=16_000)),
        row(cell("Bo"), f"<table:table-cell>{comment}</table:table-cell>", cell("x"), repeated=2),
        row(cell(repeated=16_384), repeated=1_048_000),
    )
    assert read_blocks(save(tmp_path, "a.ods", ods(people + sheet("Empty") + sheet("Last", row(cell("y")))))) == [
        (Kind.HEADING, 1, "People\n\n"),
        (
            Kind.TABLE,
            0,
            "Name; Age; Note\nName: Ann; Age: 30; Note: two words more\nName: Bo; Note: x\nName: Bo; Note: x\n\n",
        ),
        (Kind.HEADING, 1, "Empty\n\n"),
        (Kind.HEADING, 1, "Last\n\n"),
        (Kind.TABLE, 0, "y\n\n"),
    ]


def test_ods_html4excel_is_obeyed(tmp_path: Path) -> None:
    path = save(tmp_path, "a.ods", ods(sheet("S", row(cell("a"), cell("b")), row(cell("1", repeated=2)))))
    table = "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td>1</td></tr>\n</table>\n\n"
    assert read_blocks(path, html4excel=True) == [(Kind.HEADING, 1, "S\n\n"), (Kind.TABLE, 0, table)]


@pytest.mark.parametrize(
    ("content_of_file", "sentence"),
    [
        (b"text", "is not an ODS spreadsheet: its content looks like plain text"),
        (archive({"a": "b"}), "The file is not an ODS document: the archive holds no content"),
        (ods(sheet("S", row(cell("x"), repeated=1_048_576))), "repeats a row 1048576 times"),
        (ods(sheet("S", row(cell("x", repeated=10**9)))), "has a row of more than 16384 cells"),
        (
            ods(
                sheet(
                    "S",
                    row(
                        "<table:table-cell><text:p>"
                        + "<text:a>" * 500
                        + "</text:a>" * 500
                        + "</text:p></table:table-cell>"
                    ),
                )
            ),
            "nested more than 100",
        ),
        (ods("<table:table>"), "holds invalid XML"),
        (
            ods("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
            "is encrypted; upload it without a password",
        ),
        (archive({"content.xml": content("", '<!DOCTYPE x [<!ENTITY e "boom">]>')}), "declares an XML document type"),
        (archive({"content.xml": b" " * 300_000_000}), "would unpack to 286 MB"),
    ],
)
def test_ods_other_content_is_refused_in_our_words(content_of_file: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, "a.ods", content_of_file))
    assert sentence in error.value.sentence


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFD), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=5))
def test_ods_every_cell_of_any_sheet_is_in_the_text_in_order(rows: list[list[str]]) -> None:
    parts = [row(*(cell(escape(text)) for text in line)) for line in rows]
    with TemporaryDirectory() as folder:
        text = "".join(run(save(Path(folder), "a.ods", ods(sheet("S", *parts))), chunk_token_num=10).contents)
    position = 0
    for item in (" ".join(text.split()) for line in rows for text in line):
        assert (position := text.find(item, position)) >= 0
