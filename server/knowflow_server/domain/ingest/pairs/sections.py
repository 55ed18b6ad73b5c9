"""Pairs of a text in blocks: what it asks and answers, and a question for each part of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from typing import Final

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.qa import ANSWER, marked_questions
from knowflow_server.domain.ingest.chunkers.rows import block_rows
from knowflow_server.domain.ingest.chunkers.titles import heading_title, is_title
from knowflow_server.domain.ingest.keywords import DocumentWords
from knowflow_server.domain.ingest.pairs.pair import Pair, is_question, key, plain
from knowflow_server.domain.ingest.pairs.wording import questions_for, vocabulary_of

# A part of prose in characters: about what an embedding model reads at once.
LONGEST_PART: Final = 1_500
# Less is a label, a date or a line of links.
LEAST_PART: Final = 40
KEYWORDS: Final = 3
# A line which asks stands below every heading.
_LINE_LEVEL: Final = 7
_LONGEST_LINE: Final = 200
# Of a section's text, what may be left over beside the pairs it holds, before it is taken for a section of its own.
_LEFT_OVER: Final = 0.2


@dataclass(slots=True)
class Section:
    """A question or a heading with the text below it.

    Attributes:
        title: The question or heading; empty at the beginning of a text.
        level: 1 to 6 of a heading, 7 of a line; 0 at the beginning of a text.
        is_asked: Whether the title is a question.
        texts: What stands below it, in order.
    """

    title: str = ""
    level: int = 0
    is_asked: bool = False
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, in paragraphs."""
        return plain("\n\n".join(self.texts))


def block_pairs(blocks: Iterable[Block], *, title: str, known: Iterable[Pair] = ()) -> Iterator[Pair]:
    """Yield the pairs of a document: first all that it asks, then those made for its other text.

    Args:
        blocks: The document.
        title: Its title, for text without a heading.
        known: Pairs that were found in other ways; text which they hold already is not asked about again.
    """
    written, sections = list(known), list[Section]()
    for section in _sections(blocks, written):
        if section.is_asked and section.text:
            written.append(Pair(section.title, section.text))
        elif not section.is_asked:
            sections.append(section)
    yield from written
    yield from _made(sections, title, {key(pair.question) for pair in written}, _lines_of(written))


def _sections(blocks: Iterable[Block], pairs: list[Pair]) -> Iterator[Section]:
    """Yield sections in order; rows of tables which are pairs go to `pairs`."""
    section = Section()
    for block in blocks:
        if is_title(block):
            name = heading_title(block)
            if section.is_asked and 1 < section.level < block.level and not is_question(name):
                # A part of the answer.
                section.texts.append(name)
                continue
            yield section
            section = Section(name, block.level, is_question(name))
        elif block.kind is Kind.TABLE:
            rest = [row for row in block_rows(block, "") if not row.is_rule and not _take_row(row.cells, pairs)]
            section.texts.append("\n".join(" | ".join(cell for cell in row.cells if cell) for row in rest))
        else:
            for question, _, text in marked_questions(block):
                line = question or (text.strip() if _is_asking_line(block, text) else "")
                if line:
                    yield section
                    section = Section(line, _LINE_LEVEL, is_asked=True)
                else:
                    is_answer = section.is_asked and not section.texts
                    section.texts.append(ANSWER.sub("", text, count=1) if is_answer and ANSWER.match(text) else text)
    yield section


def _is_asking_line(block: Block, text: str) -> bool:
    """Return whether a line is a paragraph of its own which asks something."""
    stripped = text.strip().strip("*_")
    whole = block.text.strip().strip("*_")
    return stripped == whole and len(stripped) <= _LONGEST_LINE and stripped.endswith(("?", "？")) and "\n" not in whole


def _take_row(cells: tuple[str, ...] | list[str], pairs: list[Pair]) -> bool:
    is_pair = len(cells) == 2 and is_question(cells[0]) and bool(cells[1].strip())
    if is_pair:
        pairs.append(Pair(cells[0], cells[1]))
    return is_pair


def _lines_of(pairs: Iterable[Pair]) -> set[str]:
    return {key(line) for pair in pairs for line in (pair.question, *pair.answer.splitlines()) if line}


def _made(sections: list[Section], title: str, taken: set[str], known: set[str]) -> Iterator[Pair]:
    """Yield pairs for sections that ask nothing."""
    kept = [(section, parts) for section in sections if (parts := _parts(_new_text(section.text, known)))]
    words = DocumentWords()
    for _, parts in kept:
        for part in parts:
            words.add(part)
    vocabulary = vocabulary_of("\n".join(part for _, parts in kept for part in parts))
    for section, parts in kept:
        for place, part in enumerate(parts):
            keywords = partial(words.keywords, part, (), KEYWORDS)
            found = questions_for(part, section.title, title, keywords, vocabulary, is_first=place == 0)
            # Another part of the same may be about the same words.
            numbered = (f"{section.title or title} ({number})?" for number in count(2))
            question = next(one for one in chain(found, numbered) if key(one) not in taken)
            taken.add(key(question))
            yield Pair(question, part, is_written=False)


def _new_text(text: str, known: set[str]) -> str:
    """Return a text without what the known pairs hold, where that is most of it."""
    lines = [line for line in text.splitlines() if key(line) not in known]
    rest = "\n".join(lines)
    return rest if len(rest) <= _LEFT_OVER * len(text) else text


def _parts(text: str) -> list[str]:
    """Cut a text at its paragraphs, or lines where those are too long."""
    parts, part = list[str](), ""
    for paragraph in text.split("\n\n"):
        for piece in _pieces(paragraph):
            if part and len(part) + len(piece) > LONGEST_PART:
                parts.append(part)
                part = ""
            part = f"{part}\n\n{piece}" if part else piece
    if len(part) < LEAST_PART and parts:
        parts[-1] += f"\n\n{part}" if part else ""
    else:
        parts.append(part)
    return [one for one in parts if len(one) >= LEAST_PART]


def _pieces(paragraph: str) -> Iterator[str]:
    piece = ""
    for line in paragraph.split("\n"):
        if piece and len(piece) + len(line) > LONGEST_PART:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    while len(piece) > 2 * LONGEST_PART:
        # A paragraph on one line: cut after a sentence.
        end = max(piece.rfind(mark, 0, LONGEST_PART) + len(mark) for mark in (". ", "? ", "! ", "。"))
        end = end if end > LONGEST_PART // 2 else LONGEST_PART
        yield piece[:end].strip()
        piece = piece[end:]
    if piece.strip():
        yield piece.strip()
