"""DOCX: structure as word processors write it, and archives made to do harm."""

import io
from pathlib import Path

import docx as python_docx
import pytest

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.docx import read
from knowflow_server.domain.ingest.readers.docx_styles import format_number
from tests.domain.ingest.files import WORD, archive, docx, run, save


def blocks(path: Path) -> list[Block]:
    items = read(Source(path, read_config({}), "smart"))
    return [block for item in items if not isinstance(item, Progress) for block in item]


def shown(path: Path) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in blocks(path)]


def text(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{content}</w:t></w:r></w:p>"


def test_document_of_a_word_processor_has_its_structure(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.add_heading("The title", 0)
    document.add_heading("Chapter", 1)
    document.add_paragraph("Tabs\tand  spaces stay.")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Bullet")
    document.add_heading("Section", 2)
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate([("a", "b|c"), ("d", "e")]):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    document.add_paragraph("")
    document.add_paragraph("Line one\nline two")
    document.save(str(tmp_path / "a.docx"))
    assert [(block.kind, block.level, block.text) for block in blocks(tmp_path / "a.docx")] == [
        (Kind.HEADING, 1, "The title\n\n"),
        (Kind.HEADING, 1, "Chapter\n\n"),
        (Kind.PARAGRAPH, 0, "Tabs\tand  spaces stay.\n\n"),
        (Kind.LIST, 0, "- first\n- second\n\n"),
        (Kind.HEADING, 2, "Section\n\n"),
        (Kind.TABLE, 0, "| a | b\\|c |\n| --- | --- |\n| d | e |\n\n"),
        (Kind.PARAGRAPH, 0, "Line one\nline two\n\n"),
    ]
    assert run(tmp_path / "a.docx", "manual", chunk_token_num=10).contents == [
        "The title\n\nChapter\n\nTabs\tand  spaces stay.\n\n",
        "- first\n- second\n\n",
        "Section\n\n",
        "| a | b\\|c |\n| --- | --- |\n",
        "| d | e |\n\n",
        "Line one\nline two\n\n",
    ]
    assert {(chunk.positions, chunk.page_number) for chunk in run(tmp_path / "a.docx").chunks} == {((), 0)}


def test_numbered_paragraphs_have_the_numbers_that_word_shows(tmp_path: Path) -> None:
    def level(depth: int, form: str, pattern: str, start: int = 1) -> str:
        values = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/>'
        return f'<w:lvl w:ilvl="{depth}">{values}</w:lvl>'

    levels = level(0, "decimal", "%1.", 3) + level(1, "lowerLetter", "%1.%2)") + level(2, "bullet", "o")
    numbering = f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    styles = f'<w:styles {WORD}><w:style w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    styles += '<w:style w:styleId="Sub"><w:name w:val="Mine"/><w:basedOn w:val="H"/></w:style></w:styles>'

    def item(content: str, depth: int, style: str = "") -> str:
        return text(content, f'{style}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="2"/></w:numPr>')

    body = item("a", 0) + item("b", 1) + item("c", 1) + item("d", 2) + item("e", 0) + item("f", 1)
    body += item("Title", 0, '<w:pStyle w:val="Sub"/>') + text("plain", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    path = save(tmp_path, "a.docx", docx(body, numbering=numbering, styles=styles))
    assert shown(path) == [
        (Kind.LIST, "3. a\n  3.a) b\n  3.b) c\n    - d\n4. e\n  4.a) f\n\n"),
        (Kind.HEADING, "5. Title\n\n"),
        (Kind.PARAGRAPH, "plain\n\n"),
    ]


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (27, "upperLetter", "AA"),
        (3, "decimal", "3"),
        (0, "lowerLetter", "0"),
    ],
)
def test_format_number_is_as_in_lists(number: int, form: str, expected: str) -> None:
    assert format_number(number, form) == expected


def test_only_visible_text_is_read(tmp_path: Path) -> None:
    runs = (
        "<w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> inserted</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t> link</w:t><w:noBreakHyphen/><w:tab/><w:t>end</w:t></w:r></w:hyperlink>"
    )
    assert shown(save(tmp_path, "a.docx", docx(f"<w:p>{runs}</w:p>"))) == [
        (Kind.PARAGRAPH, "kept inserted link-\tend\n\n")
    ]


def test_text_box_follows_its_paragraph_and_its_old_form_is_left_out(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{text('in the box')}</w:txbxContent>"
    forms = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    drawing = f'<mc:AlternateContent xmlns:mc="urn:mc">{forms}</mc:AlternateContent>'
    body = f"<w:p><w:r><w:t>around</w:t>{drawing}</w:r></w:p>"
    assert [content for _, content in shown(save(tmp_path, "a.docx", docx(body)))] == ["around\n\n", "in the box\n\n"]


def test_table_spans_inner_tables_and_frames_are_understood(tmp_path: Path) -> None:
    def cell(content: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell(text('x'))}{cell(text('y'))}</w:tr></w:tbl>"
    wide = cell(text("over two"), '<w:gridSpan w:val="2"/>')
    row = f"<w:tr>{cell(text('a') + inner)}{cell(text('b'))}</w:tr>"
    table = f"<w:tbl><w:tr>{wide}</w:tr><w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl>"
    frame = f"<w:tbl><w:tr>{cell(text('framed') + text('twice'))}</w:tr></w:tbl>"
    assert shown(save(tmp_path, "a.docx", docx(table + frame))) == [
        (Kind.TABLE, "| over two |  |\n| --- | --- |\n| a x y | b |\n\n"),
        (Kind.PARAGRAPH, "framed\n\n"),
        (Kind.PARAGRAPH, "twice\n\n"),
    ]


def test_footnotes_come_last(tmp_path: Path) -> None:
    notes = f'<w:footnote w:type="separator">{text("---")}</w:footnote><w:footnote>{text("note")}</w:footnote>'
    part = f"<w:footnotes {WORD}>{notes}</w:footnotes>"
    path = save(tmp_path, "a.docx", docx(text("body"), footnotes=part))
    assert [content for _, content in shown(path)] == ["body\n\n", "note\n\n"]


def test_main_part_is_found_by_its_relation(tmp_path: Path) -> None:
    relations = '<Relationships><Relationship Type="http://x/officeDocument" Target="/word/other.xml"/></Relationships>'
    body = f"<w:document {WORD}><w:body>{text('found')}</w:body></w:document>"
    path = save(tmp_path, "a.docx", archive({"_rels/.rels": relations, "word/other.xml": body}))
    assert shown(path) == [(Kind.PARAGRAPH, "found\n\n")]


def test_long_document_is_read_in_parts_with_progress(tmp_path: Path) -> None:
    count = 15_000
    path = save(
        tmp_path, "a.docx", docx("".join(text(f"{index:05} " + chr(97 + index % 26) * 40) for index in range(count)))
    )
    result = run(path)
    assert "".join(result.contents).count("\n\n") == count
    assert result.messages == ["Read 74% of the document.", "Made 59 chunks."]


def test_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.docx", archive({"word/document.xml": b" " * 300_000_000}))
    with pytest.raises(IngestError, match="would unpack to 286 MB, more than the limit of 256 MB"):
        run(path)


def test_archive_that_grows_too_many_times_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.docx", archive({"word/document.xml": b" " * 20_000_000}))
    with pytest.raises(IngestError, match=r"would unpack to \d+ times its size, more than 200 times"):
        run(path)


def test_archive_with_too_many_entries_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.docx", archive({str(index): "" for index in range(10_001)}))
    with pytest.raises(IngestError, match="has 10001 entries, more than the limit of 10000"):
        run(path)


@pytest.mark.parametrize(
    "declaration",
    ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', '<!DOCTYPE x [<!ENTITY e "boom">]>', "<!DOCTYPE x>"],
)
def test_document_type_and_so_every_entity_is_refused(declaration: str, tmp_path: Path) -> None:
    body = f"{declaration}<w:document {WORD}><w:body>{text('&e;')}</w:body></w:document>"
    with pytest.raises(IngestError, match="declares an XML document type"):
        run(save(tmp_path, "a.docx", archive({"word/document.xml": body})))


def test_deeply_nested_document_is_refused(tmp_path: Path) -> None:
    body = "<w:p>" * 100_000 + "</w:p>" * 100_000
    with pytest.raises(IngestError, match="nested more than 100 levels deep"):
        run(save(tmp_path, "a.docx", docx(body)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"just text", "ends in .docx but is not a DOCX document: its content looks like plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "looks like an old or password-protected Office file"),
        (b"", "The file is empty"),
        (b"PK\x03\x04 and nothing more", "The DOCX archive is damaged and cannot be unpacked"),
        (docx(text("cut"))[:-30], "The DOCX archive is damaged and cannot be unpacked"),
        (docx("<w:p>"), "holds invalid XML"),
        (archive({"word/document.xml": '<?xml version="1.0" encoding="none"?><a/>'}), "XML in an unknown encoding"),
        (archive({"xl/workbook.xml": "<a/>"}), "is not a DOCX document: the archive holds no document text"),
    ],
)
def test_other_content_is_refused_in_our_words(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, "a.docx", content))
    assert sentence in error.value.sentence


def test_damaged_entry_is_refused(tmp_path: Path) -> None:
    whole = bytearray(docx("".join(text(str(number)) for number in range(2000))))
    whole[200:260] = bytes(60)
    with pytest.raises(IngestError, match=r"damaged|invalid XML"):
        run(save(tmp_path, "a.docx", bytes(whole)))


def test_encrypted_archive_is_refused(tmp_path: Path) -> None:
    whole = docx(text("secret"))
    entry = whole.index(b"PK\x01\x02")
    protected = io.BytesIO(whole)
    protected.seek(entry + 8)
    protected.write(b"\x01\x00")
    with pytest.raises(IngestError, match="The DOCX file is encrypted; upload it without a password"):
        run(save(tmp_path, "a.docx", protected.getvalue()))
