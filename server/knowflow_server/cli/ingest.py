"""`knowflow ingest`: uploads files and has them parsed, with a bar for each."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from knowflow.client import ApiError, AsyncKnowFlow
from knowflow_server.cli.finding import dataset_named
from knowflow_server.cli.options import FAILED, counted
from knowflow_server.cli.remote import Remote, remote

# Files under way at once: uploads are quick, and the server parses as many as it has workers.
AT_ONCE = 8
SHARE_OF_UPLOAD = 10  # percent of a bar
WHOLE = 100


@dataclass
class Outcome:
    """What became of a file."""

    file: str
    document_id: str = ""
    chunks: int = 0
    seconds: float = 0.0
    error: str = ""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dataset", required=True, help="Name of the dataset; made when there is none.")
@click.option("--method", help="Chunking method of a new dataset. Default: naive.")
@remote
def ingest(target: Remote, files: tuple[Path, ...], dataset: str, method: str | None) -> None:
    """Upload FILES, folders with everything in them, and have them parsed.

    The exit code is 0 when every file was parsed, and 1 when one was not; the summary names those and says why.
    """
    paths = _all_of(files)
    if not paths:
        raise click.ClickException("There are no files in these folders.")
    with target.client() as client:
        found = dataset_named(client, dataset) or client.datasets.create(dataset, chunk_method=method)
    began = time.monotonic()
    outcomes = asyncio.run(_ingest(target, found.id, paths))
    _summarize(target, found.name, found.id, outcomes, time.monotonic() - began)
    sys.exit(FAILED if any(outcome.error for outcome in outcomes) else 0)


def _all_of(files: Sequence[Path]) -> list[Path]:
    """Return the files, those of folders in the order of their names; what begins with a dot is left out."""
    found: list[Path] = []
    for path in files:
        if not path.is_dir():
            found.append(path)
            continue
        inside = (item for item in sorted(path.rglob("*")) if item.is_file())
        found += [item for item in inside if not any(part.startswith(".") for part in item.relative_to(path).parts)]
    return found


async def _ingest(target: Remote, dataset_id: str, paths: Sequence[Path]) -> list[Outcome]:
    columns = (
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
    )
    gate = asyncio.Semaphore(AT_ONCE)
    with Progress(*columns, console=target.console, disable=target.as_json) as progress:
        files = progress.add_task("all files", total=len(paths), state="")
        async with target.aclient() as client:

            async def one(path: Path) -> Outcome:
                async with gate:
                    outcome = await _file(client, dataset_id, path, progress)
                progress.advance(files)
                return outcome

            return await asyncio.gather(*map(one, paths))


async def _file(client: AsyncKnowFlow, dataset_id: str, path: Path, progress: Progress) -> Outcome:
    bar = progress.add_task(escape(path.name), total=WHOLE, state="uploading")
    outcome, began = Outcome(str(path)), time.monotonic()
    try:
        await _parse(client, dataset_id, path, outcome, progress, bar)
    except (ApiError, OSError) as error:
        outcome.error = str(error) or type(error).__name__
    outcome.seconds = round(time.monotonic() - began, 2)
    state = f"[red]{escape(outcome.error.splitlines()[0][:60])}" if outcome.error else counted(outcome.chunks, "chunk")
    progress.update(bar, completed=WHOLE, state=state)
    return outcome


async def _parse(
    client: AsyncKnowFlow, dataset_id: str, path: Path, outcome: Outcome, progress: Progress, bar: TaskID
) -> None:
    def sent(done: int, whole: int) -> None:
        progress.update(bar, completed=SHARE_OF_UPLOAD * done / max(whole, 1))

    [document] = await client.documents.upload(dataset_id, [path], on_progress=sent)
    outcome.document_id = document.id
    await client.documents.parse(dataset_id, [document.id])
    last = document
    async for last in client.documents.watch(dataset_id, document.id):
        share = SHARE_OF_UPLOAD + (WHOLE - SHARE_OF_UPLOAD) * last.progress / WHOLE
        progress.update(bar, completed=share, state="parsing")
    outcome.chunks = last.chunk_count
    if last.run != "DONE":
        outcome.error = last.progress_msg.strip().rpartition("\n")[2] or f"It ended as {last.run}."


def _summarize(target: Remote, name: str, dataset_id: str, outcomes: Sequence[Outcome], seconds: float) -> None:
    if target.as_json:
        content = {"dataset_id": dataset_id, "dataset": name, "seconds": round(seconds, 2)}
        target.print_json(content | {"files": [asdict(outcome) for outcome in outcomes]})
        return
    broken = [outcome for outcome in outcomes if outcome.error]
    chunks = sum(outcome.chunks for outcome in outcomes)
    done = len(outcomes) - len(broken)
    told = f"{done} of {len(outcomes)} files are in {name!r}: {counted(chunks, 'chunk')} in {seconds:.1f} s."
    target.console.print(f"\n{escape(told)}")
    if broken:
        table = Table("file", "why it is not", title="Not parsed", title_justify="left", box=None)
        for outcome in broken:
            table.add_row(escape(outcome.file), escape(outcome.error))
        target.console.print(table)
