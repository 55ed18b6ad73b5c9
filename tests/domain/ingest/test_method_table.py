"""The table method on small tables, with rows written by hand. A token is a word here."""

from pathlib import Path

import pytest

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS
from knowflow_server.domain.ingest.chunkers.table import typed
from knowflow_server.domain.ingest.config import read_config
from tests.domain.ingest.files import count_words, run, save

PEOPLE = """\
Name,Sex/Gender (male/female),出生日期（例如 2001-02-03）,Score
Ann,female,1990-05-06,3.5
"Lee, Bo",,1988-01-02,4
Cai|Di,male,,5,extra
"""


def test_table_each_csv_row_is_a_chunk_with_bare_column_names(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.csv", PEOPLE), "table", chunk_token_num=1)
    assert result.contents == [
        "Name: Ann; Sex: female; 出生日期: 1990-05-06; Score: 3.5",
        "Name: Lee, Bo; 出生日期: 1988-01-02; Score: 4",
        "Name: Cai|Di; Sex: male; Score: 5; Column 5: extra",
    ]
    sex, born = "Sex/Gender (male/female)", "出生日期（例如 2001-02-03）"
    assert [chunk.headings for chunk in result.chunks] == [(sex, born), (born,), (sex,)]


def test_table_lines_of_text_with_tabs_or_commas_are_rows(tmp_path: Path) -> None:
    tabs = save(tmp_path, "a.txt", "City\tPeople\nBonn\t330000\n\nRome\t2800000\n")
    assert run(tabs, "table").contents == ["City: Bonn; People: 330000", "City: Rome; People: 2800000"]
    commas = save(tmp_path, "b.txt", 'City,People,Land\nBonn,330000,"Germany"\nRome,2800000,Italy\n')
    assert run(commas, "table").contents == [
        "City: Bonn; People: 330000; Land: Germany",
        "City: Rome; People: 2800000; Land: Italy",
    ]


def test_table_of_markdown_and_html_with_text_between(tmp_path: Path) -> None:
    markdown = "# Cities\n\n| City | |\n|---|:-:|\n| Bonn | 1 |\n| Rome | 2 |\n\nA note.\n\n"
    markdown += "| Empty |\n|---|\n\n<!-- -->\n\n| Land |\n|---|\n| Italy |\n"
    result = run(save(tmp_path, "a.md", markdown), "table")
    rows = ["City: Bonn; Column 2: 1", "City: Rome; Column 2: 2"]
    assert result.contents == [*rows, "A note.", "Empty", "<!-- -->", "Land: Italy"]
    assert [chunk.headings for chunk in result.chunks] == [("Cities",)] * 3 + [()] + [("Cities",)] * 2
    html = "<table><tr><th>City<th>Land</tr><tr><td>Bonn<td>Germany</tr></table>"
    assert run(save(tmp_path, "a.html", html), "table").contents == ["City: Bonn; Land: Germany"]


def test_table_header_without_rows_is_a_chunk(tmp_path: Path) -> None:
    assert run(save(tmp_path, "a.csv", "Name,Age\n"), "table").contents == ["Name; Age"]


def test_table_in_several_blocks_keeps_its_header_and_sheets_have_their_own() -> None:
    texts = ["| a | b |\n| --- | --- |\n| 1 | 2 |\n", "| 3 | 4 |\n"]
    blocks = [Block(Kind.TABLE, text) for text in texts]
    second = [Block(Kind.HEADING, "Sheet 2\n", 1), Block(Kind.TABLE, "| c |\n| --- |\n| 5 |\n\n")]
    chunker = CHUNKERS["table"](read_config({}), count_words)
    contents = [*chunker.feed(blocks + second), *chunker.finish()]
    assert [content.text for content in contents] == ["a: 1; b: 2", "a: 3; b: 4", "c: 5"]
    assert [content.headings for content in contents] == [(), (), ("Sheet 2",)]
    assert [content.source for content in contents] == [texts[0], texts[1], "".join(b.text for b in second)]


def test_table_large_file_makes_one_chunk_a_row(tmp_path: Path) -> None:
    text = "number,square\n" + "".join(f"{n},{n * n}\n" for n in range(3000))
    result = run(save(tmp_path, "a.csv", text), "table")
    assert result.contents == [f"number: {n}; square: {n * n}" for n in range(3000)]


def test_table_prose_is_served_by_naive_with_a_message(tmp_path: Path) -> None:
    path = save(tmp_path, "a.md", "# Title\n\nOne, two.\n\nThree, four and, five.\n\n| a |\n|---|\n")
    result = run(path, "table", chunk_token_num=100)
    assert "The method table expects rows below a header; the file has none and is served by naive." in result.messages
    assert len(result.contents) == 2


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *[("12", 12.0), ("-3.50", -3.5), ("0", 0.0), ("007", "007"), ("1,234", "1,234"), ("12345678901234567", None)],
        *[("TRUE", True), ("false", False), ("yes", "yes"), ("2025-1-31", "2025-01-31"), ("2025/02/30", "2025/02/30")],
        *[("٣", "٣"), ("1e5", "1e5"), ("31.01.2025", "31.01.2025")],
    ],
)
def test_typed_cell_is_a_number_a_boolean_a_date_or_its_text(cell: str, expected: object) -> None:
    found = typed(cell)
    assert found == (cell if expected is None else expected)
    assert type(found) is type(cell if expected is None else expected)


def test_rows_come_with_their_values_by_column(tmp_path: Path) -> None:
    path = save(
        tmp_path, "a.csv", "Name/Ship (text),Tons,Sails,Built\nMary,12.5,true,1611/03/01\nAnne,,false,unknown\n"
    )
    mary, anne = run(path, "table").chunks
    assert dict(mary.fields) == {"Name": "Mary", "Tons": 12.5, "Sails": True, "Built": "1611-03-01"}
    assert dict(anne.fields) == {"Name": "Anne", "Sails": False, "Built": "unknown"}
