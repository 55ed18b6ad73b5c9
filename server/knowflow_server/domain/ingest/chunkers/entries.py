"""Contents which are written from the document's text: pairs of question and answer, rows of a table."""

from typing import NamedTuple

from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.divide import divide
from knowflow_server.domain.ingest.chunkers.pack import Packer
from knowflow_server.domain.ingest.config import MAX_CHUNK_TOKENS, IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

# An entry is written out when it has grown to so many characters, and goes on after that.
_LONGEST = 262_144


class Head(NamedTuple):
    """What an entry begins with.

    Attributes:
        prefix: The text before the entry's own, well below 2,048 tokens; it is repeated where the entry has to be cut.
        questions: See `Content`.
        keywords: See `Content`.
        headings: See `Content`.
        is_whole: True where the entry is not to be cut up to 2,048 tokens.
        fields: See `Content`.
    """

    prefix: str = ""
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    is_whole: bool = False
    fields: tuple[tuple[str, bool | float | str], ...] = ()


class _Entry(NamedTuple):
    head: Head
    text: str
    source: str


class Entries:
    """Collects entries in document order and hands out contents.

    An entry which is to stay whole is one content up to 2,048 tokens, whatever `chunk_token_num` says: a question and
    its answer are found together or not at all. Plain text is cut at `chunk_token_num`.

    Args:
        config: `chunk_tokens` is used.
        count_tokens: Counts tokens.
    """

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._plain_limit = config.chunk_tokens
        self._count_tokens = count_tokens
        self._head = Head()
        self._title = ""
        self._held: list[str] = []
        self._texts: list[str] = []
        self._size = 0
        self._source: list[str] = []
        self._written: list[_Entry] = []

    @property
    def has_text(self) -> bool:
        """True when the entry under way has text beside its prefix."""
        return any(text.strip() for text in self._texts)

    def begin(self, head: Head, *, source: str = "") -> None:
        """End the entry under way and begin one with the part `source` of the document's text."""
        self._write()
        self._head = self._titled(head)
        self._source.append(source)

    def title(self, title: str, *, source: str) -> None:
        """End the entry under way and put `title` above those that follow."""
        self.flush()
        self._title = title
        self.hold(title, source=source)

    def flush(self) -> None:
        """End the entry under way; what was held becomes an entry if none followed."""
        self._write()
        self._write_held()

    def hold(self, text: str, *, source: str) -> None:
        """End the entry under way and keep `text`, which is an entry itself if none follows."""
        self._write()
        self._head = self._titled(Head())
        self._held.append(text)
        self._source.append(source)

    def replace(self, head: Head, *, source: str) -> None:
        """Give the entry under way, which has no text yet, another head and a further part of the document's text."""
        self._head = self._titled(head)
        self._source.append(source)

    def add(self, text: str, *, source: str) -> None:
        """Add to the entry under way."""
        self._texts.append(text)
        self._source.append(source)
        self._size += len(text)
        if self._size > _LONGEST:
            self._write()

    def take(self) -> list[Content]:
        """Return the contents completed since the last call, in order."""
        written, self._written = self._written, []
        texts = [(entry.head.prefix + entry.text).strip() for entry in written]
        contents: list[Content] = []
        for entry, text, tokens in zip(written, texts, self._count_tokens(texts) if texts else (), strict=True):
            if tokens <= self._limit(entry.head) or not entry.text:
                contents.append(_content(entry.head, text, tokens, entry.source))
            else:
                contents += self._cut(entry)
        return contents

    def finish(self) -> list[Content]:
        """Return what is left."""
        self.flush()
        return self.take()

    def _limit(self, head: Head) -> int:
        return MAX_CHUNK_TOKENS if head.is_whole else self._plain_limit

    def _titled(self, head: Head) -> Head:
        return head._replace(headings=(self._title, *head.headings)) if self._title else head

    def _write(self) -> None:
        text = "".join(self._texts).strip()
        self._texts, self._size = [], 0
        if text or (self._head.prefix and self._source):
            self._written.append(_Entry(self._head, text, "".join(self._source)))
            self._source, self._held = [], []

    def _write_held(self) -> None:
        text = "\n".join(self._held).strip()
        if text:
            self._written.append(_Entry(Head(), text, "".join(self._source)))
            self._source, self._held = [], []

    def _cut(self, entry: _Entry) -> list[Content]:
        """Cut an entry above the limit; each part has the prefix, and the first one the source."""
        limit = self._limit(entry.head)
        room = max(limit - self._count_tokens([entry.head.prefix])[0], 1)
        packer = Packer(limit=room, count_tokens=self._count_tokens)
        packer.add(divide([entry.text], limit=room, count_tokens=self._count_tokens))
        texts = [(entry.head.prefix + part.text).strip() for part in packer.finish()]
        counted = zip(texts, self._count_tokens(texts), strict=True)
        return [
            _content(entry.head, text, tokens, "" if index else entry.source)
            for index, (text, tokens) in enumerate(counted)
        ]


def _content(head: Head, text: str, tokens: int, source: str) -> Content:
    return Content(text, tokens, source, head.questions, head.keywords, head.headings, fields=head.fields)
