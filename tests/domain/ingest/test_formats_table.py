"""CSV and TSV, and how the rows of spreadsheets become text."""

import csv
import io
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import read_blocks, run, save

PEOPLE = 'Name,Age,City\nAnn,30,Oslo\n"Bo ""B"" | x",,"Rome\nItaly"\n\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_rows_become_lines_of_names_and_values(delimiter: str, ending: str, tmp_path: Path) -> None:
    path = save(tmp_path, f"a{ending}", "Name,Age,City\nAnn,30,Oslo\nBo,,Rome\n".replace(",", delimiter))
    assert read_blocks(path) == [
        (Kind.TABLE, 0, "Name; Age; City\nName: Ann; Age: 30; City: Oslo\nName: Bo; City: Rome\n\n")
    ]


@pytest.mark.parametrize("method", ["table", "qa", "tag"])
def test_methods_that_need_cells_get_markdown(method: str, tmp_path: Path) -> None:
    assert read_blocks(save(tmp_path, "a.csv", PEOPLE), method) == [
        (
            Kind.TABLE,
            0,
            '| Name | Age | City |\n| --- | --- | --- |\n| Ann | 30 | Oslo |\n| Bo "B" \\| x |  | Rome Italy |\n\n',
        ),
    ]


def test_html4excel_gives_tables_of_twelve_rows_with_their_header(tmp_path: Path) -> None:
    content = "Sales 2025\nName,Sum\n" + "".join(f"A<{number},{number}\n" for number in range(24))
    blocks = read_blocks(save(tmp_path, "a.csv", content), html4excel=True)
    head = "<tr><th>Name</th><th>Sum</th></tr>\n"

    def table(first: int) -> str:
        rows = (f"<tr><td>A&lt;{number}</td><td>{number}</td></tr>\n" for number in range(first, first + 12))
        return f"<table>\n{head}{''.join(rows)}</table>\n\n"

    title = "<table>\n<tr><td>Sales 2025</td></tr>\n</table>\n\n"
    assert [text for _, _, text in blocks] == [title, table(0), table(12)]
    only_header = read_blocks(save(tmp_path, "b.csv", "a,b\n"), html4excel=True)
    assert only_header == [(Kind.TABLE, 0, "<table>\n<tr><th>a</th><th>b</th></tr>\n</table>\n\n")]


def test_titles_above_the_header_and_cells_without_a_name_stand_alone(tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", "Sales\nName,,Sum\nAnn,x,3,more\n")
    assert read_blocks(path) == [(Kind.TABLE, 0, "Sales\nName; Sum\nName: Ann; x; Sum: 3; more\n\n")]


def test_single_column_is_a_list_of_values(tmp_path: Path) -> None:
    assert read_blocks(save(tmp_path, "a.csv", "word\none\n\ntwo\n"))[0][2] == "word\none\ntwo\n\n"


def test_first_line_may_name_the_delimiter(tmp_path: Path) -> None:
    assert read_blocks(save(tmp_path, "a.csv", "sep=#\na,b#c\n"))[0][2] == "a,b; c\n\n"


def test_quotation_mark_that_is_never_closed_is_text(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.csv", 'Item,Size\nScreen,"15\nDesk,2\n'))
    assert "".join(result.contents) == 'Item; Size\nItem: Screen; Size: "15\nItem: Desk; Size: 2\n\n'
    assert result.messages[0] == "The quotation marks of the table do not match and are read as text."


def test_other_encodings_are_read_and_said(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.csv", "Café;Prix\nCrème;3 €\n".encode("cp1252")))
    assert "".join(result.contents) == "Café; Prix\nCafé: Crème; Prix: 3 €\n\n"
    assert result.messages[0] == "The file is not UTF-8; the encoding cp1252 is assumed."
    assert read_blocks(save(tmp_path, "b.tsv", "a\tb\n1\t2\n".encode("utf-16")))[0][2] == "a; b\na: 1; b: 2\n\n"


@pytest.mark.parametrize("content", [b"", b"\n\n", b",,,\n,,\n"])
def test_table_without_text_has_no_chunks(content: bytes, tmp_path: Path) -> None:
    assert run(save(tmp_path, "a.csv", content)).contents == []


def test_rows_are_not_cut_below_the_limit(tmp_path: Path) -> None:
    content = "Name,Text\n" + "".join(f"n{number},some words; here\n" for number in range(100))
    chunks = run(save(tmp_path, "a.csv", content), chunk_token_num=13, delimiter=";").contents
    assert all(line.startswith("Name: n") for chunk in chunks[1:] for line in chunk.strip().split("\n"))


def test_cell_and_line_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="Line 1 of the table has a cell of more than 131072 characters"):
        run(save(tmp_path, "a.csv", "x" * 200_000))
    with pytest.raises(IngestError, match="The table has a line of more than 16 million characters"):
        run(save(tmp_path, "b.csv", "x,y" * 6_000_000))


def test_picture_called_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="is not a table in text form: its content looks like a PNG picture"):
        run(save(tmp_path, "a.csv", b"\x89PNG\r\n\x1a\n"))


cells = st.text(st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from('\n",;\t|')), max_size=8)
# A header of plain words in a table of even width leaves no doubt about the delimiter.
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8).map(
        lambda rows: [[f"name{column}" for column in range(width)], *rows]
    )
)


@settings(max_examples=100, deadline=None)
@given(tables, st.sampled_from(["naive", "table", "smart"]), st.booleans())
def test_every_cell_of_any_table_is_in_the_text_in_order(rows: list[list[str]], method: str, html: bool) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.csv", buffer.getvalue())
        text = "".join(text for _, _, text in read_blocks(path, method, html4excel=html))
        run(path, method, html4excel=html, chunk_token_num=10)
    position = 0
    for cell in (" ".join(cell.split()) for row in rows for cell in row):
        escaped = escape(cell, quote=False) if html else cell
        expected = cell.replace("|", "\\|") if method == "table" else escaped
        assert (position := text.find(expected, position)) >= 0
