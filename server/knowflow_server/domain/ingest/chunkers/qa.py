"""The qa method: each question with its answer is a chunk."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.entries import Entries, Head
from knowflow_server.domain.ingest.chunkers.rows import Row, block_rows, find_delimiter
from knowflow_server.domain.ingest.chunkers.titles import heading_title, is_title, one_line
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_MARKED = re.compile(
    r"\s*+(?:\*\*|__)?(?:(?:Q|Question|Frage|Pregunta|问题?|問題?)\s?\d{0,4}\s?[:：.)、]|第[零一二三四五六七八九十百\d]{1,6}[问題题])\s*+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*+(?:\*\*|__)?[（(]?\d{1,4}[.)）、:：]\s*+(?=\D)")
ANSWER = re.compile(
    r"\s*+(?:\*\*|__)?(?:A|Answer|Antwort|Respuesta|答案?)\s?\d{0,4}\s?[:：](?:\*\*|__)?\s*+", re.IGNORECASE
)
_QUESTION_END = ("?", "？", "?**", "？**", "?__", "？__")
_MOST_LINES = 4
_LONGEST_MARKED = 400
_LONGEST_QUESTION = 1_000  # a longer one is plain text with its answer
_QUESTION_LEVEL = 7  # a marked question stands below every heading
# Names of the two columns, which are no pair themselves.
_QUESTION_NAMES = frozenset({"question", "questions", "q", "问题", "问", "frage", "pregunta"})
_ANSWER_NAMES = frozenset({"answer", "answers", "a", "答案", "答", "回答", "antwort", "respuesta"})
# Lines of prose have a comma here and there; lines with tabs are seldom anything but rows.
_COMMA_SHARE = 0.5


def choose_qa(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Pairs | Columns | None":
    """Return the chunker for the form in which a document has its pairs; see `Choose`.

    Two columns are taken first where most of the text is in tables; then marked questions, unless there are more
    headings; then headings; then lines in two parts.
    """
    rows = [row for block in sample if block.kind is Kind.TABLE for row in block_rows(block, "") if not row.is_rule]
    in_tables = sum(len(block.text) for block in sample if block.kind is Kind.TABLE)
    if 2 * sum(map(_is_pair, rows)) >= len(rows) > 0 and 2 * in_tables > sum(len(block.text) for block in sample):
        return Columns("", config, count_tokens)
    marks = sum(question is not None for block in sample for question, _, _ in marked_questions(block))
    answered = sum(block.kind is Kind.HEADING and below.kind is not Kind.HEADING for block, below in pairwise(sample))
    if marks and marks >= answered:
        return Pairs(config, count_tokens, is_marked=True)
    if answered:
        return Pairs(config, count_tokens, is_marked=False)
    delimiter = find_delimiter(sample, lambda cells: len(cells) == 2 and all(cells), share=_COMMA_SHARE)
    return Columns(delimiter, config, count_tokens) if delimiter else None


class Columns:
    """Makes a pair of each row of two cells; any other row or line goes on with the answer before it.

    Args:
        delimiter: Parts the cells of a line; "" when the rows stand in tables.
        config: See `Entries`.
        count_tokens: Counts tokens.
    """

    def __init__(self, delimiter: str, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._delimiter = delimiter
        self._entries = Entries(config, count_tokens)
        self._is_first = True

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            if is_title(block):  # the name of a sheet
                self._entries.title(heading_title(block), source=block.text)
                self._is_first = True
                continue
            for row in block_rows(block, self._delimiter):
                self._add(row)
        return self._entries.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._entries.finish()

    def _add(self, row: Row) -> None:
        if self._is_first and _is_header(row.cells):
            self._entries.hold("\t".join(row.cells), source=row.source)
        elif _is_pair(row) and len(row.cells[0]) > _LONGEST_QUESTION:
            self._entries.begin(Head())
            self._entries.add("\n".join(row.cells), source=row.source)
        elif _is_pair(row):
            self._entries.begin(_head(row.cells[0]))
            self._entries.add(row.cells[1], source=row.source)
        else:
            text = " ".join(cell for cell in row.cells if cell)
            self._entries.add(f"\n{text}" if text else "", source=row.source)
        self._is_first = self._is_first and not any(row.cells)


class Pairs:
    """Makes a pair of each question, which is a heading or a marked line, and the text below it.

    The question begins with the headings above it. A heading with nothing but lower headings below it is not a pair.

    Args:
        config: See `Entries`.
        count_tokens: Counts tokens.
        is_marked: True when lines such as "Q: ..." are questions too.
    """

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter, *, is_marked: bool) -> None:
        self._is_marked = is_marked
        self._entries = Entries(config, count_tokens)
        self._chain: list[tuple[int, str]] = []
        self._is_open = False  # the entry under way is a question without an answer so far

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            if self._is_marked:
                for question, source, text in marked_questions(block):
                    self._add(question, source, text, block)
            elif is_title(block):
                self._ask(heading_title(block), block.level, block.text)
            else:
                self._answer(block.text, block.text)
        return self._entries.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._entries.finish()

    def _add(self, question: str | None, source: str, text: str, block: Block) -> None:
        if question is not None:
            self._ask(question, _QUESTION_LEVEL, source)
        elif is_title(block):
            self._ask(heading_title(block), block.level, source)
        else:
            self._answer(text, source)

    def _ask(self, title: str, level: int, source: str) -> None:
        mark = _MARKED.match(title)
        title = title[mark.end() if mark else 0 :] or title
        if not title:
            self._entries.add("", source=source)
            return
        is_below = bool(self._chain) and level > self._chain[-1][0]
        while self._chain and self._chain[-1][0] >= level:
            self._chain.pop()
        self._chain.append((level, title))
        head = _head(" > ".join(title for _, title in self._chain))
        if self._is_open and is_below:
            self._entries.replace(head, source=source)
        else:
            self._entries.begin(head, source=source)
        self._is_open = True

    def _answer(self, text: str, source: str) -> None:
        if self._is_open and text.strip():
            text = ANSWER.sub("", text, count=1) if ANSWER.match(text) else text
            self._is_open = False
        self._entries.add(text, source=source)


def _head(question: str) -> Head:
    return Head(f"Question: {question}\tAnswer: ", questions=(question,), is_whole=True)


def _is_pair(row: Row) -> bool:
    return len(row.cells) == 2 and all(row.cells)


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) == 2 and cells[0].lower() in _QUESTION_NAMES and cells[1].lower() in _ANSWER_NAMES


def marked_questions(block: Block) -> list[tuple[str | None, str, str]]:
    """Return the parts of a block: a marked question or None, the part of the document, and its text.

    A question goes on to the line that ends with a question mark, if that is one of the next three. A number alone
    marks a question only where there is such a line.
    """
    if block.kind in {Kind.TABLE, Kind.CODE}:
        return [(None, block.text, block.text)]
    lines = re.findall(r"[^\n]*\n|[^\n]+", block.text)
    parts: list[tuple[str | None, str, str]] = []
    place = 0
    while place < len(lines):
        count, start = _question_lines(lines, place)
        source = "".join(lines[place : place + max(count, 1)])
        question = one_line(source[start:]).strip("*_ ") if count else None
        parts.append((question or None, source, source))
        place += max(count, 1)
    return parts


def _question_lines(lines: Sequence[str], place: int) -> tuple[int, int]:
    """Return how many lines the question at `place` has, 0 when there is none, and the length of its mark."""
    marked, numbered = _MARKED.match(lines[place]), _NUMBERED.match(lines[place])
    found = marked or numbered
    if found is None:
        return 0, 0
    for count, line in enumerate(lines[place : place + _MOST_LINES], 1):
        if count > 1 and (_MARKED.match(line) or _NUMBERED.match(line) or ANSWER.match(line) or not line.strip()):
            break
        if line.rstrip().endswith(_QUESTION_END):
            is_short = sum(map(len, lines[place : place + count])) <= _LONGEST_MARKED
            return (count, found.end()) if is_short else (0, 0)
    return (1, found.end()) if marked and len(lines[place]) <= _LONGEST_MARKED else (0, 0)
