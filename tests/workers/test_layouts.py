"""Drawn pages and layouts between the server and its parse workers."""

from pathlib import Path

import pytest

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.layout import DrawnPage, DrawnPages, Layout
from knowflow_server.workers.frames import Frame, FrameError
from knowflow_server.workers.layouts import drawn_frame, layout_body, read_drawn, read_layout
from knowflow_server.workers.parse_pool import ParsePool
from tests.domain.ingest.files import paragraph, pdf, save


def test_drawn_pages_come_back_as_they_were(tmp_path: Path) -> None:
    drawn = DrawnPages((1, 3), (DrawnPage(3, tmp_path / "page-3.png", (560, 840), (595.2, 841.8)),))
    assert drawn == read_drawn(drawn_frame(drawn), tmp_path)


def test_layout_comes_back_as_it_was(tmp_path: Path) -> None:
    layout = Layout("dots", tmp_path / "answer")
    assert layout == read_layout(layout_body(layout))


@pytest.mark.parametrize("path", ["/etc/passwd", "../page-1.png", "page-1.png"])
def test_drawn_page_that_lies_elsewhere_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "page-1.png").symlink_to("/etc/hostname")
    row = [1, str(tmp_path / path) if not path.startswith("/") else path, [1, 1], [1, 1]]
    with pytest.raises(FrameError):
        read_drawn(Frame("item", {"numbers": [1], "pages": [row]}), tmp_path)


async def test_worker_draws_some_pages_and_lives_on(tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([paragraph(f"Page {number}.") for number in range(5)]))
    broken = save(tmp_path, "b.pdf", b"%PDF-1.7\n")
    pool = ParsePool()
    try:
        drawn = await pool.draw(path, name="a.pdf", config={}, folder=tmp_path, first=2, count=2)
        [worker] = pool.workers
        with pytest.raises(IngestError, match="damaged"):
            await pool.draw(broken, name="b.pdf", config={}, folder=tmp_path, first=0, count=1)
        seen = await pool.draw(path, name="a.pdf", config={}, folder=tmp_path, first=0, count=0)
        assert [worker] == pool.workers
    finally:
        await pool.close()
    assert ((1, 2, 3, 4, 5), [3, 4]) == (drawn.numbers, [page.number for page in drawn.pages])
    assert DrawnPages((1, 2, 3, 4, 5), ()) == seen
    assert all(page.path.read_bytes().startswith(b"\x89PNG") for page in drawn.pages)
