"""Citations: `[ID:n]` after each sentence of an answer that rests on the n-th chunk, while the answer streams.

A sentence rests on the chunk which holds the largest share of its words, when that share is large. Where a model has
set a mark itself, its mark stands; a mark of a chunk that is not there is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow_server.domain.analysis import query_words, words_of
from knowflow_server.domain.retrieval import ScoredChunk

# Of a sentence's words, so many must be in a chunk; shorter sentences say too little to tell.
SHARE = 0.6
LEAST_WORDS = 3
MARK = re.compile(r"\[ID:(\d{1,4})\]")
MARKS = re.compile(rf" ?{MARK.pattern}")
# What may still become a mark.
MARK_BEGINS = re.compile(r"\[(?:I(?:D(?::\d{0,4})?)?)?\Z")
ENDS = ".!?。！？"
FENCE = ["`", "`", "`"]


def without_marks(text: str) -> str:
    """Return an answer without its marks, and without the blanks before them."""
    return MARKS.sub("", text)


class Citer:
    """Puts the marks into one answer.

    Args:
        chunks: The texts of the chunks, in the order of their numbers.
    """

    def __init__(self, chunks: Sequence[str]) -> None:
        self._words = [frozenset(form for word in words_of(text) for form in word.forms) for text in chunks]
        self._sentence: list[str] = []
        self._held = ""
        self._blank = ""
        self._ended = False
        self._marked = False
        self._code = False

    def feed(self, text: str) -> str:
        """Take the next piece of the answer, and return what of it can be shown; what may become a mark waits."""
        shown: list[str] = []
        held, place = self._held + text, 0
        while place < len(held):
            if held[place] == "[":
                mark = MARK.match(held, place)
                if mark:
                    place = mark.end()
                    shown += self._own_mark(mark)
                    continue
                if MARK_BEGINS.match(held, place):
                    break
            shown.append(self._take(held[place]))
            place += 1
        self._held = held[place:]
        return "".join(shown)

    def finish(self) -> str:
        """Return what still waits, with the last mark."""
        rest, self._held = self._held, ""
        shown = self._close() if self._ended or not rest.strip() else ""
        self._sentence += rest
        return shown + rest if shown else rest + self._close()

    def _take(self, character: str) -> str:
        """Take one character, and return what of it and of what waited can be shown."""
        if self._ended and not character.isspace():
            shown = self._close() + character
            self._sentence = [character]
            return shown
        if self._ended:
            # The mark goes before the blank; whether the model sets one of its own shows behind it.
            self._blank += character
            return ""
        self._sentence.append(character)
        if self._sentence[-3:] == FENCE:
            self._code = not self._code
            self._sentence = []
        elif character == "\n" or (character.isspace() and self._sentence[-2:-1] and self._sentence[-2] in ENDS):
            self._ended, self._blank = True, character
            return ""
        return character

    def _own_mark(self, mark: re.Match[str]) -> list[str]:
        if int(mark[1]) >= len(self._words):
            return []
        # A mark of the model's own, in the sentence or right after it, is all the sentence needs.
        blank, self._blank = self._blank, ""
        if self._ended:
            self._ended, self._sentence = False, []
        elif not all(map(str.isspace, self._sentence)):
            self._marked = True
        return [blank, mark.group()]

    def _close(self) -> str:
        """Return the mark of the sentence that has ended, and the blanks after it."""
        number = None if self._code or self._marked else self._best("".join(self._sentence))
        blank, self._blank = self._blank, ""
        self._sentence, self._ended, self._marked = [], False, False
        return ("" if number is None else f" [ID:{number}]") + blank

    def _best(self, sentence: str) -> int | None:
        words = query_words(sentence)
        if len(words) < LEAST_WORDS or not self._words:
            return None
        shares = [sum(word in chunk for word in words) / len(words) for chunk in self._words]
        best = max(shares)
        return shares.index(best) if best >= SHARE else None


def cited(found: ScoredChunk) -> CitedChunk:
    """Return a found chunk as an answer keeps it."""
    chunk = found.chunk
    return CitedChunk(
        id=chunk.id,
        content=chunk.content,
        document_id=chunk.document_id,
        document_name=found.document.name,
        dataset_id=chunk.dataset_id,
        positions=chunk.positions,
        page_number=chunk.page_number,
        similarity=found.similarity,
        vector_similarity=found.vector_similarity,
        term_similarity=found.term_similarity,
    )
