"""The paper method: title and authors, the abstract, sections and references apart from each other."""

import re
from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.outline import Line, Outline, find_outline, rank_counts
from knowflow_server.domain.ingest.chunkers.sections import Sections
from knowflow_server.domain.ingest.chunkers.titles import one_line
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_MARKS = r"\A[#*_\s]*(?:\d{1,2}\.?\s+|[IVX]{1,5}\.\s+)?"
_ABSTRACT = re.compile(
    _MARKS + r"(abstract|summary|摘\s*要|zusammenfassung|résumé|resumen)[*_]*(?:\s*\Z|\s*[.:：—–-])", re.IGNORECASE
)
_REFERENCES = re.compile(
    _MARKS + r"(references|bibliography|works cited|literature|literatur|参考文献|références)[*_:：\s]*\Z",
    re.IGNORECASE,
)
_NAMED = re.compile(
    _MARKS + r"(introduction|background|related work|methods?|methodology|results|discussion|conclusions?|future work|"
    r"acknowledge?ments?|appendix\b.{0,80}|引言|结论|致谢|附录.{0,40}|einleitung)[*_:：\s]*\Z",
    re.IGNORECASE,
)
_ABSTRACT_KEYWORDS = ("abstract", "summary")
_ABSTRACT_LINES = 400
_NAMED_RANK = 100  # of headings by number on the highest level


def choose_paper(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Paper | None":
    """Return the chunker for a document with an abstract, or with sections and references; see `Choose`."""
    look, outline = find_outline(sample) or Outline(None, {}), find_outline(sample) or Outline(None, {})
    lines = [line for block in sample for line in look.lines(block)]
    first = [line for line in lines if any(text.strip() for text in line.texts)][:_ABSTRACT_LINES]
    has_abstract = any(_ABSTRACT.match(line.texts[0]) for line in first)
    has_references = any(_REFERENCES.match(line.texts[0]) for line in lines if line.texts)
    counts = rank_counts(look, sample)
    if not has_abstract and not (has_references and counts):
        return None
    rank = min(counts, key=lambda rank: (-counts[rank], rank), default=_NAMED_RANK)
    return Paper(outline, section_rank=rank, limit=config.chunk_tokens, count_tokens=count_tokens)


class Paper(Sections):
    """Makes contents of the sections at the most frequent level; the abstract and the references stand apart.

    Args:
        outline: Tells headings from text.
        section_rank: The rank of the most frequent headings.
        limit: Largest number of tokens of a content.
        count_tokens: Counts tokens.
    """

    def __init__(self, outline: Outline, *, section_rank: int, limit: int, count_tokens: TokenCounter) -> None:
        super().__init__(outline, closing_rank=section_rank, limit=limit, count_tokens=count_tokens)
        self._section_rank = section_rank
        self._is_past_abstract = False
        self._is_in_abstract = False
        self._is_in_references = False

    def add(self, line: Line) -> None:
        """Take the next line."""
        text = line.texts[0] if line.texts else ""
        abstract = None if self._is_past_abstract else _ABSTRACT.match(text)
        if abstract:
            self._is_past_abstract = self._is_in_abstract = True
            self.cut(keywords=_ABSTRACT_KEYWORDS)
            is_clause = bool(text[abstract.end() :].strip())
            super().add(self._heading(line, one_line(abstract[1]), is_clause=is_clause))
        elif references := _REFERENCES.match(text):
            self._leave()
            self._is_in_references = True
            super().add(self._heading(line, one_line(references[1])))
        elif named := _NAMED.match(text):
            self._leave()
            super().add(self._heading(line, one_line(text).strip("#*_: ") or named[1]))
        elif line.rank and (line.is_marked or not self._is_in_references):
            self._leave()
            super().add(line)
        else:
            super().add(Line(line.texts))

    def _heading(self, line: Line, title: str, *, is_clause: bool = False) -> Line:
        """Return the line as a heading, of the rank that it has, or else of the most frequent one."""
        return line._replace(rank=line.rank or self._section_rank, title=title, is_clause=is_clause)

    def _leave(self) -> None:
        """End the abstract or the references."""
        if self._is_in_abstract or self._is_in_references:
            self.cut()
        self._is_in_abstract = self._is_in_references = False
