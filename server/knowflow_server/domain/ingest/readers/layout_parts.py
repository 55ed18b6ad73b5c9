"""From what layout services find on a page to blocks."""

import re
from collections.abc import Iterator

from knowflow_server.domain.ingest.blocks import Block, Box, Kind, Span, clean
from knowflow_server.domain.ingest.readers.html_blocks import HtmlBlocks
from knowflow_server.domain.ingest.readers.pdf_page import clip

_BLANK_LINES = re.compile(r"\n\s*\n")


class PagePart:
    """Something that a service found on a page.

    Args:
        page: Page number, from 1.
        box: Its place, None where it is not known.
    """

    def __init__(self, page: int, box: Box | None) -> None:
        self._page = page
        self._box = box

    def text(self, text: object, kind: Kind = Kind.PARAGRAPH, *, level: int = 0) -> Iterator[Block]:
        """Yield a block of a text; nothing for a blank one and for what is no text."""
        if not isinstance(text, str) or not (shown := clean(text).strip()):
            return
        if kind is Kind.HEADING:
            shown = " ".join(shown.split())
        # A blank line inside would part the block, as it parts two.
        yield self._block(kind, _BLANK_LINES.sub("\n", shown) + "\n\n", level)

    def texts(self, texts: object) -> Iterator[Block]:
        """Yield a paragraph for each text of a list."""
        for text in texts if isinstance(texts, list) else [texts]:
            yield from self.text(text)

    def table(self, html: object) -> Iterator[Block]:
        """Yield the blocks of a piece of HTML, in which a table has a line for each row."""
        from lxml import etree  # type: ignore[import-untyped]

        if not isinstance(html, str) or not html.strip():
            return
        blocks = HtmlBlocks()
        parser = etree.HTMLParser(target=blocks, huge_tree=True)
        try:
            parser.feed(clean(html))
            parser.close()
        except etree.XMLSyntaxError:
            blocks.close()
        for block in blocks.take():
            yield self._block(block.kind, block.text, block.level)

    def _block(self, kind: Kind, text: str, level: int) -> Block:
        return Block(kind, text, level, (Span(len(text), self._page, self._box),))


def place(box: object, scale: tuple[float, float], size: tuple[float, float]) -> Box | None:
    """Return the box on the page for a service's `[x1, y1, x2, y2]`, or None where it is none.

    Args:
        box: As the service wrote it.
        scale: Points for one unit across and down.
        size: Width and height of the page in points.
    """
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(value, (int, float)) for value in box):
        return None
    x1, y1, x2, y2 = (float(value) for value in box)
    across, down = sorted((x1 * scale[0], x2 * scale[0])), sorted((y1 * scale[1], y2 * scale[1]))
    return clip((across[0], across[1], down[0], down[1]), *size)
