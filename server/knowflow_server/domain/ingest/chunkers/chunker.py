"""What every chunking method is."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from knowflow_server.domain.ingest.blocks import Block


class Content(NamedTuple):
    """The text of one chunk and its number of tokens, counted on the whole text.

    Attributes:
        text: The text, never blank.
        tokens: Its number of tokens.
        source: The part of the document's text which it was made of, where `text` is not that part itself; empty for
            what is made of the same part as the content before.
        questions: Questions which the text answers.
        keywords: Words which name what the text is.
        headings: The headings above the text, the highest first.
        children: The parts of a parent; their texts, joined, are its text. Only they have sources.
        fields: The values of a row by column.
    """

    text: str
    tokens: int
    source: str | None = None
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    children: tuple["Content", ...] = ()
    fields: tuple[tuple[str, "bool | float | str"], ...] = ()


class Chunker(Protocol):
    """Cuts the text of one document; the contents, joined, are the texts of the blocks, joined.

    Of the methods which write the text anew (`REWRITING`), the sources, joined, are it, save white space at its end.
    A document of nothing but white space has no contents.
    """

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
