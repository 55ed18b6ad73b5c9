"""XLSX and XLS."""

import asyncio
import datetime as dt
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlwt  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.workers.parse_pool import ParsePool
from tests.domain.ingest.files import archive, read_blocks, run, save

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(number, column).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls(**sheets: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                is_day = isinstance(value, dt.date)
                sheet.write(number, column, value, xlwt.easyxf(num_format_str="YYYY-MM-DD" if is_day else "General"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_hand(sheet: str) -> bytes:
    """The parts that an XLSX needs, with this XML as its one sheet."""
    kind = f'<Relationship Id="r1" Type="{RELATIONS}/'
    return archive(
        {
            "_rels/.rels": f'<Relationships>{kind}officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships>{kind}worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def test_sheets_become_headings_with_their_rows(tmp_path: Path) -> None:
    values = [
        "Ann",
        30,
        1.5,
        True,
        dt.datetime.fromisoformat("2025-01-02T03:04"),
        dt.date(2025, 1, 2),
        dt.time(3, 4),
        None,
        "two\nlines",
    ]
    header = ["Name", "Age", "Sum", "Ok", "At", "Day", "Time", "None", "Text"]
    path = save(tmp_path, "a.xlsx", xlsx(People=[header, values], Empty=[], Notes=[["alone"]]))
    row = "Name: Ann; Age: 30; Sum: 1.5; Ok: TRUE; At: 2025-01-02 03:04:00; Day: 2025-01-02; Time: 03:04:00; "
    assert read_blocks(path) == [
        (Kind.HEADING, 1, "People\n\n"),
        (Kind.TABLE, 0, f"{'; '.join(header)}\n{row}Text: two lines\n\n"),
        (Kind.HEADING, 1, "Empty\n\n"),
        (Kind.HEADING, 1, "Notes\n\n"),
        (Kind.TABLE, 0, "alone\n\n"),
    ]
    assert [p.message for p in run(path).progress[:3]] == [f"Read sheet {number} of 3." for number in (1, 2, 3)]


def test_xls_is_read_like_xlsx(tmp_path: Path) -> None:
    content = xls(Stock=[["Item", "Count", "Since"], ["Café", 3, dt.date(2025, 1, 2)]], Other=[["x"]])
    assert read_blocks(save(tmp_path, "a.xls", content)) == [
        (Kind.HEADING, 1, "Stock\n\n"),
        (Kind.TABLE, 0, "Item; Count; Since\nItem: Café; Count: 3; Since: 2025-01-02\n\n"),
        (Kind.HEADING, 1, "Other\n\n"),
        (Kind.TABLE, 0, "x\n\n"),
    ]


damage = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6)
WHOLE = {"a.xls": xls(S=[["a", "b"], [1, "c"]] * 20), "a.xlsx": xlsx(S=[["a", "b"], [1, "c"]] * 20)}


@pytest.fixture(scope="module")
def read_apart() -> Iterator[Callable[[Path], None]]:
    """Reads files in a worker process, as the server does: some damage makes the library end its process."""
    pool = ParsePool(memory_mb=512, timeout_s=20)

    async def parse(path: Path) -> None:
        async for _ in pool.parse(path, name=path.name, method="naive", config={}):
            pass

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        yield lambda path: runner.run(parse(path))
        runner.run(pool.close())


def spoil(name: str, changes: list[tuple[float, bytes]]) -> bytes:
    content = bytearray(WHOLE[name])
    for place, replacement in changes:
        start = int(place * len(content))
        content[start : start + len(replacement)] = replacement
    return bytes(content)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), damage)
def test_damaged_spreadsheet_is_read_or_refused_in_our_words(
    read_apart: Callable[[Path], None], name: str, changes: list[tuple[float, bytes]]
) -> None:
    with TemporaryDirectory() as folder, suppress(IngestError):
        path = save(Path(folder), name, spoil(name, changes))
        read_apart(path)
        # What a worker survives, this process survives as well.
        run(path)


def test_worker_is_ended_by_a_cell_at_the_end_of_the_world_and_the_next_file_is_read(
    read_apart: Callable[[Path], None], tmp_path: Path
) -> None:
    # The first cell's column becomes 65,535: the library makes a rectangle of all rows and columns.
    place = WHOLE["a.xls"].index(b"\xfd\x00\x0a\x00") + 4
    far = bytearray(WHOLE["a.xls"])
    far[place : place + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(IngestError, match="The parser"):
        read_apart(save(tmp_path, "far.xls", bytes(far)))
    read_apart(save(tmp_path, "good.xls", WHOLE["a.xls"]))


def test_html4excel_is_obeyed(tmp_path: Path) -> None:
    path = save(tmp_path, "a.xlsx", xlsx(S=[["a", "b"], [1, "x & y"]]))
    table = "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td>x &amp; y</td></tr>\n</table>\n\n"
    assert read_blocks(path, html4excel=True) == [(Kind.HEADING, 1, "S\n\n"), (Kind.TABLE, 0, table)]


def test_table_method_gets_one_markdown_table_of_a_long_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["n", "m"], *([number, -number] for number in range(1200))]
    text = "".join(text for _, _, text in read_blocks(save(tmp_path, "a.xlsx", xlsx(S=rows)), "table"))
    expected = "".join(f"| {a} | {b} |\n" for a, b in rows).replace("m |\n", "m |\n| --- | --- |\n", 1)
    assert text == f"S\n\n{expected}\n"


def test_sheet_that_spans_too_much_is_refused(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    path = save(tmp_path, "a.xlsx", by_hand(f'<worksheet xmlns="{MAIN}"><sheetData>{far}</sheetData></worksheet>'))
    with pytest.raises(
        IngestError, match="A sheet spans 1048576 rows and 16384 columns, more than the limit of 10 mil"
    ):
        run(path)


def test_document_type_is_refused(tmp_path: Path) -> None:
    sheet = f'<!DOCTYPE x [<!ENTITY e "boom">]><worksheet xmlns="{MAIN}"/>'
    with pytest.raises(IngestError, match="declares an XML document type"):
        run(save(tmp_path, "a.xlsx", by_hand(sheet)))


@pytest.mark.parametrize("ending", [".xlsx", ".xls"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"text", "is not a spreadsheet: its content looks like plain text"),
        (b"", "The file is empty"),
        (xlsx(S=[["a"]])[:-30], "The spreadsheet archive is damaged"),
        (archive({"a.xml": "<a/>"}), "The spreadsheet is damaged or of an unknown kind"),
        (archive({"xl/workbook.xml": b" " * 300_000_000}), "would unpack to 286 MB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "The spreadsheet is damaged"),
        (by_hand("<worksheet><sheetData><row>"), "spreadsheet is damaged"),
    ],
)
def test_other_content_is_refused_in_our_words(content: bytes, sentence: str, ending: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, f"a{ending}", content))
    assert sentence in error.value.sentence


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFD), max_size=8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=5))
def test_every_cell_of_any_sheet_is_in_the_text_in_order(rows: list[list[str]]) -> None:
    plain = [[f"x{cell}" for cell in row] for row in rows]  # not a formula
    with TemporaryDirectory() as folder:
        text = "".join(run(save(Path(folder), "a.xlsx", xlsx(S=plain)), chunk_token_num=10).contents)
    position = 0
    for cell in (" ".join(cell.split()) for row in plain for cell in row):
        assert (position := text.find(cell, position)) >= 0


def test_naive_name_of_a_sheet_stays_with_its_first_rows(tmp_path: Path) -> None:
    rows = [["port", "m"], ["Brest", 7], ["Cork", 4]]
    path = save(tmp_path, "a.xlsx", xlsx(Ports=rows, Harbours=rows))
    contents = run(path, chunk_token_num=12).contents
    assert ["Ports\n\nport; m\nport: Brest; m: 7\nport: Cork; m: 4\n\n", "Harbours\n\n"] == [
        contents[0],
        contents[1][:10],
    ]
