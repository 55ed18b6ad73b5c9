"""`knowflow serve`, and what is done to the organizations of a server that is not running."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import click

from knowflow_server import logs
from knowflow_server.cli.options import data_option, json_option, settings_from
from knowflow_server.settings import Settings
from knowflow_server.unneeded import leave_out_catalogues


def _sentence(error: Exception, settings: Settings) -> str:
    """Return what is wrong and what helps; the system's own errors name only a number and a file."""
    if not isinstance(error, OSError) or error.errno is None or error.filename is None:
        return str(error)
    return (
        f"The data folder {settings.data_dir} cannot be used: {error.strerror} ({error.filename}). "
        "Give this user the right to write there, or choose another folder with --data."
    )


@click.command()
@data_option
@click.option("--port", type=click.IntRange(0, 65535), help="Port of REST; 0 picks a free one. [KNOWFLOW_PORT]")
@click.option(
    "--grpc-port", type=click.IntRange(0, 65535), help="Port of gRPC; 0 picks a free one. [KNOWFLOW_GRPC_PORT]"
)
@click.option(
    "--ready-file", type=click.Path(path_type=Path, dir_okay=False), help="File that appears once REST and gRPC answer."
)
def serve(data: Path | None, port: int | None, grpc_port: int | None, ready_file: Path | None) -> None:
    """Serve REST and gRPC until Ctrl-C."""
    settings = settings_from(data, port, grpc_port)
    logs.configure(settings.log_level)
    # LanceDB's own log is no user's business; it must be told before it is loaded.
    os.environ.setdefault("LANCEDB_LOG", "error")
    os.environ.setdefault("LANCE_LOG", "error")
    leave_out_catalogues()
    # The server's children are started without fork. If a library forks all the same, gRPC's handlers would break calls
    # under way and can end the process.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    from knowflow_gateway.runner import GatewayError
    from knowflow_server.app import serve as run
    from knowflow_server.providers.addresses import BadAllowanceError
    from knowflow_server.store.database import DatabaseLockedError

    try:
        asyncio.run(run(settings, ready_file=ready_file, announce=lambda text: print(text, flush=True)))
    except (DatabaseLockedError, GatewayError, BadAllowanceError, OSError) as error:
        raise click.ClickException(_sentence(error, settings)) from None
    sys.exit(0)


@click.command("create-organization")
@click.argument("name")
@data_option
@click.option("--api-key", help="Value of its API key, which others on this machine may see. Default: a random one.")
@json_option
def create_organization(name: str, data: Path | None, api_key: str | None, *, as_json: bool) -> None:
    """Create an organization beside those that exist, and print its API key; the server must be stopped meanwhile."""
    settings = settings_from(data, None, None)
    from knowflow_server.app import create_organization as create
    from knowflow_server.store.database import DatabaseLockedError

    try:
        key = asyncio.run(create(settings, name=name, key=api_key))
    except (DatabaseLockedError, ValueError, OSError) as error:
        raise click.ClickException(_sentence(error, settings)) from None
    print(json.dumps({"name": name, "api_key": key}) if as_json else key)
