"""Chunks that belong together: a parent, which callers see, and the children that are searched in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk, Position
from knowflow_server.domain.analysis import index_words
from knowflow_server.domain.ingest.chunkers.families import child_contents

# What a child has in common with its parent.
INHERITED = (
    "organization_id",
    "dataset_id",
    "document_id",
    "generation",
    "live",
    "available",
    "tag_feas",
    "vector_recipe",
    "created_at",
    "updated_at",
)
# Word pieces that a word of English text makes, about; the words here are those of the analyser.
PIECES_PER_WORD = 4 / 3


def chunk_id(*parts: str) -> str:
    """Return the id of a chunk: 64-bit xxHash of what makes it unique, 16 hex digits."""
    return xxhash.xxh64("\x00".join(parts).encode()).hexdigest()


def child_id(parent_id: str, place: int) -> str:
    """Return the id of a child: the children of a new text take the places, and so the rows, of those before."""
    return chunk_id(parent_id, "child", str(place))


def set_words(chunk: Chunk, *labels: str) -> int:
    """Set the words by which full-text search finds a chunk, and return how many those of its text are.

    A parent has none: its children are found in its place.

    Args:
        chunk: The chunk.
        labels: Texts whose words count beside its own text, headings, keywords and questions.
    """
    content = index_words(chunk.content)
    beside = index_words(*chunk.headings, *chunk.important_keywords, *chunk.questions, *labels)
    chunk.tokens = "" if chunk.is_parent else f"{content} {beside}".strip()
    return len(content.split())


@dataclass(slots=True)
class Family:
    """A chunk that callers see, and its children; a plain chunk has none.

    Attributes:
        head: The parent or the plain chunk.
        children: The children, in order.
    """

    head: Chunk
    children: list[Chunk]

    @property
    def searched(self) -> list[Chunk]:
        """The chunks that search looks at, and that need vectors of their own."""
        return self.children or [self.head]

    @property
    def rows(self) -> list[Chunk]:
        """All chunks of the family, the head first."""
        return [self.head, *self.children]

    def row_vectors(self, searched: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the vectors of `rows`, of those of `searched`: a parent's is the mean of its children's.

        Args:
            searched: Shape (len(self.searched), d), float32, L2-normalised.

        Returns:
            Shape (len(self.rows), d), likewise.
        """
        if not self.children:
            return searched
        return np.vstack([unit(searched.mean(axis=0, dtype=np.float64)), searched])

    def seal(self) -> int:
        """Give the children what they share with their head, and all of them their words.

        Returns the number of words in the head's own text.
        """
        self.head.is_parent, self.head.child_count = bool(self.children), len(self.children)
        labels = [*self.head.important_keywords, *self.head.questions]
        for place, child in enumerate(self.children):
            for field in INHERITED:
                setattr(child, field, getattr(self.head, field))
            child.id, child.parent_id, child.ordinal = child_id(self.head.id, place), self.head.id, place
            set_words(child, *labels)
        return set_words(self.head)


def unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a vector of shape (d,) with length 1; a zero vector, which opposite ones can sum to, becomes an axis."""
    length = float(np.linalg.norm(vector))
    if length < 1e-9:
        vector = np.zeros_like(vector)
        vector[0] = length = 1.0
    return np.asarray(vector / length, np.float32)


def recut(head: Chunk, before: Sequence[Chunk], *, child_tokens: int) -> Family:
    """Return the family of a parent whose text was edited: its children are cut anew.

    Children whose text stood there before keep their place in the document. A text which is one child alone makes a
    plain chunk.

    Args:
        head: The parent with its new text.
        before: Its children so far.
        child_tokens: Largest size of a child, in tokens.
    """
    limit = max(1, int(child_tokens / PIECES_PER_WORD))

    def count(texts: Sequence[str]) -> list[int]:
        return [len(index_words(text).split()) for text in texts]

    contents = child_contents(head.content, limit=limit, count_tokens=count)
    known = {child.content: child for child in before}
    children = []
    for content in contents if len(contents) > 1 else ():
        old = known.get(content.text)
        child = Chunk(content=content.text, token_count=content.tokens, headings=old.headings if old else head.headings)
        child.positions.extend(Position(values=p.values) for p in (old or head).positions)
        child.page_number = (old or head).page_number
        if old is not None:
            child.token_count = old.token_count
        children.append(child)
    return Family(head, children)
