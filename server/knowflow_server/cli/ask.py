"""`knowflow search` and `knowflow chat`: questions from the terminal."""

from __future__ import annotations

import sys

import click
from google.protobuf import json_format
from rich.markup import escape

from knowflow.client import ApiError, KnowFlow
from knowflow.v1.chat_pb2 import Chat
from knowflow.v1.completion_service_pb2 import CompleteResponse
from knowflow_server.cli.finding import chat_named, known_dataset
from knowflow_server.cli.remote import Remote, remote

SHOWN = 400  # characters of a chunk
# Assistants which the command makes for datasets that have none.
PREFIX = "command line: "


@click.command()
@click.argument("question")
@click.option("--dataset", "names", multiple=True, help="Where to search; several are allowed. Default: all datasets.")
@click.option("--top", type=click.IntRange(1, 1000), default=5, show_default=True, help="Most chunks to show.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="The least similarity. Default: 0.2.")
@remote
def search(target: Remote, question: str, names: tuple[str, ...], top: int, threshold: float | None) -> None:
    """Show the chunks which answer QUESTION, best first."""
    with target.client() as client:
        ids = [known_dataset(client, name).id for name in names] or [one.id for one in client.datasets.list()]
        if not ids:
            raise click.ClickException("There is no dataset yet; make one with `knowflow ingest`.")
        chunks = client.retrieve(question, dataset_ids=ids, top=top, similarity_threshold=threshold)
    if target.as_json:
        target.print_json([json_format.MessageToDict(chunk) for chunk in chunks])
        return
    for place, chunk in enumerate(chunks, 1):
        page = f", page {chunk.page_number}" if chunk.page_number else ""
        target.console.print(f"[bold]{place}. {escape(chunk.document_name)}{page}[/]  [cyan]{chunk.similarity:.3f}[/]")
        text = " ".join(chunk.content.split())
        target.console.print(escape(text[:SHOWN] + ("…" if len(text) > SHOWN else "")) + "\n")
    if not chunks:
        target.console.print("Nothing answers this question.")


@click.command()
@click.argument("question", required=False)
@click.option("--chat", "name", help="Name of an assistant.")
@click.option("--dataset", help="Name of a dataset, for which an assistant is made when it has none.")
@remote
def chat(target: Remote, question: str | None, name: str | None, dataset: str | None) -> None:
    """Ask QUESTION, or talk when there is none; Ctrl-D ends the talk."""
    if (name is None) == (dataset is None):
        raise click.UsageError("Name either an assistant with --chat or a dataset with --dataset.")
    with target.client() as client:
        assistant = _assistant(client, name, dataset)
        if question is not None:
            _ask(target, client, assistant, question, "")
            return
        if target.as_json:
            raise click.UsageError("--json takes one question.")
        session_id = ""
        while True:
            try:
                line = input("you> ").strip()
            except (EOFError, KeyboardInterrupt):
                target.console.print()
                return
            if line:
                session_id = _ask(target, client, assistant, line, session_id)


def _assistant(client: KnowFlow, name: str | None, dataset: str | None) -> Chat:
    if name is not None:
        found = chat_named(client, name)
        if found is None:
            names = ", ".join(one.name for one in client.chats.list())
            raise click.ClickException(f"There is no assistant {name!r}. There are: {names or 'none'}.")
        return found
    assert dataset is not None
    base = known_dataset(client, dataset)
    title = PREFIX + base.name
    return chat_named(client, title) or client.chats.create(title, dataset_ids=[base.id])


def _ask(target: Remote, client: KnowFlow, assistant: Chat, question: str, session_id: str) -> str:
    """Ask a question, show the answer as it is written, and return the session."""
    whole = CompleteResponse()
    try:
        for message in client.chats.stream(assistant.id, question, session_id=session_id):
            if message.HasField("finished"):
                whole = message.finished
            elif message.delta and not target.as_json:
                # Pieces of words are no lines: the terminal gets them as they are.
                sys.stdout.write(message.delta)
                sys.stdout.flush()
    except ApiError:
        # What is wrong begins a line of its own.
        if not target.as_json:
            print()
        raise
    if target.as_json:
        target.print_json(whole)
        return whole.session_id
    print()
    for source, numbers in sources_of(whole).items():
        marks = " ".join(f"[{number}]" for number in numbers)
        target.console.print(f"  [dim]{escape(f'{marks} {source}')}[/]")
    return whole.session_id


def sources_of(answer: CompleteResponse) -> dict[str, list[int]]:
    """Return the places which an answer rests on, with the numbers by which its marks `[ID:n]` name their chunks."""
    found: dict[str, list[int]] = {}
    for number, chunk in enumerate(answer.reference.chunks):
        page = f", page {chunk.page_number}" if chunk.page_number else ""
        found.setdefault(f"{chunk.document_name}{page}", []).append(number)
    return found
