"""Each chunking method on small documents, with chunks written by hand. A token is a word here."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS
from knowflow_server.domain.ingest.chunkers.naive import DelimiterSplitter
from knowflow_server.domain.ingest.config import read_config
from tests.domain.ingest.files import count_words, run, save

HEADING, TEXT, LIST, TABLE, CODE = Kind.HEADING, Kind.PARAGRAPH, Kind.LIST, Kind.TABLE, Kind.CODE


def chunk(method: str, *blocks: tuple[Kind, str], **config: object) -> list[str]:
    """Feed the blocks one by one, as a reader may."""
    chunker = CHUNKERS[method](read_config(config), count_words)
    contents = [content for kind, text in blocks for content in chunker.feed([Block(kind, text)])]
    contents += chunker.finish()
    assert "".join(content.text for content in contents) == "".join(text for _, text in blocks)
    return [content.text for content in contents]


def test_naive_lines_are_merged_up_to_the_limit(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "one two\nthree four\n\nfive six seven\neight\n")
    assert run(path, chunk_token_num=4).contents == ["one two\nthree four\n\n", "five six seven\neight\n"]
    assert run(path, chunk_token_num=5).contents == ["one two\nthree four\n\n", "five six seven\neight\n"]
    assert run(path, chunk_token_num=3).contents == ["one two\n", "three four\n\n", "five six seven\n", "eight\n"]
    assert run(path, chunk_token_num=8).contents == ["one two\nthree four\n\nfive six seven\neight\n"]


def test_naive_delimiter_of_two_characters_backslash_n_is_a_line_feed(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "nine nouns\nnot nine")
    assert run(path, chunk_token_num=2, delimiter=r"\n").contents == ["nine nouns\n", "not nine"]


def test_naive_each_character_of_the_delimiter_cuts_and_stays_with_the_piece_before(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "a b;c d!e f\ng")
    assert run(path, chunk_token_num=2, delimiter=";!").contents == ["a b;", "c d!", "e f\n", "g"]


def test_naive_delimiter_in_back_quotes_cuts_as_a_whole(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "a # b ## c d ## e")
    assert run(path, chunk_token_num=4, delimiter="`##`").contents == ["a # b ##", " c d ## e"]


def test_naive_piece_above_the_limit_is_cut_between_sentences_then_words(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "A short one. Then four words more. And this sentence has far too many words.")
    assert run(path, chunk_token_num=4).contents == [
        "A short one. ",
        "Then four words more. ",
        "And this sentence has ",
        "far too many words.",
    ]


def test_naive_word_above_the_limit_is_cut_between_characters(tmp_path: Path) -> None:
    def count_letters(texts: Sequence[str]) -> list[int]:
        return [sum(not character.isspace() for character in text) for text in texts]

    path = save(tmp_path, "a.txt", "abcdefghij kl")
    contents = run(path, count_tokens=count_letters, chunk_token_num=4).contents
    assert all(count <= 4 for count in count_letters(contents))
    assert len(contents) == 4


def test_naive_blank_pieces_join_the_chunk_before_and_at_the_beginning_the_first(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "\n \n\none\n\n\n\ntwo\n\n")
    assert run(path, chunk_token_num=1).contents == ["\n \n\none\n\n\n\n", "two\n\n"]


def test_naive_table_is_a_chunk_of_its_own() -> None:
    blocks = [(TEXT, "a b\n"), (TABLE, "| c |\n| --- |\n| d |\n\n"), (TEXT, "\n"), (TEXT, "e\n")]
    assert chunk("naive", *blocks) == ["a b\n", "| c |\n| --- |\n| d |\n\n\n", "e\n"]


def test_naive_table_above_the_limit_is_cut_between_rows_and_only_a_row_above_it_inside() -> None:
    table = "| a |\n| --- |\n| b c |\n| d |\n| e f g h i |\n"
    expected = ["| a |\n| --- |\n", "| b c |\n", "| d |\n| e f ", "g h i |\n"]
    assert chunk("naive", (TABLE, table), chunk_token_num=6) == expected


def test_naive_blocks_do_not_matter_where_the_delimiter_does_not_cut() -> None:
    blocks = [(HEADING, "a\n"), (TEXT, "b. c"), (TEXT, "d\n"), (LIST, "e")]
    assert chunk("naive", *blocks, delimiter=".", chunk_token_num=2) == ["a\nb.", " cd\ne"]


def test_splitter_text_in_parts_is_cut_as_if_it_were_whole() -> None:
    splitter = DelimiterSplitter(("<->", "--", "-"))
    pieces = [piece for part in ("a<", "->b-", "-c-d<-", "e") for piece in splitter.feed(part)]
    assert pieces + splitter.flush() == ["a<->", "b--", "c-", "d<-", "e"]


def test_smart_heading_begins_a_chunk_once_ten_tokens_are_there() -> None:
    blocks = [(HEADING, "Title\n"), (HEADING, "First\n"), (TEXT, "one two three four five six seven eight\n")]
    blocks += [(HEADING, "Second\n"), (TEXT, "short\n"), (HEADING, "Third\n"), (TEXT, "text\n")]
    assert chunk("smart", *blocks) == [
        "Title\nFirst\none two three four five six seven eight\n",
        "Second\nshort\nThird\ntext\n",
    ]


def test_smart_blocks_are_appended_up_to_the_limit_and_kept_whole() -> None:
    blocks = [(TEXT, "a b c\n"), (LIST, "- d\n- e\n"), (TABLE, "| f |\n"), (CODE, "g h\n")]
    assert chunk("smart", *blocks, chunk_token_num=7) == ["a b c\n- d\n- e\n", "| f |\ng h\n"]


def test_smart_blocks_above_the_limit_are_cut_at_their_own_borders() -> None:
    code = "a b c d e\nf g h\ni j k\n"
    assert chunk("smart", (CODE, code), chunk_token_num=6) == ["a b c d e\n", "f g h\ni j k\n"]
    text = "One two three. Four five six. Seven."
    assert chunk("smart", (TEXT, text), chunk_token_num=4) == ["One two three. ", "Four five six. Seven."]
    table = "| a | b |\n| --- | --- |\n| c | d |\n| e | f |\n"
    assert chunk("smart", (TABLE, table), chunk_token_num=10) == [
        "| a | b |\n| --- | --- |\n",
        "| c | d |\n| e | f |\n",
    ]


def test_smart_paragraph_below_a_heading_is_cut_rather_than_parted_from_it() -> None:
    blocks = [(HEADING, "The heading\n"), (TEXT, "One two three. Four five six.\n")]
    assert chunk("smart", *blocks, chunk_token_num=6) == ["The heading\nOne two three. ", "Four five six.\n"]


def test_manual_each_section_is_a_chunk() -> None:
    blocks = [(TEXT, "intro\n"), (HEADING, "A\n"), (HEADING, "A.1\n"), (TEXT, "a b\n"), (TEXT, "c\n"), (HEADING, "B\n")]
    assert chunk("manual", *blocks) == ["intro\n", "A\nA.1\na b\nc\n", "B\n"]


def test_manual_section_above_the_limit_is_cut_and_tables_stand_alone() -> None:
    blocks = [(HEADING, "A\n"), (TEXT, "b c d\n"), (TEXT, "e f\n"), (TABLE, "| g |\n"), (TEXT, "h\n")]
    assert chunk("manual", *blocks, chunk_token_num=4) == ["A\nb c d\n", "e f\n", "| g |\n", "h\n"]


def test_manual_section_never_exceeds_1024_tokens() -> None:
    contents = chunk("manual", *[(TEXT, "word " * 100 + "\n")] * 21, chunk_token_num=2048)
    assert [count_words([content])[0] for content in contents] == [1000, 1000, 100]


def test_one_document_is_one_chunk_whatever_its_size(tmp_path: Path) -> None:
    text = " \n# A\n\n" + "word " * 3000 + "\n\n| a |\n|---|\n\n"
    path = save(tmp_path, "a.md", text)
    assert run(path, "one", chunk_token_num=10).contents == [text]


@pytest.mark.parametrize("method", CHUNKERS)
@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n", "\u3000\u2028\x1c"])
def test_every_method_blank_document_has_no_chunks(method: str, text: str, tmp_path: Path) -> None:
    assert run(save(tmp_path, "a.txt", text), method).contents == []
    assert run(save(tmp_path, "a.md", text), method).contents == []


def test_counts_that_do_not_add_up_are_counted_again(tmp_path: Path) -> None:
    def count_odd(texts: Sequence[str]) -> list[int]:
        """Words, but `;x` costs three more: the pieces fit together, what they join to does not."""
        return [len(text.split()) + 3 * text.count(";x") for text in texts]

    path = save(tmp_path, "a.txt", "a;x;x;b;")
    assert run(path, count_tokens=count_odd, delimiter=";", chunk_token_num=3).contents == ["a;", "x;", "x;", "b;"]
    assert run(path, count_tokens=count_odd, delimiter=";", chunk_token_num=4).contents == ["a;x;", "x;b;"]


RULED = "| port | m |\n| --- | --- |\n| Brest | 7 |\n| Cork | 4 |\n\n"


@pytest.mark.parametrize("method", ["naive", "smart"])
@pytest.mark.parametrize("above", [True, False])
def test_caption_stays_with_its_table(method: str, above: bool, tmp_path: Path) -> None:
    caption = "Table 1: Heights of tides at the coast\n\n"
    table = caption + RULED if above else RULED + caption
    text = "Some words come before it all here.\n\n" + table + "Some words come after it all here.\n"
    result = run(save(tmp_path, "a.md", text), method, chunk_token_num=34)
    [chunk] = [content for content in result.contents if "Brest" in content]
    assert caption in chunk


def test_naive_heading_above_a_table_stays_with_its_first_rows(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.md", "Words.\n\n# Ports\n\n" + RULED), chunk_token_num=16)
    assert [True] == ["| port | m |" in content for content in result.contents if "# Ports" in content]
