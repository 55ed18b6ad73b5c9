"""What travels to a layout service and back: pictures of pages, answers, and the form of their positions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal, cast, get_args

from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.formats import FORMATS

Service = Literal["mineru", "dots"]

_READERS = frozenset({"pdf", "picture"})
_EXTENSIONS = frozenset(extension for row in FORMATS if row.reader in _READERS for extension in row.extensions)
DOTS_DPI = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """The answer of a layout service on disk.

    Attributes:
        service: Which one.
        path: `mineru`: the body of its answer. `dots`: for each page a line of JSON, see `page_line`.
    """

    service: Service
    path: Path


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A picture of a page.

    Attributes:
        number: Page number, from 1.
        path: The picture, PNG.
        pixels: Width and height of the picture.
        size: Width and height of the page in points.
    """

    number: int
    path: Path
    pixels: tuple[int, int]
    size: tuple[float, float]


@dataclass(frozen=True, slots=True)
class DrawnPages:
    """Some pages of a document.

    Attributes:
        numbers: All pages that are wanted of the document.
        pages: Those that were drawn now; pages that cannot be drawn are missing.
    """

    numbers: tuple[int, ...]
    pages: tuple[DrawnPage, ...]


def wanted_service(name: str, config: Mapping[str, Any]) -> Service | None:
    """Return the layout service that a document's configuration asks for, or None for formats without pages."""
    service = read_config(config).missing_service.lower()
    if service not in get_args(Service) or PurePath(name).suffix.lower() not in _EXTENSIONS:
        return None
    return cast("Service", service)


def shown_positions(positions: tuple[tuple[float, ...], ...], layout: Layout | None) -> tuple[tuple[float, ...], ...]:
    """Return positions in the form which the layout's parser documents.

    `(page, x1, x2, y1, y2)` in points stays as it is, but for pages that the dots service read: there it becomes
    `(x1, y1, x2, y2)` in pixels at 200 dpi.
    """
    if layout is None or layout.service != "dots":
        return positions
    scale = DOTS_DPI / 72
    return tuple(
        (round(x1 * scale, 1), round(y1 * scale, 1), round(x2 * scale, 1), round(y2 * scale, 1))
        for _, x1, x2, y1, y2 in positions
    )


def page_line(page: DrawnPage, text: str) -> str:
    """Return the line by which a service's text about a page is kept."""
    fields = {"number": page.number, "pixels": page.pixels, "size": page.size, "text": text}
    return json.dumps(fields, separators=(",", ":")) + "\n"


def page_lines(path: Path) -> Iterator[tuple[DrawnPage, str]]:
    """Yield what `page_line` kept; the pictures are gone."""
    with path.open(encoding="ascii") as file:
        for line in file:
            fields = json.loads(line)
            size = tuple(fields["size"])
            yield DrawnPage(fields["number"], path, tuple(fields["pixels"]), (size[0], size[1])), fields["text"]
