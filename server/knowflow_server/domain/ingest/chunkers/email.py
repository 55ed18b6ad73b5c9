"""The email method: the header is a chunk, the rest is cut as the naive method does."""

import re
from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.naive import NaiveChunker
from knowflow_server.domain.ingest.chunkers.titles import one_line
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):\s?(.*)")
_KNOWN = frozenset({"from", "to", "cc", "bcc", "subject", "date", "reply-to", "sender", "message-id"})
_FEWEST = 2


_ATTACHMENT = "Attachment: "


def choose_email(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Email | None":
    """Return the chunker for a document which begins with the header of a message; see `Choose`.

    The header is a paragraph of fields, which the subject may stand above as a heading.
    """
    first = [index for index, block in enumerate(sample) if block.text.strip()][:2]
    if not first:
        return None
    has_heading = sample[first[0]].kind is Kind.HEADING
    last = first[-1] if has_heading else first[0]
    fields = _fields(sample[last].text)
    if has_heading:
        fields["subject"] = one_line(sample[first[0]].text)
    if len(fields.keys() & _KNOWN) < _FEWEST:
        return None
    return Email(last + 1, fields.get("subject", ""), config, count_tokens)


class Email:
    """Makes a chunk of the header; the body and each attachment are merged up to the token limit.

    Args:
        header: How many of the first blocks are the header.
        subject: The message's subject, which stands above every chunk.
        config: See `NaiveChunker`.
        count_tokens: Counts tokens.
    """

    def __init__(self, header: int, subject: str, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._header_left = header
        self._headings = (subject,) if subject else ()
        self._config = config
        self._count_tokens = count_tokens
        self._header: list[Block] = []
        self._naive = NaiveChunker(config, count_tokens)

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        contents: list[Content] = []
        for block in blocks:
            if self._header_left:
                contents += self._add_header(block)
                continue
            if block.kind is Kind.HEADING and block.text.startswith(_ATTACHMENT):
                contents += self._naive.finish()
                self._naive = NaiveChunker(self._config, self._count_tokens)
            contents += self._naive.feed([block])
        return self._label(contents)

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._label(self._naive.finish())

    def _add_header(self, block: Block) -> list[Content]:
        """Hand the whole header on as a table, which the naive method keeps apart and cuts between lines."""
        self._header.append(block)
        self._header_left -= 1
        if self._header_left:
            return []
        text = "".join(part.text for part in self._header)
        spans = tuple(span for part in self._header for span in part.spans)
        return self._naive.feed([Block(Kind.TABLE, text, spans=spans)])

    def _label(self, contents: list[Content]) -> list[Content]:
        return [content._replace(headings=self._headings) for content in contents]


def _fields(text: str) -> dict[str, str]:
    """Return the fields of a header by their names in small letters; none when a line is not part of a header."""
    fields: dict[str, str] = {}
    for line in text.strip().split("\n"):
        found = _FIELD.match(line)
        if found:
            fields.setdefault(found[1].lower(), found[2].strip())
        elif not (fields and line[:1].isspace()):
            return {}
    return fields
