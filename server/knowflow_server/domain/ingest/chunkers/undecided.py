"""Methods for one sort of document: a look at its beginning tells whether it is of that sort."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.chunker import Chunker, Content
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

# Characters of the document which decide; a hundred thousand words show what a document is.
_SAMPLE = 1_048_576


class Choose(Protocol):
    """Looks at a document's first blocks."""

    def __call__(self, sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> Chunker | None:
        """Return a chunker for the document, which takes it from its beginning; None when it is of another sort."""


class Method(NamedTuple):
    """A method for one sort of document.

    Attributes:
        name: The method's name.
        needs: What a document of the sort holds, in the plural: "questions with answers".
        choose: Tells whether a document is of the sort.
        instead: Name of the method which serves documents of another sort.
        make_instead: Makes that method's chunker.
    """

    name: str
    needs: str
    choose: Choose
    instead: str
    make_instead: "MakeChunker"


class MakeChunker(Protocol):
    """Makes a chunker."""

    def __call__(self, config: IngestConfig, count_tokens: TokenCounter, /) -> Chunker:
        """Return a chunker for one document."""


class Undecided:
    """Holds the beginning of a document until it is long enough to tell which chunker shall have it.

    Args:
        method: What to look for.
        config: The document's options.
        count_tokens: Counts tokens.

    Attributes:
        message: A sentence on what was decided, "" as long as there is nothing to tell.
    """

    def __init__(self, method: Method, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self.message = ""
        self._method = method
        self._config = config
        self._count_tokens = count_tokens
        self._sample: list[Block] = []
        self._size = 0
        self._chosen: Chunker | None = None

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        if self._chosen is not None:
            return self._chosen.feed(blocks)
        for index, block in enumerate(blocks):
            self._sample.append(block)
            self._size += len(block.text)
            if self._size >= _SAMPLE:
                chosen, contents = self._decide()
                return contents + chosen.feed(blocks[index + 1 :])
        return []

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        if self._chosen is not None:
            return self._chosen.finish()
        chosen, contents = self._decide()
        return contents + chosen.finish()

    def _decide(self) -> tuple[Chunker, list[Content]]:
        sample, self._sample = self._sample, []
        chosen = self._method.choose(sample, self._config, self._count_tokens)
        if chosen is None:
            chosen = self._method.make_instead(self._config, self._count_tokens)
            if any(block.text.strip() for block in sample):
                name, needs, instead = self._method.name, self._method.needs, self._method.instead
                self.message = f"The method {name} expects {needs}; the file has none and is served by {instead}."
        self._chosen = chosen
        return chosen, chosen.feed(sample)
