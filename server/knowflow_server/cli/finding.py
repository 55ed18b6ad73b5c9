"""Things of a server by the names under which people know them."""

from __future__ import annotations

import click

from knowflow.client import KnowFlow
from knowflow.v1.chat_pb2 import Chat
from knowflow.v1.dataset_pb2 import Dataset


def dataset_named(client: KnowFlow, name: str) -> Dataset | None:
    """Return the dataset of a name or an id, without regard to case, or None."""
    for dataset in client.datasets.list(name=name):
        if dataset.name.casefold() == name.casefold():
            return dataset
    return next((dataset for dataset in client.datasets.list() if dataset.id == name), None)


def known_dataset(client: KnowFlow, name: str) -> Dataset:
    """Return the dataset of a name or an id.

    Raises:
        ClickException: There is none; the sentence names those that there are.
    """
    found = dataset_named(client, name)
    if found is not None:
        return found
    names = [dataset.name for dataset in client.datasets.list()]
    there = f"There are: {', '.join(names[:20])}." if names else "There is none yet; make one with `knowflow ingest`."
    raise click.ClickException(f"There is no dataset {name!r}. {there}")


def chat_named(client: KnowFlow, name: str) -> Chat | None:
    """Return the assistant of a name or an id, or None."""
    return next((chat for chat in client.chats.list() if name.casefold() in (chat.name.casefold(), chat.id)), None)
