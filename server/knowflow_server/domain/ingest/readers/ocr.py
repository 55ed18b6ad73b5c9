"""Reading text off pictures, with RapidOCR (PP-OCRv6) on OpenVINO; the weights are part of its package."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from knowflow_server.domain.ingest.blocks import Block, Box, Kind, Span, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.telemetry import refuse_openvino

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200
"""Resolution at which pages are best drawn for `read_lines`."""
# Measured: 0.8 GB are used; the libraries reserve the rest of the address space and do not touch it.
_NEEDED_MB = 3_584
_LONGEST_SIDE = 3_000
_NARROWEST = 50  # times longer than wide: a rule, not a text; the library cannot take it
_THREADS = 2
_DETECTION_SIDE = 1280
# Lines farther apart than this share of their height belong to different paragraphs.
_PARAGRAPH_GAP = 0.8


class OcrUnavailableError(IngestError):
    """Text cannot be read off pictures here."""


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line of text.

    Attributes:
        text: Not blank.
        box: Its place, in the unit that was asked for.
    """

    text: str
    box: Box


def read_lines(image: Image, *, unit: float) -> list[OcrLine]:
    """Return the lines of text on a picture, from top to bottom.

    The first call loads the models, which takes some seconds.

    Args:
        image: Of any size; large ones are read smaller.
        unit: Length of a pixel, in what the boxes are to be measured in.

    Raises:
        OcrUnavailableError: The memory limit of this process leaves no room for it.
    """
    import numpy as np

    if max(image.size) > _NARROWEST * min(image.size):
        return []
    ratio = max(1.0, max(image.size) / _LONGEST_SIDE)
    if ratio > 1:
        image = image.resize((max(1, round(image.width / ratio)), max(1, round(image.height / ratio))))
    pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
    try:
        found = _engine()(pixels)
    except OcrUnavailableError:
        raise
    except Exception as error:  # the errors of three libraries, which have no class in common
        raise OcrUnavailableError("Reading text off a picture failed, as it does where memory is short.") from error
    lines = []
    for text, corners in zip(found.txts or (), () if found.boxes is None else found.boxes, strict=False):
        xs, ys = [float(x) * ratio * unit for x, _ in corners], [float(y) * ratio * unit for _, y in corners]
        shown = " ".join(clean(text).split())
        if shown:
            lines.append(OcrLine(shown, (min(xs), max(xs), min(ys), max(ys))))
    return lines


def line_blocks(lines: list[OcrLine], page: int) -> list[Block]:
    """Return the lines of one page as paragraphs, parted where the distance of two lines is large."""
    groups: list[list[OcrLine]] = []
    for line in lines:
        last = groups[-1][-1].box if groups else None
        if last is None or line.box[2] - last[3] > _PARAGRAPH_GAP * (last[3] - last[2]):
            groups.append([])
        groups[-1].append(line)
    return [_paragraph(group, page) for group in groups]


def _paragraph(lines: list[OcrLine], page: int) -> Block:
    texts = [f"{line.text}\n" for line in lines]
    texts[-1] += "\n"
    spans = tuple(Span(len(text), page, line.box) for text, line in zip(texts, lines, strict=True))
    return Block(Kind.PARAGRAPH, "".join(texts), 0, spans)


@cache
def _engine() -> Any:
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _NEEDED_MB * 2**20:
        raise OcrUnavailableError(
            f"Reading text off pictures needs a memory limit of {_NEEDED_MB} MB for a parser; "
            f"it has {limit // 2**20} MB."
        )
    refuse_openvino()
    from rapidocr import EngineType, RapidOCR

    openvino = {"inference_num_threads": _THREADS, "num_streams": 1}
    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "error",
            "Det.engine_type": EngineType.OPENVINO,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTION_SIDE,
            "Rec.engine_type": EngineType.OPENVINO,
            "Rec.rec_batch_num": 1,  # larger batches were slower and took more memory
            **{f"EngineConfig.openvino.{name}": value for name, value in openvino.items()},
        }
    )
