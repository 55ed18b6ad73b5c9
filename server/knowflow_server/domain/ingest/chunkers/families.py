"""Parents and children: small contents which are searched, grouped into large ones by the document's sections."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.chunker import Chunker, Content
from knowflow_server.domain.ingest.chunkers.divide import divide
from knowflow_server.domain.ingest.chunkers.naive import NaiveChunker
from knowflow_server.domain.ingest.chunkers.outline import Chain, Line
from knowflow_server.domain.ingest.chunkers.pack import Packer
from knowflow_server.domain.ingest.chunkers.titles import heading_title, is_title
from knowflow_server.domain.ingest.chunkers.undecided import MakeChunker
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.parent_child import ParentChild
from knowflow_server.domain.ingest.tokens import TokenCounter

WHOLE_METHODS = frozenset({"one", "picture", "presentation"})
"""The methods whose contents are the parents, because the method itself says where they begin and end."""
# A heading with fewer words above it than this belongs to what follows, not to a part of its own.
_FEWEST_WORDS = 10


def make_families(
    method: str, make: MakeChunker, tiers: ParentChild, config: IngestConfig, count_tokens: TokenCounter
) -> "Families | Divided":
    """Return the chunker which makes parents with children of a document.

    Args:
        method: The method's name; those which write entries anew are not to be given.
        make: Makes the method's own chunker.
        tiers: The sizes.
        config: The document's options.
        count_tokens: Counts tokens.
    """
    if method in WHOLE_METHODS:
        return Divided(make(config, count_tokens), tiers, count_tokens)
    small = replace(config, chunk_tokens=tiers.child_tokens)
    base = _SectionedNaive(small, count_tokens) if method == "naive" else make(small, count_tokens)
    return Families(base, tiers, count_tokens)


class _Child(NamedTuple):
    """A content with its place in the outline.

    Attributes:
        content: The content.
        depth: Headings above it, the one it begins with included.
        opens: Depth of the highest heading which it begins with; 0 when it begins with none.
    """

    content: Content
    depth: int
    opens: int


class _Heading(NamedTuple):
    place: int
    end: int
    rank: int
    title: str


class Families:
    """Groups the contents of a chunker into parents.

    A parent is the largest section which fits into its limit: a heading as high as the section's own, or higher, ends
    it, but sections smaller than a child stay with the next one of their rank. A section above the limit is cut before
    its highest headings, as late as possible, and between children where it has none. A parent of one child is that
    child.

    Args:
        base: Makes the children; their texts, joined, must be the document's.
        tiers: The sizes.
        count_tokens: Counts tokens.

    Attributes:
        base: As above.
    """

    def __init__(self, base: Chunker, tiers: ParentChild, count_tokens: TokenCounter) -> None:
        self.base = base
        self._tiers = tiers
        self._count_tokens = count_tokens
        self._headings: deque[_Heading] = deque()  # those which no child has reached
        self._read = 0  # characters that were fed
        self._cut = 0  # characters that the children so far have
        self._chain = Chain()
        self._numbered: tuple[str, ...] = ()  # headings above the last child, as the method found them
        self._pending: list[_Child] = []
        self._ready: list[list[_Child]] = []

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            if is_title(block) and block.text.strip():
                place, end = self._read + _indent(block.text), self._read + len(block.text)
                self._headings.append(_Heading(place, end, max(block.level, 1), heading_title(block)))
            self._read += len(block.text)
        return self._group(self.base.feed(blocks))

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        contents = self._group(self.base.finish())
        self._close(len(self._pending))
        return contents + self._parents()

    def _group(self, contents: Sequence[Content]) -> list[Content]:
        for content in contents:
            self._add(self._place(content))
        return self._parents()

    def _place(self, content: Content) -> _Child:
        """Find the headings above a content, and move on behind it."""
        begin, end = self._cut, self._cut + len(content.text)
        self._cut = end
        above, opens, run = self._chain.titles, 0, begin + _indent(content.text)
        while self._headings and self._headings[0].place < end:
            heading = self._headings.popleft()
            self._chain.add(Line((), heading.rank, heading.title))
            # The content begins with this heading, or with others right above it.
            if heading.place == run or (opens and not content.text[run - begin : heading.place - begin].strip()):
                opens = opens or len(self._chain.titles)
                above = self._chain.titles
                run = heading.end
        if content.headings and not self._chain.titles:
            # The method found headings where the reader found none: by their numbers.
            shared = _shared(self._numbered, content.headings)
            opens = shared + 1 if content.headings != self._numbered else 0
            above = self._numbered = content.headings
        return _Child(content._replace(headings=content.headings or above), len(above), opens)

    def _add(self, child: _Child) -> None:
        if self._pending and child.opens:
            first = self._pending[0]
            section = first.opens or first.depth
            is_higher = bool(section) and child.opens < section
            is_as_high = not section or child.opens == section
            if is_higher or (is_as_high and _size(self._pending) >= self._tiers.child_tokens):
                self._close(len(self._pending))
        while self._pending and _size(self._pending) + child.content.tokens > self._tiers.parent_tokens:
            self._close(_border([*self._pending, child]))
        self._pending.append(child)

    def _close(self, number: int) -> None:
        """Make a parent of the first children."""
        if number:
            self._ready.append(self._pending[:number])
            self._pending = self._pending[number:]

    def _parents(self) -> list[Content]:
        ready, self._ready = self._ready, []
        return [parent for group in ready for parent in self._settle([child.content for child in group])]

    def _settle(self, children: list[Content]) -> list[Content]:
        """Return the parent of children, or several where its tokens are more than the sum of theirs."""
        if len(children) == 1:
            return children
        text = "".join(child.text for child in children)
        tokens = self._count_tokens([text])[0]
        if tokens > self._tiers.parent_tokens:
            middle = len(children) // 2
            return self._settle(children[:middle]) + self._settle(children[middle:])
        keywords = tuple(dict.fromkeys(word for child in children for word in child.keywords))
        return [Content(text, tokens, keywords=keywords, headings=children[0].headings, children=tuple(children))]


class Divided:
    """Cuts the contents of a chunker, which are the parents, into children.

    Args:
        base: Makes the parents.
        tiers: `child_tokens` is used.
        count_tokens: Counts tokens.

    Attributes:
        base: As above.
    """

    def __init__(self, base: Chunker, tiers: ParentChild, count_tokens: TokenCounter) -> None:
        self.base = base
        self._limit = tiers.child_tokens
        self._count_tokens = count_tokens

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        return [self._divided(content) for content in self.base.feed(blocks)]

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return [self._divided(content) for content in self.base.finish()]

    def _divided(self, content: Content) -> Content:
        if content.tokens <= self._limit:
            return content
        children = child_contents(content.text, limit=self._limit, count_tokens=self._count_tokens)
        if len(children) == 1:
            return content
        labelled = tuple(child._replace(headings=content.headings) for child in children)
        return content._replace(children=labelled)


def child_contents(text: str, *, limit: int, count_tokens: TokenCounter) -> list[Content]:
    """Return a text in contents of at most `limit` tokens which, joined, are the text; none for white space."""
    packer = Packer(limit=limit, count_tokens=count_tokens)
    packer.add(divide([text], limit=limit, count_tokens=count_tokens))
    return packer.finish()


class _SectionedNaive:
    """The naive method, but a heading begins a new content."""

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._config = config
        self._count_tokens = count_tokens
        self._naive = NaiveChunker(config, count_tokens)
        self._words = 0

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        contents: list[Content] = []
        for block in blocks:
            if is_title(block) and self._words >= _FEWEST_WORDS:
                contents += self._naive.finish()
                self._naive = NaiveChunker(self._config, self._count_tokens)
                self._words = 0
            contents += self._naive.feed([block])
            self._words += len(block.text.split())
        return contents

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._naive.finish()


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many headings two chains begin with alike."""
    same = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        same += 1
    return same


def _size(children: Sequence[_Child]) -> int:
    return sum(child.content.tokens for child in children)


def _border(children: Sequence[_Child]) -> int:
    """Return the place before the highest heading behind the first child, the last of several; else before the last."""
    opening = [(child.opens, -place) for place, child in enumerate(children) if place and child.opens]
    return -min(opening)[1] if opening else len(children) - 1
