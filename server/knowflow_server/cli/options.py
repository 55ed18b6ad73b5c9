"""What several commands read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from knowflow_server.settings import Settings

# Exit codes beside 0 and click's 2 for wrong arguments: refused or failed, and no server answers.
FAILED, UNREACHABLE = 1, 3

data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Folder of all data. [KNOWFLOW_DATA_DIR]"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


class UnreachableError(click.ClickException):
    """No server answers."""

    exit_code = UNREACHABLE


def refused(error: OSError, path: Path | None = None) -> click.ClickException:
    """Return what the system says about a file; the path is for errors which name none."""
    place = error.filename or path
    return click.ClickException(f"{place}: {error.strerror or error}." if place else str(error))


def counted(count: int, thing: str) -> str:
    """Return how many of a thing there are, in words."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def settings_from(data: Path | None, port: int | None, grpc_port: int | None) -> Settings:
    """Return the settings with what the command line says, or end with what is wrong with them."""
    # Loaded only here: commands which talk to a server have no settings.
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from knowflow_server.settings import PREFIX, UnknownSettingError, load

    try:
        return load(data_dir=data, port=port, grpc_port=grpc_port)
    except (UnknownSettingError, SettingsError, tomllib.TOMLDecodeError) as error:
        # Of a value that is no JSON the name is said, and nothing else: it may hold a key.
        raise click.ClickException(str(error).split(" from source")[0]) from None
    except ValidationError as error:
        # The value itself stays out: it may be a secret.
        lines = []
        for problem in error.errors():
            name, *within = [str(part) for part in problem["loc"] if part != "[key]"] or [""]
            place = ".".join([PREFIX + name.upper(), *within]) + ": " if name else ""
            lines.append(place + problem["msg"].removeprefix("Value error, "))
        raise click.ClickException("Wrong settings:\n  " + "\n  ".join(lines)) from None
