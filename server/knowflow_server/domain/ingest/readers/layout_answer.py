"""Reading a PDF or a picture by what a layout service found in it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.layout import Layout
from knowflow_server.domain.ingest.readers import layout_dots, layout_mineru
from knowflow_server.domain.ingest.readers.pdf_engines import Engines
from knowflow_server.domain.ingest.readers.pdf_page import UnreadableError
from knowflow_server.domain.ingest.readers.picture import open_pictures

_A4 = (595.2, 841.8)


def read(source: Source, layout: Layout, reader: str) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a document.

    Args:
        source: The document; only the sizes of its pages are read.
        layout: The service's answer.
        reader: What would read the document without it, `pdf` or `picture`.

    Raises:
        IngestError: The answer cannot be read, or holds no text.
    """
    has_text = False
    with ExitStack() as stack:
        for item in _items(source, layout, reader, stack):
            has_text = has_text or (not isinstance(item, Progress) and bool(item))
            yield item
    if not has_text:
        raise IngestError(f"The {layout.service} service found no text in the document.")


def _items(source: Source, layout: Layout, reader: str, stack: ExitStack) -> Iterator[Progress | list[Block]]:
    if layout.service == "dots":
        return layout_dots.blocks(layout.path)
    count, page_size = (_pdf if reader == "pdf" else _picture)(source.path, stack)
    return layout_mineru.blocks(source, layout.path, count, page_size)


def _pdf(path: Path, stack: ExitStack) -> tuple[int, layout_mineru.PageSize]:
    engines = stack.enter_context(Engines(path))

    def page_size(number: int) -> tuple[float, float]:
        try:
            return engines.page_size(number)
        except UnreadableError:
            return _A4

    return engines.page_count, page_size


def _picture(path: Path, stack: ExitStack) -> tuple[int, layout_mineru.PageSize]:
    pictures = stack.enter_context(open_pictures(path))

    def page_size(number: int) -> tuple[float, float]:
        image, unit = pictures.draw(number)
        return image.width * unit, image.height * unit

    return pictures.count, page_size
