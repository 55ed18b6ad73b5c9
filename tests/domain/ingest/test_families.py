"""Parents and children: small documents with families written by hand, and what holds for every document."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.families import child_contents, make_families
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS, REWRITING
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.parent_child import ParentChild, read_parent_child
from tests.domain.ingest.files import PdfPage, PdfText, count_words, paragraph, pdf, run, save

TEXT, LIST, TABLE = Kind.PARAGRAPH, Kind.LIST, Kind.TABLE
CUTTING = sorted(CHUNKERS.keys() - REWRITING)


def head(text: str, level: int = 1) -> Block:
    return Block(Kind.HEADING, text + "\n", level)


def words(count: int, word: str = "w") -> Block:
    return Block(TEXT, " ".join([word] * count) + "\n")


def families(method: str, blocks: Sequence[Block], child: int, parent: int, step: int = 1) -> list[Content]:
    """Feed the blocks some at a time, as a reader may."""
    chunker = make_families(method, CHUNKERS[method], ParentChild(child, parent), read_config({}), count_words)
    found = [content for n in range(0, len(blocks), step) for content in chunker.feed(blocks[n : n + step])]
    return found + chunker.finish()


def shape(contents: Sequence[Content]) -> list[list[str]]:
    """The first word of each child of each parent, with its number of words; a plain content is a list of one."""
    return [[f"{part.text.split()[0]} {part.tokens}" for part in content.children or [content]] for content in contents]


def test_a_parent_is_the_largest_section_that_fits() -> None:
    blocks = [head("A"), words(11, "a"), head("A1", 2), words(11, "b"), head("A2", 2), words(11, "c")]
    blocks += [head("B"), words(11, "d"), head("B1", 2), words(11, "e")]
    assert shape(families("smart", blocks, 12, 100)) == [["A 12", "A1 12", "A2 12"], ["B 12", "B1 12"]]


def test_a_section_above_the_limit_is_cut_before_its_highest_headings_as_late_as_possible() -> None:
    blocks = [head("A"), words(11), head("A1", 2), words(11), head("x", 3), words(11), head("A2", 2), words(11)]
    blocks += [head("y", 3), words(11), head("z", 3), words(11)]
    assert shape(families("smart", blocks, 12, 48)) == [["A 12", "A1 12", "x 12"], ["A2 12", "y 12", "z 12"]]
    # Without room for A2 with both of its parts, these are cut in their turn.
    assert shape(families("smart", blocks, 12, 24)) == [["A 12"], ["A1 12", "x 12"], ["A2 12", "y 12"], ["z 12"]]


def test_a_section_without_headings_is_cut_between_children() -> None:
    assert shape(families("smart", [head("A"), *[words(6)] * 5], 6, 20)) == [
        ["A 1", "w 6", "w 6", "w 6"],
        ["w 6", "w 6"],
    ]


def test_small_sections_stay_with_the_next_of_their_rank_but_not_with_a_higher_one() -> None:
    blocks = [head("A"), head("A1", 2), words(10, "a"), head("A2", 2), words(10, "b"), head("B"), words(10, "c")]
    assert shape(families("smart", blocks, 40, 200)) == [["A 12", "A2 11", "B 11"]]
    assert shape(families("smart", blocks, 20, 200)) == [["A 12", "A2 11"], ["B 11"]]
    under = [head("A"), words(20), head("A1", 2), words(10), head("B"), words(12)]
    assert shape(families("smart", under, 21, 200)) == [["A 21", "A1 11"], ["B 13"]]


def test_children_know_the_headings_above_them() -> None:
    blocks = [head("Part"), head("One", 2), words(12), words(12), head("Two", 2), words(12)]
    [parent] = families("smart", blocks, 14, 100)
    assert [child.headings for child in parent.children] == [("Part", "One"), ("Part", "One"), ("Part", "Two")]
    assert parent.headings == ("Part", "One")


def test_a_parent_of_one_child_is_that_child() -> None:
    [content] = families("smart", [head("A"), words(5)], 10, 100)
    assert (content.text, content.children) == ("A\nw w w w w\n", ())


def test_naive_children_begin_with_headings() -> None:
    blocks = [head("A"), words(12), head("B"), words(30)]
    assert shape(families("naive", blocks, 20, 60)) == [["A 13", "B 20", "w 11"]]
    assert shape(families("naive", blocks, 12, 60)) == [["A 1", "w 12"], ["B 12", "w 12", "w 7"]]


def test_tables_stay_whole_in_a_child_of_their_own() -> None:
    table = "| a | b |\n| --- | --- |\n| c | d |\n"
    [parent] = families("naive", [head("A"), words(12), Block(TABLE, table), words(12)], 20, 100)
    assert [child.text for child in parent.children][1] == table


def test_numbered_articles_are_sections_although_no_style_marks_them(tmp_path: Path) -> None:
    articles = "".join(f"Article {n}\n\n{'word ' * 20}\n\n{'more ' * 20}\n\n" for n in range(1, 4))
    path = save(tmp_path, "law.txt", articles)
    tiers = {"use_parent_child": True, "child_token_num": 22, "parent_token_num": 100}
    chunks = run(path, "laws", parent_child=tiers).chunks
    assert [chunk.content.split("\n")[0] for chunk in chunks] == ["Article 1", "Article 2", "Article 3"]
    assert [len(chunk.children) for chunk in chunks] == [2, 2, 2]
    assert [child.headings for child in chunks[1].children] == [("Article 2",)] * 2


def test_one_and_pages_keep_their_chunks_as_parents(tmp_path: Path) -> None:
    tiers = {"use_parent_child": True, "child_token_num": 5, "parent_token_num": 6}
    [whole] = run(save(tmp_path, "a.txt", "One two three. Four five six. Seven."), "one", parent_child=tiers).chunks
    assert [child.content for child in whole.children] == ["One two three. ", "Four five six. Seven."]
    pages = save(
        tmp_path, "a.pdf", pdf([PdfPage(paragraph("First page", "one two three four")), PdfPage([PdfText("Second")])])
    )
    first, second = run(pages, "presentation", parent_child=tiers).chunks
    assert [first.page_number, second.page_number] == [1, 2]
    assert len(first.children) == 2
    assert second.children == ()


def test_methods_which_write_entries_anew_have_no_children(tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", "question,answer\nWhy?,Because.\n")
    result = run(path, "qa", parent_child={"use_parent_child": True, "child_token_num": 1})
    assert all(chunk.children == () for chunk in result.chunks)
    assert "The method qa keeps its entries whole; parent_child changes nothing." in result.messages


def test_positions_of_a_parent_are_those_of_its_children_joined(tmp_path: Path) -> None:
    lines = [PdfText(f"line {n} of the only page", y=700 - 30 * n) for n in range(6)]
    path = save(tmp_path, "a.pdf", pdf([PdfPage(lines), PdfPage([PdfText("the second page")])]))
    tiers = {"use_parent_child": True, "child_token_num": 12, "parent_token_num": 100}
    [parent] = run(path, "smart", parent_child=tiers).chunks
    assert [child.page_number for child in parent.children] == [1, 1, 1, 2]
    page = [child.positions[0] for child in parent.children[:3]]
    tops, bottoms = [box[3] for box in page], [box[4] for box in page]
    assert tops == sorted(tops)
    assert parent.positions[0] == (1.0, min(b[1] for b in page), max(b[2] for b in page), tops[0], bottoms[-1])
    assert parent.positions[1] == parent.children[3].positions[0]


@pytest.mark.parametrize(
    ("config", "method", "expected"),
    [
        ({}, "smart", None),
        ({"layout_recognize": "mineru"}, "smart", ParentChild(256, 1024)),
        ({"layout_recognize": " DOTS "}, "smart", ParentChild(256, 1024)),
        ({"layout_recognize": "mineru"}, "naive", None),
        ({"layout_recognize": "mineru", "parent_child": {"use_parent_child": False}}, "smart", None),
        ({"layout_recognize": "mineru", "parent_child": {"child_token_num": 64}}, "smart", ParentChild(64, 1024)),
        ({"parent_child": {"use_parent_child": True, "parent_token_num": 100.0}}, "book", ParentChild(256, 256)),
        ({"parent_child": {"child_token_num": 64}}, "smart", None),
        ({"parent_child": None}, "smart", None),
        ({"parent_child": {"use_parent_child": True, "child_token_num": "x"}}, "one", ParentChild(256, 1024)),
    ],
)  # fmt: skip
def test_read_parent_child(config: dict[str, Any], method: str, expected: ParentChild | None) -> None:
    assert read_parent_child(config, method) == expected


TEXTS = [
    "\n",
    " \n",
    "one two three\n",
    "word " * 30 + "\n",
    "Article 1\n",
    "Chapter II\n",
    "- a\n- b\n",
    "x",
    "# A\n",
    "漢字。",
]
blocks_strategy = st.lists(
    st.builds(
        lambda kind, text, level: Block(kind, text, level if kind is Kind.HEADING else 0),
        st.sampled_from(list(Kind)),
        st.lists(st.sampled_from(TEXTS), max_size=4).map("".join),
        st.integers(1, 4),
    ),
    max_size=24,
)


@settings(max_examples=200, deadline=None)
@given(blocks_strategy, st.sampled_from(CUTTING), st.integers(1, 40), st.integers(0, 80), st.integers(1, 5))
def test_families_of_any_blocks(blocks: list[Block], method: str, child: int, more: int, step: int) -> None:
    contents = families(method, blocks, child, child + more, step)
    text = "".join(block.text for block in blocks)
    # Lossless and in order, in both tiers; each child is in one parent, and covers a part of it.
    assert "".join(content.text for content in contents) == (text if text.strip() else "")
    for content in contents:
        assert content.text.strip()
        assert content.tokens == count_words([content.text])[0]
        if content.children:
            assert len(content.children) > 1
            assert "".join(part.text for part in content.children) == content.text
            assert all(part.text.strip() for part in content.children)
        if method not in {"one", "picture", "presentation"}:
            assert content.tokens <= child + more
        for part in content.children or ([content] if method != "one" else []):
            assert part.tokens <= child or len(part.text.strip()) == 1
            assert part.tokens == count_words([part.text])[0]
            assert part.children == ()


@settings(max_examples=100, deadline=None)
@given(blocks_strategy, st.sampled_from(CUTTING), st.integers(1, 40), st.integers(0, 80))
def test_families_do_not_depend_on_how_blocks_arrive(blocks: list[Block], method: str, child: int, more: int) -> None:
    at_once = families(method, blocks, child, child + more, max(len(blocks), 1))
    assert families(method, blocks, child, child + more) == at_once


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*TEXTS, "Sentence. "]), max_size=30).map("".join), st.integers(1, 20))
def test_child_contents_are_the_text(text: str, limit: int) -> None:
    contents = child_contents(text, limit=limit, count_tokens=count_words)
    assert "".join(content.text for content in contents) == (text if text.strip() else "")
    assert all(content.tokens <= limit for content in contents)
