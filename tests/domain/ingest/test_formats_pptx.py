"""PPTX."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.util import Pt

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import archive, read_blocks, run, save

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = f'xmlns:p="urn:p" xmlns:a="urn:a" xmlns:r="{RELATIONS}"'


def by_hand(*slides: str, declaration: str = "") -> bytes:
    """The parts that a PPTX needs, with this XML inside its slides."""
    ids = "".join(f'<p:sldId id="{256 + number}" r:id="r{number}"/>' for number in range(len(slides)))
    links = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/slide" Target="slides/s{number}.xml"/>'
        for number in range(len(slides))
    )
    return archive(
        {
            "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": f"<Relationships>{links}</Relationships>",
        }
        | {
            f"ppt/slides/s{number}.xml": f"{declaration}<p:sld {NAMES}><p:spTree>{slide}</p:spTree></p:sld>"
            for number, slide in enumerate(slides)
        }
    )


def shape(*paragraphs: str, placeholder: str = "") -> str:
    lines = "".join(f"<a:p>{paragraph}</a:p>" for paragraph in paragraphs)
    return f"<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def words(text: str, properties: str = "") -> str:
    return f"{properties}<a:r><a:t>{text}</a:t></a:r>"


def test_slides_of_a_program_have_their_structure_and_places(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "The title"
    first.placeholders[1].text = "Subtitle"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Points"
    frame = second.placeholders[1].text_frame
    frame.text = "one"
    for text, level in (("two", 0), ("deeper", 1)):
        line = frame.add_paragraph()
        line.text, line.level = text, level
    second.notes_slide.notes_text_frame.text = "Say hello.\nSmile."
    third = deck.slides.add_slide(deck.slide_layouts[6])
    cells = third.shapes.add_table(2, 2, Pt(72), Pt(36), Pt(200), Pt(50)).table
    for row, texts in enumerate([("a", "b|c"), ("d", "e")]):
        for column, text in enumerate(texts):
            cells.cell(row, column).text = text
    box = third.shapes.add_textbox(Pt(10), Pt(300), Pt(100), Pt(20))
    box.text_frame.text = "A box\vof text"
    deck.save(str(tmp_path / "a.pptx"))
    assert read_blocks(tmp_path / "a.pptx") == [
        (Kind.HEADING, 1, "The title\n\n"),
        (Kind.PARAGRAPH, 0, "Subtitle\n\n"),
        (Kind.HEADING, 1, "Points\n\n"),
        (Kind.LIST, 0, "- one\n- two\n  - deeper\n\n"),
        (Kind.PARAGRAPH, 0, "Notes: Say hello.\nSmile.\n\n"),
        (Kind.TABLE, 0, "| a | b\\|c |\n| --- | --- |\n| d | e |\n\n"),
        (Kind.PARAGRAPH, 0, "A box\nof text\n\n"),
    ]
    chunks = run(tmp_path / "a.pptx", chunk_token_num=16).chunks
    assert [(chunk.page_number, chunk.positions) for chunk in chunks][-2:] == [
        (3, ((3.0, 72.0, 272.0, 36.0, 86.0),)),
        (3, ((3.0, 10.0, 110.0, 300.0, 320.0),)),
    ]
    assert run(tmp_path / "a.pptx").messages[:3] == [f"Read slide {number} of 3." for number in (1, 2, 3)]


def test_bullets_numbers_groups_and_margins_are_understood(tmp_path: Path) -> None:
    title = shape(words("Last in the file"), placeholder='<p:ph type="title"/>')
    footer = shape(words("footer"), placeholder='<p:ph type="ftr"/>')
    numbers = [
        words(text, f'<a:pPr lvl="{level}"><a:buAutoNum/></a:pPr>')
        for text, level in (("a", 0), ("b", 1), ("c", 1), ("d", 0))
    ]
    plain = words("plain", "<a:pPr><a:buNone/></a:pPr>")
    group = f"<p:grpSp>{shape(words('grouped'), words('text'))}</p:grpSp>"
    choices = f"<mc:Choice>{shape(words('new'))}</mc:Choice><mc:Fallback>{shape(words('old'))}</mc:Fallback>"
    forms = f'<mc:AlternateContent xmlns:mc="urn:mc">{choices}</mc:AlternateContent>'
    body = shape(*numbers, plain, placeholder='<p:ph idx="1"/>')
    path = save(tmp_path, "a.pptx", by_hand(body + group + forms + footer + title))
    assert [text for _, _, text in read_blocks(path)] == [
        "Last in the file\n\n",
        "1. a\n  1. b\n  2. c\n2. d\n\n",
        "plain\n\n",
        "grouped\n\n",
        "text\n\n",
        "new\n\n",
    ]


def test_slide_without_text_yields_nothing(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.pptx", by_hand("", shape("", words(" ")), shape(words("x")))))
    assert [(chunk.content, chunk.page_number, chunk.positions) for chunk in result.chunks] == [("x\n\n", 3, ())]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"text", "is not a PPTX presentation: its content looks like plain text"),
        (archive({"a": "b"}), "The file is not a PPTX presentation: the archive holds no slides"),
        (by_hand("<p:grpSp>" * 500 + "</p:grpSp>" * 500), "nested more than 100 levels deep"),
        (by_hand(shape("<a:r>" * 500 + "</a:r>" * 500)), "nested more than 100 levels deep"),
        (by_hand("<p:sp>"), "The PPTX file holds invalid XML"),
        (by_hand("", declaration='<!DOCTYPE x [<!ENTITY e "boom">]>'), "declares an XML document type"),
        (by_hand("x" * 100 + "<p:sp/>" * 3_000_000), "would unpack to|larger than 16 MB"),
        (by_hand("x")[:-30], "The PPTX archive is damaged"),
    ],
)
def test_other_content_is_refused_in_our_words(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=sentence):
        run(save(tmp_path, "a.pptx", content))


texts = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFD), min_size=1), max_size=4)


@settings(max_examples=20, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3))
def test_every_text_of_any_presentation_is_there_in_order(slides: list[list[str]]) -> None:
    deck = pptx.Presentation()
    for lines in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        for line in lines:
            slide.shapes.add_textbox(0, 0, Pt(9), Pt(9)).text_frame.text = line
    buffer = io.BytesIO()
    deck.save(buffer)
    with TemporaryDirectory() as folder:
        text = "".join(run(save(Path(folder), "a.pptx", buffer.getvalue()), chunk_token_num=5).contents)
    position = 0
    for line in (line for lines in slides for line in lines if line.strip()):
        assert (position := text.find(line.strip(), position)) >= 0
