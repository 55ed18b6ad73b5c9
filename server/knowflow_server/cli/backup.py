"""`knowflow backup`: everything a server has, as one file."""

from __future__ import annotations

import fcntl
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

LOCKED = "A server works on {folder}; stop it first, so that the backup is of one moment."


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Folder of all data. [KNOWFLOW_DATA_DIR]"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def backup(file: Path, data: Path | None, *, as_json: bool) -> None:
    """Write the data folder to FILE, a .tar.gz; the server must be stopped. Unpack it to restore."""
    folder = data or Path(os.environ.get("KNOWFLOW_DATA_DIR", "data"))
    if not (folder / "db").is_dir():
        raise click.ClickException(f"{folder} holds no data of a server.")
    if file.resolve().is_relative_to(folder.resolve()):
        raise click.ClickException("The backup cannot lie in the folder which it is of.")
    unfinished = file.with_name(file.name + ".part")
    with _held(folder):
        with tarfile.open(unfinished, "w:gz", compresslevel=1) as archive:
            archive.add(folder, arcname=".")
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    size = file.stat().st_size
    if as_json:
        print(json.dumps({"file": str(file), "bytes": size}))
    else:
        print(f"{folder} is in {file}, {size / 1e6:.1f} MB. Restore it with: mkdir DATA && tar -xzf {file} -C DATA")


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep servers away from a data folder."""
    lock = os.open(folder / "db" / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise click.ClickException(LOCKED.format(folder=folder)) from None
    else:
        yield
    finally:
        os.close(lock)
