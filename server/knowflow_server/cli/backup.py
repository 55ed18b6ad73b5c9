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

from knowflow_server.cli.options import data_option, json_option, refused

LOCKED = "A server works on {folder}; stop it first, so that the backup is of one moment."


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@json_option
def backup(file: Path, data: Path | None, *, as_json: bool) -> None:
    """Write the data folder to FILE, a .tar.gz; the server must be stopped. Unpack it to restore."""
    folder = data or Path(os.environ.get("KNOWFLOW_DATA_DIR", "data"))
    if not (folder / "db").is_dir():
        raise click.ClickException(f"{folder} holds no data of a server.")
    if file.resolve().is_relative_to(folder.resolve()):
        raise click.ClickException("The backup cannot lie in the folder which it is of.")
    try:
        with _held(folder):
            _write(folder, file)
    except OSError as error:
        raise refused(error, file) from None
    size = file.stat().st_size
    if as_json:
        print(json.dumps({"file": str(file), "bytes": size}))
    else:
        print(f"{folder} is in {file}, {size / 1e6:.1f} MB. Restore it with: mkdir DATA && tar -xzf {file} -C DATA")


def _write(folder: Path, file: Path) -> None:
    unfinished = file.with_name(file.name + ".part")
    try:
        # For this user alone: the key which encrypts secrets is among the data.
        with open(unfinished, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as written:
            with tarfile.open(fileobj=written, mode="w:gz", compresslevel=1) as archive:
                archive.add(folder, arcname=".")
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


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
