"""`knowflow keys`: API keys of the organization."""

from __future__ import annotations

import click
from google.protobuf import json_format
from rich.markup import escape
from rich.table import Column, Table

from knowflow_server.cli.remote import Remote, remote
from knowflow_server.domain.permission import NAMES

# A key with all permissions is shown as one that may do everything.
ALL = len(NAMES)


@click.group()
def keys() -> None:
    """Create, list and revoke API keys."""


@keys.command()
@click.argument("name")
@click.option("--permission", "permissions", multiple=True, help="What it may do. Default: all that your key may.")
@click.option("--expires-at", default="", help="Time after which it is refused, 2030-01-15T10:30:00Z. Default: never.")
@remote
def create(target: Remote, name: str, permissions: tuple[str, ...], expires_at: str) -> None:
    """Create a key with a NAME, and print its value, which is shown only now."""
    with target.client() as client:
        made = client.keys.create(name, permissions=permissions, expires_at=expires_at)
    if target.as_json:
        target.print_json(made)
    else:
        print(made.token)


@keys.command("list")
@remote
def list_keys(target: Remote) -> None:
    """List the keys, without their values."""
    with target.client() as client:
        found = list(client.keys.list())
    if target.as_json:
        target.print_json([json_format.MessageToDict(key) for key in found])
        return
    # An id is there to be copied: the other columns give way.
    table = Table(Column("id", no_wrap=True), "name", "key", "permissions", "last used", "expires", box=None)
    for key in found:
        shown = f"{key.prefix}…{key.last4}"
        allowed = "everything" if len(key.permissions) == ALL else ", ".join(key.permissions)
        table.add_row(key.id, escape(key.name), shown, allowed, key.last_used_at or "never", key.expires_at or "never")
    target.console.print(table)


@keys.command()
@click.argument("key_id")
@remote
def revoke(target: Remote, key_id: str) -> None:
    """Revoke the key with an id: the next call with it is refused."""
    with target.client() as client:
        client.keys.revoke(key_id)
    if target.as_json:
        target.print_json({"revoked": key_id})
    else:
        target.console.print("The key is revoked.")
