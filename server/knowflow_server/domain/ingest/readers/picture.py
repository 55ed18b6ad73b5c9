"""PNG, JPEG, TIFF, GIF, BMP and WebP: the text on the picture."""

import warnings
from collections.abc import Iterator

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.ocr import line_blocks, read_lines

_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
_MAX_PIXELS = 50_000_000
_MAX_PAGES = 1000
_DEFAULT_DPI = 72.0


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the paragraphs on a picture; each picture of a TIFF file is a page; see `Reader`.

    Places are in points of 1/72 inch by the resolution which the file states, in pixels where it states none.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings(), Image.open(source.path, formats=_FORMATS) as image:
            warnings.simplefilter("ignore")  # on metadata that is not as it should be
            count = min(getattr(image, "n_frames", 1), _MAX_PAGES) if image.format == "TIFF" else 1
            for number in range(1, count + 1):
                image.seek(number - 1)
                if image.width * image.height > _MAX_PIXELS:
                    raise IngestError(
                        f"The picture has {image.width} x {image.height} pixels, more than the limit of "
                        f"{_MAX_PIXELS // 10**6} million."
                    )
                unit = 72.0 / _dpi(image.info.get("dpi"))
                upright = ImageOps.exif_transpose(image)
                yield line_blocks(read_lines(upright, unit=unit), number)
                yield Progress(number / count, f"Read picture {number} of {count}.")
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
