"""Speed and memory of reading PDFs, beside bare pdfplumber on the same files; each in a process of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate, Table

from tests.bench.table import Row

PAGES = 60
WORDS = """
    moon sea tide salt wind stone river bread yeast flour oven storm harbour sailor island coast winter
""".split()  # noqa: SIM905 - a list of quoted words reads worse

# Text, headings, tables, positions and chunks: all that a parse worker does but for embedding.
OURS = """
from pathlib import Path
from knowflow_server.domain.ingest.pipeline import Progress, ingest
from knowflow_server.domain.ingest.tokens import MiniLmTokenCounter
counter = MiniLmTokenCounter()
counter(["warm"])
begin()
chunks = [item for item in ingest(Path(path), name=path, method="smart", config={}, count_tokens=counter)]
assert sum(len(item) for item in chunks if not isinstance(item, Progress))
"""
BARE = """
import pdfplumber
begin()
with pdfplumber.open(path) as document:
    for page in document.pages:
        assert page.extract_text()
        page.close()
"""
FRAME = """
import json, resource, sys, time
path = sys.argv[1]
def begin():
    global start
    start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def write(folder: Path) -> dict[str, Path]:
    """Write a report of one column, a paper of two, and pages of ruled tables; each about 60 pages."""
    rng = random.Random(5)
    styles = getSampleStyleSheet()

    def text(words: int) -> str:
        return " ".join(rng.choices(WORDS, k=words)).capitalize() + "."

    def story(*, tables: bool) -> list[object]:
        parts: list[object] = [Paragraph(f"{rng.randint(1, 99)} {text(3)}", styles["Heading1"])]
        for _ in range(6):
            parts.append(Paragraph(text(85), styles["BodyText"]))
        if tables:
            rows = [[text(2), str(rng.random())[:6], text(1), str(rng.randint(1, 999))] for _ in range(25)]
            parts.append(Table(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
        return parts

    paths = {name: folder / f"{name}.pdf" for name in ("one column", "two columns", "ruled tables")}
    SimpleDocTemplate(str(paths["one column"]), pagesize=A4).build([p for _ in range(70) for p in story(tables=False)])
    SimpleDocTemplate(str(paths["ruled tables"]), pagesize=A4).build([p for _ in range(40) for p in story(tables=True)])
    two = BaseDocTemplate(str(paths["two columns"]), pagesize=A4)
    frames = [Frame(50 + 255 * column, 60, 240, 720, id=str(column)) for column in range(2)]
    two.addPageTemplates([PageTemplate(frames=frames)])
    two.build([p for _ in range(70) for p in story(tables=False)])
    return paths


def run(work: str, path: Path) -> tuple[float, float]:
    """Return the seconds of the work and the largest memory of its process in MB."""
    command = [sys.executable, "-c", FRAME.format(work=work), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def measure(folder: Path) -> list[Row]:
    """Return the figures."""
    import pypdfium2

    rows = []
    for name, path in write(folder).items():
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        document.close()
        # The better of two, taken in turns: a machine that others share is never faster than it is.
        pairs = [(run(OURS, path), run(BARE, path)) for _ in range(2)]
        ours, bare = min(first for first, _ in pairs), min(second for _, second in pairs)
        rows.append(
            Row(
                f"PDF to chunks, {name}, {pages} pages, peak memory",
                f"{pages / ours[0]:.0f} pages/s, {ours[1]:.0f} MB",
                f"{pages / bare[0]:.0f} pages/s, {bare[1]:.0f} MB, bare pdfplumber text",
                f"{bare[0] / ours[0]:.1f}",
            )
        )
    return rows
