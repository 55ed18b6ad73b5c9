"""What several commands read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from knowflow_server.settings import Settings, UnknownSettingError, load


def settings_from(data: Path | None, port: int | None, grpc_port: int | None) -> Settings:
    """Return the settings with what the command line says, or end with what is wrong with them."""
    try:
        return load(data_dir=data, port=port, grpc_port=grpc_port)
    except (UnknownSettingError, SettingsError, tomllib.TOMLDecodeError) as error:
        # Of a value that is no JSON the name is said, and nothing else: it may hold a key.
        raise click.ClickException(str(error).split(" from source")[0]) from None
    except ValidationError as error:
        # The value itself stays out: it may be a secret.
        lines = [f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in error.errors()]
        raise click.ClickException("Wrong settings:\n  " + "\n  ".join(lines)) from None
