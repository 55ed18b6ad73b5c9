"""What holds for every method which writes its contents anew, whatever the document."""

import re
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS, REWRITING
from knowflow_server.domain.ingest.config import MAX_CHUNK_TOKENS, read_config
from tests.domain.ingest.files import count_words

LINES = [
    "Q: Why so?\n", "A: Because.\n", "1. Who is it?\n", "2. plain\n", "left\tright\n", "left, right\n", '"a, b", c\n',
    "| one | two |\n", "| --- | --- |\n", "| three \\| four | five |\n", "| six | seven | eight |\n", "|  | nine |\n",
    "text without end", "\n", " \n", "# Heading\n", "## Lower ##\n", "Title\n===\n", "**Q: bold?**\n", "word " * 30,
    "问题：什么？\n", "答案：这个。\n", "question,answer\n", "a,b,c\n", "|", ",", "\t", "\\", "\u2028", "long " * 3000,
]  # fmt: skip
texts = st.lists(st.sampled_from(LINES), max_size=8).map("".join)
blocks = st.lists(
    st.builds(lambda kind, text, level: Block(kind, text, level if kind is Kind.HEADING else 0),
              st.sampled_from(list(Kind)), texts, st.integers(1, 6)),
    max_size=12,
)  # fmt: skip
methods = st.sampled_from(sorted(REWRITING))


def parted(document: list[Block]) -> list[Block]:
    """Return the blocks as readers make them: the white space which parts two stands at the end of the first one."""
    ends = [block.text if block.text[-1:].isspace() else f"{block.text}\n" for block in document[:-1]]
    return [replace(block, text=text) for block, text in zip(document, ends, strict=False)] + document[-1:]


def chunk(method: str, document: Sequence[Block], **config: object) -> list[Content]:
    chunker = CHUNKERS[method](read_config(config), count_words)
    return [*chunker.feed(document), *chunker.finish()]


def words(text: str) -> list[str]:
    """The words of a text without the marks which the methods leave out."""
    return re.findall(r"\w{3,}", text)


@settings(max_examples=150, deadline=None)
@given(blocks, methods, st.integers(1, 20))
def test_chunker_any_blocks_sources_are_the_document_in_order(document: list[Block], method: str, limit: int) -> None:
    contents = chunk(method, document, chunk_token_num=limit)
    text = "".join(block.text for block in document)
    source = "".join(content.text if content.source is None else content.source for content in contents)
    assert text.startswith(source)
    assert not text[len(source) :].strip()
    assert all(content.text.strip() for content in contents)
    assert [content.tokens for content in contents] == count_words([content.text for content in contents])
    assert all(content.tokens <= MAX_CHUNK_TOKENS for content in contents)


@settings(max_examples=150, deadline=None)
@given(blocks.map(parted), methods)
def test_chunker_any_blocks_no_word_of_a_source_is_lost(document: list[Block], method: str) -> None:
    group: list[str] = []
    source = ""
    for content in [*chunk(method, document), Content("", 0, "end")]:
        if content.source == "":
            group.append(content.text)
            continue
        missing = set(words(source)) - set(words(" ".join(group)))
        assert not missing - {"question", "answer", "Question", "Answer", "end", "问题", "答案"}, (source, group)
        source = content.text if content.source is None else content.source
        group = [content.text, *content.keywords, *content.questions, *content.headings]
