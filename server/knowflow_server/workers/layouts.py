"""Layouts and drawn pages as frames."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from knowflow_server.domain.ingest.layout import DrawnPage, DrawnPages, Layout, Service
from knowflow_server.workers.frames import Frame, FrameError


def layout_body(layout: Layout) -> dict[str, str]:
    """Return what a request says of a layout."""
    return {"service": layout.service, "path": str(layout.path)}


def read_layout(body: Mapping[str, str]) -> Layout:
    """Return the layout which a request speaks of."""
    return Layout(cast("Service", body["service"]), Path(body["path"]))


def drawn_frame(drawn: DrawnPages) -> Frame:
    """Return the item frame of drawn pages."""
    pages = [[page.number, str(page.path), page.pixels, page.size] for page in drawn.pages]
    return Frame("item", {"numbers": drawn.numbers, "pages": pages})


def read_drawn(frame: Frame, folder: Path) -> DrawnPages:
    """Return the drawn pages of an item frame.

    Args:
        frame: From a worker, which a hostile file may have taken over.
        folder: Where the pictures must be.

    Raises:
        FrameError: It holds none, or a picture lies elsewhere; the worker is broken or not to be trusted.
    """
    try:
        numbers = tuple(int(number) for number in frame.body["numbers"])
        pages = tuple(_read_page(row, folder) for row in frame.body["pages"])
    except (KeyError, TypeError, ValueError) as error:
        raise FrameError("An item holds no drawn pages.") from error
    return DrawnPages(numbers, pages)


def _read_page(row: Any, folder: Path) -> DrawnPage:
    number, path, (width, height), (across, down) = row
    picture = Path(path)
    if picture.parent != folder or picture.is_symlink():
        raise ValueError("a picture outside the folder")
    return DrawnPage(int(number), picture, (int(width), int(height)), (float(across), float(down)))
