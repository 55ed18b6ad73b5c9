"""Pictures of pages for a layout service that reads pictures."""

import math
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowflow_server.domain.ingest.config import IngestConfig, read_config
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import identify
from knowflow_server.domain.ingest.layout import DOTS_DPI, DrawnPage, DrawnPages
from knowflow_server.domain.ingest.readers.pdf import selected
from knowflow_server.domain.ingest.readers.pdf_engines import Engines
from knowflow_server.domain.ingest.readers.pdf_page import UnreadableError
from knowflow_server.domain.ingest.readers.picture import open_pictures

if TYPE_CHECKING:
    from PIL.Image import Image

# dots.ocr sees pictures in patches of this side and scales others to fit before it measures them; pictures that fit
# already keep their pixels, so that the boxes in its answer need no guess.
_PATCH = 28
_MAX_PIXELS = 11_289_600


def draw(
    path: Path, *, name: str, config: Mapping[str, Any], folder: Path, first: int, count: int, dpi: int = DOTS_DPI
) -> DrawnPages:
    """Draw pages; see `ports.ParseWorkers.draw`.

    Raises:
        IngestError: The file is neither a PDF nor a picture, or cannot be opened.
    """
    reader = identify(path, name).reader
    if reader not in {"pdf", "picture"}:
        raise IngestError("Only PDFs and pictures have pages that can be drawn.")
    with ExitStack() as stack:
        numbers, draw_page = (_pdf if reader == "pdf" else _picture)(path, read_config(config), stack, dpi)
        drawn = []
        for number in numbers[first : first + count]:
            try:
                image, unit = draw_page(number)
            except UnreadableError:
                continue
            size = (image.width * unit, image.height * unit)
            fitted = _fit(image)
            target = folder / f"page-{number}.png"
            fitted.save(target, compress_level=1)
            drawn.append(DrawnPage(number, target, fitted.size, size))
    return DrawnPages(tuple(numbers), tuple(drawn))


_Draw = Callable[[int], "tuple[Image, float]"]


def _pdf(path: Path, config: IngestConfig, stack: ExitStack, dpi: int) -> tuple[list[int], _Draw]:
    engines = stack.enter_context(Engines(path))
    return selected(engines.page_count, config), lambda number: engines.draw_page(number, dpi=dpi)


def _picture(path: Path, config: IngestConfig, stack: ExitStack, dpi: int) -> tuple[list[int], _Draw]:
    del config, dpi  # pictures have pages only inside TIFF files, and pixels of their own
    pictures = stack.enter_context(open_pictures(path))
    return list(range(1, pictures.count + 1)), pictures.draw


def _fit(image: "Image") -> "Image":
    """Return a picture whose sides are multiples of the model's patch and which is not larger than the model reads."""
    shrink = min(1.0, math.sqrt(_MAX_PIXELS / (image.width * image.height)))
    width, height = (max(_PATCH, int(side * shrink / _PATCH) * _PATCH) for side in image.size)
    return image.convert("RGB").resize((width, height))
