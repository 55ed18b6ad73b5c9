"""What README and the pages of the surfaces show of first calls is typed into a shell, and answers as it is shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowflow.client import KnowFlow
from tests.serving import Server, start_server

ROOT = Path(__file__).parents[2]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECTIONS = {
    "README.md": "Five minutes",
    **{
        f"clients/pages/{name}.md": "A first call"
        for name in ("knowflow", "platform", "flowgent", "knowledgebase", "konversation")
    },
}
# What differs from run to run: ids, keys, times, scores, durations.
CHANGING = re.compile(
    r"[0-9a-f]{32}|(?<=\")[0-9a-f]{16}(?=\")|kfs?_\w+|\d{4}-\d\d-\d\d[T ][\d:]+Z?|\d+\.\d+|(?<=execution_time\":)\d+"
)
NOTES = "# Tides\n\nThe moon pulls the sea towards itself, twice a day.\n\n# Bread\n\n"
NOTES += "Yeast makes the dough rise; salt slows it down.\n"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which nothing was made yet."""
    with start_server(tmp_path_factory.mktemp("first_calls")) as running:
        yield running


@pytest.fixture
def emptied(fresh: Server) -> Iterator[Server]:
    """The server without the datasets and assistants of another page, whose names are the same."""
    with KnowFlow(fresh.grpc_address, fresh.key) as client:
        for chat in list(client.chats.list()):
            client.chats.delete([chat.id])
        for dataset in list(client.datasets.list()):
            client.datasets.delete([dataset.id])
    yield fresh


def steps(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page's section, each with what it answers."""
    text = (ROOT / page).read_text()
    section = text[text.index(f"\n## {SECTIONS[page]}\n") :].split("\n## ")[1]
    found = []
    for block in CONSOLE.findall(section):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            last = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
            found.append(("\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :])))
    return found


def comparable(text: str) -> str:
    return re.sub(r"\s", "", CHANGING.sub("*", text))


@pytest.mark.parametrize("page", SECTIONS)
def test_first_calls_answer_as_the_page_shows(emptied: Server, page: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(NOTES)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")}
    environment |= {"KEY": emptied.key, "KNOWFLOW_ADDRESS": emptied.grpc_address, "NO_PROXY": "*"}
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    output = ""
    for command, answer in steps(page):
        assigned = re.fullmatch(r"(?:export )?([A-Z]+)=(\S.*)", command)
        if command.startswith(("make run", "export KEY")):
            continue
        if assigned and assigned[1] in {"DATASET", "DOCUMENT", "CHAT", "AGENT", "KB", "TOKEN"}:
            name = "token" if assigned[1] == "TOKEN" else "id"
            match = re.search(rf'"{name}": ?"([^"]+)"', output)
            assert match, f"{command}: the answer before has no {name}"
            environment[assigned[1]] = match[1]
            continue
        if assigned and assigned[1] == "J":
            environment["J"] = assigned[2].strip("'")
            continue
        if "KNOWFLOW_API_KEY" in command:
            environment |= {"KNOWFLOW_API_KEY": emptied.key, "PATH": path}
            continue
        typed = command.replace("localhost:9380", emptied.url.removeprefix("http://"))
        output = subprocess.run(
            ["bash", "-c", typed], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
        ).stdout
        told, rest = comparable(output), 0
        for shown in filter(None, comparable(answer).split("...")):
            assert shown in told[rest:], f"{command}\n{output}"
            rest = told.index(shown, rest) + len(shown)
        if '"document_ids"' in command and "/chunks" in command:
            with KnowFlow(emptied.grpc_address, emptied.key) as client:
                client.documents.wait(environment["DATASET"], [environment["DOCUMENT"]])
