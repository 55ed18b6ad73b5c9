"""PDF: read page by page with PDFium, and where it fails with pdfplumber."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.missing import missing_service_message
from knowflow_server.domain.ingest.readers.ocr import DPI, OcrUnavailableError, line_blocks, read_lines
from knowflow_server.domain.ingest.readers.pdf_engines import Engines
from knowflow_server.domain.ingest.readers.pdf_fonts import Fonts, Guide
from knowflow_server.domain.ingest.readers.pdf_layout import page_blocks
from knowflow_server.domain.ingest.readers.pdf_page import UnreadableError
from knowflow_server.domain.ingest.readers.pdf_running import RunningLines

_SAMPLE_PAGES = 16
# From so many entries on, an outline is taken for the document's own division into sections.
_MIN_OUTLINE = 2


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a PDF, page by page; see `Reader`.

    Pages without a text layer are read by OCR. Damaged pages are left out and reported. A PDF without any text is an
    error.
    """
    config = source.config
    if config.missing_service:
        yield Progress(0.0, missing_service_message(config.missing_service))
    with Engines(source.path) as engines:
        if engines.is_second_only:
            yield Progress(0.0, "The PDF is damaged and is read with the second, slower reader.")
        numbers = selected(engines.page_count, config)
        guide = None if config.is_plain else _guide(engines, numbers, source.method)
        yield from _read_pages(engines, numbers, guide, config.task_page_size)


def selected(page_count: int, config: IngestConfig) -> list[int]:
    """Return the numbers of the pages to read, in rising order.

    Raises:
        IngestError: The ranges leave no page.
    """
    if not config.page_ranges:
        return list(range(1, page_count + 1))
    numbers = {number for first, last in config.page_ranges for number in range(first, min(last, page_count) + 1)}
    if not numbers:
        raise IngestError(f"The PDF has {page_count} pages; the page ranges of its parser_config leave none of them.")
    return sorted(numbers)


def _guide(engines: Engines, numbers: Sequence[int], method: str) -> Guide:
    """Learn the fonts from pages spread over the document, and the titles from its outline."""
    fonts, running = Fonts(), RunningLines()
    for number in _sample(numbers):
        try:
            page = engines.read_page(number, with_tables=False)
        except UnreadableError:
            continue
        fonts.add(page)
        if page.items:
            running.add(page)
    outline: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for where, level, title in engines.outline():
        outline[where].append((level, title))
    is_divided = sum(map(len, outline.values())) >= _MIN_OUTLINE
    return Guide(fonts, outline, running, outline_only=method == "manual" and is_divided)


def _sample(numbers: Sequence[int]) -> list[int]:
    """Return pages spread over the document, two neighbours at a time, because left and right pages may differ."""
    if len(numbers) <= _SAMPLE_PAGES:
        return list(numbers)
    step = len(numbers) / (_SAMPLE_PAGES // 2)
    starts = [min(int(index * step), len(numbers) - 2) for index in range(_SAMPLE_PAGES // 2)]
    return [numbers[start + offset] for start in starts for offset in (0, 1)]


def _read_pages(
    engines: Engines, numbers: Sequence[int], guide: Guide | None, step: int
) -> Iterator[Progress | list[Block]]:
    count = engines.page_count
    damaged = running = 0
    pictures = _Pictures(engines)
    has_text = False
    for start in range(0, len(numbers), step):
        pages = numbers[start : start + step]
        for number in pages:
            try:
                page = engines.read_page(number, with_tables=guide is not None)
            except UnreadableError:
                damaged += 1
                continue
            if page.items:
                has_text = True
                page, left_out = guide.without_running(page) if guide is not None else (page, 0)
                running += bool(left_out)
                yield page_blocks(page, guide)
            elif not page.is_blank:
                blocks = pictures.read(number)
                has_text = has_text or bool(blocks)
                yield blocks
        which = f"pages {pages[0]}-{pages[-1]}" if len(pages) > 1 else f"page {pages[0]}"
        yield Progress((start + len(pages)) / len(numbers), f"Read {which} of {count}.")
    if damaged == len(numbers):
        raise IngestError("The PDF is damaged: none of its pages can be read.")
    if not has_text:
        raise IngestError(f"The PDF has no text layer on any page. {pictures.why or 'OCR finds no text either.'}")
    yield from _report(count, running=running, damaged=damaged)
    yield from pictures.report()


def _report(count: int, *, running: int, damaged: int) -> Iterator[Progress]:
    if running:
        yield Progress(1.0, f"Running headers, footers and page numbers left out on {running} of {count} pages.")
    if damaged:
        yield Progress(1.0, f"Damaged pages left out: {damaged} of {count}.")


class _Pictures:
    """Reads pages without a text layer by OCR, as long as that works.

    Attributes:
        read_count: Pages with text.
        left_out: Pages without.
        why: Why OCR does not work here, "" where it does.

    Args:
        engines: The PDF.
    """

    def __init__(self, engines: Engines) -> None:
        self.read_count = 0
        self.left_out = 0
        self.why = ""
        self._engines = engines

    def report(self) -> Iterator[Progress]:
        """Yield what became of the pages without a text layer."""
        count = self._engines.page_count
        if self.read_count:
            yield Progress(1.0, f"Pages without a text layer read by OCR: {self.read_count} of {count}.")
        if self.left_out:
            why = self.why or "OCR finds no text on them."
            yield Progress(1.0, f"Pages without a text layer left out: {self.left_out} of {count}. {why}")

    def read(self, number: int) -> list[Block]:
        """Return the paragraphs on a page, none where there is no text or OCR does not work."""
        blocks: list[Block] = []
        if not self.why:
            try:
                image, unit = self._engines.draw_page(number, dpi=DPI)
                blocks = line_blocks(read_lines(image, unit=unit), number)
            except UnreadableError:
                pass
            except OcrUnavailableError as error:
                self.why = error.sentence
        self.read_count += bool(blocks)
        self.left_out += not blocks
        return blocks
