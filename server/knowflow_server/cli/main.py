"""The command `knowflow`. Each of its commands is loaded when it is called: who searches does not wait for Arrow."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

# The module and the name of each command.
COMMANDS = {
    "backup": ("backup", "backup"),
    "chat": ("ask", "chat"),
    "create-organization": ("serve", "create_organization"),
    "credits": ("credits", "ledger"),
    "doctor": ("doctor", "doctor"),
    "export": ("transfer", "export_dataset"),
    "import": ("transfer", "import_dataset"),
    "ingest": ("ingest", "ingest"),
    "inspect": ("inspect", "inspect"),
    "keys": ("keys", "keys"),
    "search": ("ask", "search"),
    "serve": ("serve", "serve"),
}


class _Commands(click.Group):
    """The commands in files of their own, and those which are added to it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*COMMANDS, *super().list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded now, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = COMMANDS[cmd_name]
        return cast("click.Command", getattr(import_module(f"knowflow_server.cli.{module}"), name))


@click.group(cls=_Commands)
@click.version_option(package_name="knowflow")
def main() -> None:
    """KnowFlow: knowledge bases and AI agents, self-hosted."""


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion for SHELL: eval "$(knowflow completion bash)" in ~/.bashrc."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    print(kind(main, {}, "knowflow", "_KNOWFLOW_COMPLETE").source())
