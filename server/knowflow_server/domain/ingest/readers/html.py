"""HTML: headings, paragraphs, lists, tables and preformatted text, without scripts, styles and markup."""

import re
from collections.abc import Iterator
from pathlib import Path

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.encoding import text_parts
from knowflow_server.domain.ingest.readers.html_blocks import HtmlBlocks

_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^<>]{0,512}?(?:charset|encoding)\s*=[\s\"']*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of an HTML page in document order; see `Reader`.

    The parser reports tags as it meets them and builds no tree, so that neither the size nor the nesting of a page
    costs memory.
    """
    from lxml import etree  # type: ignore[import-untyped]

    blocks = HtmlBlocks()
    parser = etree.HTMLParser(target=blocks, huge_tree=True)
    try:
        for part in text_parts(source.path, declared=declared_encoding(source.path)):
            if isinstance(part, Progress):
                yield part
                continue
            parser.feed(part)
            yield blocks.take()
        parser.close()
    except etree.XMLSyntaxError:
        blocks.close()  # a page without a single tag or word: the parser calls it empty
    yield blocks.take()


def declared_encoding(path: Path) -> str:
    """Return the encoding which the page names near its beginning, else ""."""
    with path.open("rb") as file:
        found = _CHARSET.search(file.read(_HEAD))
    return found[1].decode("ascii", errors="replace") if found else ""
