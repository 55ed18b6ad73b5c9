"""What the commands share which talk to a running server: its address, a key, the form of output, and errors."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import click
from google.protobuf import json_format
from google.protobuf.message import Message
from rich.console import Console

from knowflow.channel import Target
from knowflow.client import ApiError, AsyncKnowFlow, KnowFlow
from knowflow_server.cli.options import FAILED, UNREACHABLE, json_option, refused

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Remote:
    """A server to talk to, and how to say what it answers.

    Args:
        address: Its address; None means KNOWFLOW_ADDRESS, else localhost.
        api_key: The key to show; None means KNOWFLOW_API_KEY.
        as_json: Whether to print JSON for programs instead of text for people.
    """

    address: str | None
    api_key: str | None
    as_json: bool
    console: Console

    def client(self) -> KnowFlow:
        """Return a client that blocks."""
        return KnowFlow(self.address, self.api_key)

    def aclient(self) -> AsyncKnowFlow:
        """Return a client for asyncio."""
        return AsyncKnowFlow(self.address, self.api_key)

    def print_json(self, value: Any) -> None:
        """Print JSON, a message of the API included."""
        if isinstance(value, Message):
            value = json_format.MessageToDict(value)
        print(json.dumps(value, ensure_ascii=False, indent=2))


def remote(command: F) -> F:
    """Give a command the options of a server, and a `Remote` as its first argument; turn errors into sentences."""

    @click.option("--address", help="Address of the server, localhost:9390. [KNOWFLOW_ADDRESS]")
    @click.option("--api-key", help="Better in the environment, where others do not see it. [KNOWFLOW_API_KEY]")
    @json_option
    @functools.wraps(command)
    def wrapped(address: str | None, api_key: str | None, *, as_json: bool, **arguments: Any) -> Any:
        target = Remote(address, api_key, as_json, Console(stderr=as_json, emoji=False))
        try:
            Target.of(address, api_key, secure=False)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        try:
            return command(target, **arguments)
        except ApiError as error:
            _say(error, as_json=as_json)
            sys.exit(UNREACHABLE if error.code.name == "UNAVAILABLE" and not error.reason else FAILED)
        except OSError as error:
            raise refused(error) from None

    return cast("F", wrapped)


def _say(error: ApiError, *, as_json: bool) -> None:
    if as_json:
        content = {"reason": error.reason, "message": str(error), "metadata": error.metadata}
        print(json.dumps({"error": content}, ensure_ascii=False), file=sys.stderr)
        return
    click.echo(f"Error: {_sentence(error)}", err=True)


def _sentence(error: ApiError) -> str:
    if error.code.name == "UNAVAILABLE" and not error.reason:
        return "No server answers. Start one with `knowflow serve`, or name its address with --address."
    if error.reason in {"API_KEY_MISSING", "API_KEY_INVALID"}:
        return f"{error} Set KNOWFLOW_API_KEY to a key of the server, which shows the first one when it starts."
    return str(error)
