"""Plain text: paragraphs are parted by empty lines."""

import re
from collections.abc import Iterator

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.encoding import text_parts

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*+\n\s*+")
# A paragraph above this is cut at a line end, so that a file without empty lines does not have to fit into memory.
_LONGEST_PARAGRAPH = 65_536


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the paragraphs of a text file in any common encoding; see `Reader`."""
    rest = ""
    for part in text_parts(source.path):
        if isinstance(part, Progress):
            yield part
            continue
        *paragraphs, rest = _paragraphs(rest + part)
        yield [Block(Kind.PARAGRAPH, paragraph) for paragraph in paragraphs]
    yield [Block(Kind.PARAGRAPH, rest)]


def _paragraphs(text: str) -> list[str]:
    """Cut after each run of empty lines; the last item is what may go on."""
    ends = [match.end() for match in _PARAGRAPH_END.finditer(text)]
    last = ends[-1] if ends else 0
    if len(text) - last > _LONGEST_PARAGRAPH:
        ends.append(text.rfind("\n", last) + 1 or len(text))
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
