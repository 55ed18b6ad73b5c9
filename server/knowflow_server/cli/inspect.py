"""`knowflow inspect`: parses and chunks a file without a server, and shows where the chunks stand."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from knowflow_server.cli.options import counted, json_option, refused

if TYPE_CHECKING:
    from knowflow_server.domain.ingest.layout import DrawnPage
    from knowflow_server.domain.ingest.pipeline import ChunkDraft

_DPI = 110
_BATCH = 16
_SHOWN = 88  # characters of a chunk in the listing
# Colours that stay apart from their neighbours for people who see few colours, too (Okabe and Ito).
_COLOURS = ((230, 159, 0), (86, 180, 233), (0, 158, 115), (213, 94, 0), (0, 114, 178), (204, 121, 167), (110, 110, 0))
_FILL = 45
_LINE = 3
_LABEL = 18


class _Config(click.ParamType[dict[str, Any]]):
    """A JSON object."""

    name = "json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """Return the object, or refuse the value."""
        if isinstance(value, dict):
            return value
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self.fail("It must be a JSON object, for example '{\"chunk_token_num\": 256}'.", param, ctx)
        return found


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--method", default="naive", show_default=True, help="Chunking method, as in a dataset's chunk_method.")
@click.option("--config", type=_Config(), default="{}", help="Parser configuration, as in a dataset's parser_config.")
@click.option("--page", type=click.IntRange(min=1), help="Show this page only, counted from 1.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the pictures of the pages. Default: the file's name with -chunks behind it.",
)
@json_option
def inspect(
    file: Path, method: str, config: dict[str, Any], page: int | None, out: Path | None, *, as_json: bool
) -> None:
    """Parse and chunk FILE without a server, list its chunks, and draw where they stand on its pages.

    Of PDFs and pictures each page with a chunk becomes a PNG; a chunk has the same colour and number there as in the
    list.
    """
    from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS
    from knowflow_server.domain.ingest.errors import IngestError

    if method not in CHUNKERS:
        raise click.BadParameter(f"There is no method {method}. Methods: {', '.join(sorted(CHUNKERS))}.")
    try:
        chunks = _chunks(file, method, config)
        shown = _on_page(chunks, page)
        if not as_json:
            _list(shown)
        pages = sorted({int(box[0]) for chunk in chunks for box in chunk.positions if page in {None, int(box[0])}})
        pictures = []
        for picture in _draw_pages(file, config, chunks, pages, out or Path(f"{file.name}-chunks")):
            pictures.append(str(picture))
            if not as_json:
                click.echo(f"Drew {picture}")
    except IngestError as error:
        raise click.ClickException(error.sentence) from None
    except OSError as error:
        raise refused(error, out or file) from None
    if as_json:
        print(
            json.dumps({"chunks": [_told(*one) for one in shown], "pictures": pictures}, ensure_ascii=False, indent=2)
        )
    elif not pictures and page is None:
        click.echo("The file has no pages that can be drawn.")


def _chunks(file: Path, method: str, config: dict[str, Any]) -> list[ChunkDraft]:
    from knowflow_server.domain.ingest.blocks import Progress
    from knowflow_server.domain.ingest.pipeline import ingest
    from knowflow_server.domain.ingest.tokens import MiniLmTokenCounter

    chunks: list[ChunkDraft] = []
    for item in ingest(file, name=file.name, method=method, config=config, count_tokens=MiniLmTokenCounter()):
        if isinstance(item, Progress):
            click.echo(item.message, err=True)
        else:
            chunks += item
    return chunks


def _on_page(chunks: list[ChunkDraft], page: int | None) -> list[tuple[int, ChunkDraft]]:
    """Return the chunks which stand on a page, or all, with their numbers."""
    shown = [(number, chunk) for number, chunk in enumerate(chunks, 1) if page is None or page in _pages(chunk)]
    if not shown and page is not None:
        known = sorted({each for chunk in chunks for each in _pages(chunk)})
        have = f"pages {known[0]} to {known[-1]} have" if known else "the file has no pages, or no page has"
        raise click.ClickException(f"No chunk stands on page {page}; {have} some.")
    return shown


def _told(number: int, chunk: ChunkDraft) -> dict[str, Any]:
    """Return a chunk as JSON."""
    return {
        "number": number,
        "pages": _pages(chunk),
        "token_count": chunk.token_count,
        "content": chunk.content,
        "questions": chunk.questions,
        "keywords": chunk.keywords,
        "positions": chunk.positions,
    }


def _list(shown: list[tuple[int, ChunkDraft]]) -> None:
    """Print a line for each chunk, and its questions and keywords."""
    for number, chunk in shown:
        pages = ",".join(map(str, _pages(chunk))) or "-"
        text = " ".join(chunk.content.split())
        text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        click.echo(f"{number:>5}  page {pages:<7} {chunk.token_count:>5} tokens  {text}")
        for label, words in (("question", chunk.questions), ("keyword", chunk.keywords)):
            for word in words:
                click.echo(f"{'':>5}  {label}: {word}")
    click.echo(f"{counted(len(shown), 'chunk')}, {sum(chunk.token_count for _, chunk in shown)} tokens.")


def _pages(chunk: ChunkDraft) -> list[int]:
    pages = {int(position[0]) for position in chunk.positions} or ({chunk.page_number} if chunk.page_number else set())
    return sorted(pages)


def _draw_pages(
    file: Path, config: dict[str, Any], chunks: list[ChunkDraft], pages: list[int], out: Path
) -> Iterator[Path]:
    """Draw the chunks on pages, and yield the pictures."""
    if not pages:
        return
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="inspect-") as folder:
        for drawn in _drawn(file, config, pages, Path(folder)):
            target = out / f"page-{drawn.number}.png"
            _mark(drawn, chunks)
            shutil.move(drawn.path, target)
            yield target


def _drawn(file: Path, config: dict[str, Any], pages: list[int], folder: Path) -> Iterator[DrawnPage]:
    """Yield the pages, drawn a few at a time."""
    from knowflow_server.domain.ingest.drawing import draw

    for start in range(0, len(pages), _BATCH):
        part = pages[start : start + _BATCH]
        ranges = {**config, "pages": [[number, number] for number in part]}
        drawn = draw(file, name=file.name, config=ranges, folder=folder, first=0, count=max(part), dpi=_DPI)
        yield from (page for page in drawn.pages if page.number in part)


def _mark(page: DrawnPage, chunks: list[ChunkDraft]) -> None:
    """Draw the positions of the chunks over the picture of a page."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(page.path) as picture:
        image = picture.convert("RGB")
    pen = ImageDraw.Draw(image, "RGBA")
    font = ImageFont.load_default(_LABEL)
    across, down = page.pixels[0] / page.size[0], page.pixels[1] / page.size[1]
    for number, chunk in enumerate(chunks, 1):
        colour = _COLOURS[(number - 1) % len(_COLOURS)]
        for where, x1, x2, y1, y2 in chunk.positions:
            if int(where) != page.number:
                continue
            # Drawn around the text, not over its edges.
            box = (x1 * across - _LINE, y1 * down - _LINE, x2 * across + _LINE, y2 * down + _LINE)
            pen.rectangle(box, fill=(*colour, _FILL), outline=colour, width=_LINE)
            label = str(number)
            width = pen.textlength(label, font=font) + 8
            left, top = max(box[0] - width, 0.0), box[1]
            pen.rectangle((left, top, left + width, top + _LABEL + 6), fill=colour)
            pen.text((left + 4, top + 2), label, fill="white", font=font)
    image.save(page.path)
