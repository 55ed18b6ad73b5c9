"""PNG, JPEG, TIFF, GIF, BMP and WebP: the text on the picture."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.missing import missing_service_message
from knowflow_server.domain.ingest.readers.ocr import line_blocks, read_lines

_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
_MAX_PIXELS = 50_000_000
_MAX_PAGES = 1000
_DEFAULT_DPI = 72.0


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the paragraphs on a picture; each picture of a TIFF file is a page; see `Reader`.

    Places are in points of 1/72 inch by the resolution which the file states, in pixels where it states none.
    """
    if source.config.missing_service:
        yield Progress(0.0, missing_service_message(source.config.missing_service))
    with open_pictures(source.path) as pictures:
        for number in range(1, pictures.count + 1):
            upright, unit = pictures.draw(number)
            yield line_blocks(read_lines(upright, unit=unit), number)
            yield Progress(number / pictures.count, f"Read picture {number} of {pictures.count}.")


class Pictures:
    """An open file of one or more pictures.

    Attributes:
        count: Number of pictures.

    Args:
        image: The file, as the library has it.
    """

    def __init__(self, image: Any) -> None:
        self._image = image
        self.count = min(getattr(image, "n_frames", 1), _MAX_PAGES) if image.format == "TIFF" else 1

    def draw(self, number: int) -> tuple[Any, float]:
        """Return picture `number`, from 1, the right way up, and the size of its pixels in points.

        Raises:
            IngestError: It is too large.
        """
        from PIL import ImageOps

        image = self._image
        image.seek(number - 1)
        if image.width * image.height > _MAX_PIXELS:
            raise IngestError(
                f"The picture has {image.width} x {image.height} pixels, more than the limit of "
                f"{_MAX_PIXELS // 10**6} million."
            )
        return ImageOps.exif_transpose(image), 72.0 / _dpi(image.info.get("dpi"))


@contextmanager
def open_pictures(path: Path) -> Iterator[Pictures]:
    """Open a file of pictures.

    Raises:
        IngestError: It is damaged; also where that shows only later.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings(), Image.open(path, formats=_FORMATS) as image:
            warnings.simplefilter("ignore")  # on metadata that is not as it should be
            yield Pictures(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise IngestError("The picture is damaged and cannot be read.") from error


def _dpi(stated: object) -> float:
    """Return the resolution a picture states, if it can be one."""
    if isinstance(stated, tuple) and stated:
        try:
            dpi = float(stated[0])
        except (TypeError, ValueError, ZeroDivisionError):
            return _DEFAULT_DPI
        if 10 <= dpi <= 10_000:
            return dpi
    return _DEFAULT_DPI
