"""Keywords and questions which a document's chunks get from their own text: `auto_keywords`, `auto_questions`."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from knowflow_server.domain.ingest.keywords import DocumentWords
from knowflow_server.domain.ingest.questions import questions_of

if TYPE_CHECKING:
    from knowflow_server.domain.ingest.pipeline import ChunkDraft

MAX_KEYWORDS = 32
MAX_QUESTIONS = 10
# A chunk waits for so many others, so that its words are weighed against the document's, and memory stays flat.
WINDOW = 256


class Labelling(NamedTuple):
    """How many keywords and questions each chunk is to get."""

    keywords: int = 0
    questions: int = 0


def read_labelling(config: Mapping[str, Any]) -> Labelling:
    """Return what a stored `parser_config` asks for; anything that is no number means none."""
    limits = (("auto_keywords", MAX_KEYWORDS), ("auto_questions", MAX_QUESTIONS))
    return Labelling(*(_number(config.get(name), limit) for name, limit in limits))


def _number(value: object, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return min(max(int(value), 0), limit)


class Labeller:
    """Gives chunks keywords and questions found in their own text; nothing is asked of any model.

    Args:
        labelling: How many.
    """

    def __init__(self, labelling: Labelling) -> None:
        self._labelling = labelling
        self._words = DocumentWords()
        self._waiting: deque[ChunkDraft] = deque()
        self._ready: list[ChunkDraft] = []

    def add(self, drafts: "list[ChunkDraft]") -> None:
        """Take the next chunks of the document."""
        if not any(self._labelling):
            self._ready += drafts
            return
        for draft in drafts:
            self._words.add(draft.content)
            self._waiting.append(draft)
            if len(self._waiting) > WINDOW:
                self._ready.append(self._labelled(self._waiting.popleft()))

    def take(self, least: int) -> "list[ChunkDraft]":
        """Return chunks that are done, a multiple of `least`; none when fewer are."""
        number = len(self._ready) // least * least
        taken, self._ready = self._ready[:number], self._ready[number:]
        return taken

    def finish(self) -> "list[ChunkDraft]":
        """Return what is left at the end of the document."""
        self._ready += [self._labelled(draft) for draft in self._waiting]
        self._waiting.clear()
        return self.take(1)

    def _labelled(self, draft: "ChunkDraft") -> "ChunkDraft":
        wanted = self._labelling
        found = self._words.keywords(draft.content, draft.headings, max(wanted.keywords, wanted.questions))
        keywords = tuple(dict.fromkeys((*draft.keywords, *found[: wanted.keywords])))
        made = questions_of(draft.content, draft.headings, found, wanted.questions) if wanted.questions else []
        return replace(draft, keywords=keywords, questions=tuple(dict.fromkeys((*draft.questions, *made))))
