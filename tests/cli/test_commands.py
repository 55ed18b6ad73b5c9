"""The commands which talk to a running server, as a user calls them."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from knowflow.client import KnowFlow
from knowflow.v1.completion_service_pb2 import CompleteResponse
from knowflow.v1.session_pb2 import Reference, ReferenceChunk
from knowflow_server.cli.ask import sources_of
from knowflow_server.cli.main import main
from tests.cases.matching import Tag
from tests.cases.sample_files import sample
from tests.serving import Server

Run = Callable[..., Result]
DOGS = "Dogs bark at the postman."


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line against the server."""
    monkeypatch.setenv("KNOWFLOW_ADDRESS", server.grpc_address)
    monkeypatch.setenv("KNOWFLOW_API_KEY", server.key)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments, **options: CliRunner().invoke(main, [str(one) for one in arguments], **options)


@pytest.fixture
def client(server: Server) -> Iterator[KnowFlow]:
    with KnowFlow(server.grpc_address, server.key) as client:
        yield client


@pytest.fixture
def forget(client: KnowFlow) -> Iterator[list[str]]:
    """Names of datasets that go after the test, with the assistants made for them."""
    names: list[str] = []
    yield names
    chats = [one.id for one in client.chats.list() if one.name.removeprefix("command line: ") in names]
    if chats:
        client.chats.delete(chats)
    client.datasets.delete([one.id for one in client.datasets.list() if one.name in names])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty files, two of which are broken."""
    files = tmp_path / "files"
    (files / "more").mkdir(parents=True)
    for number in range(15):
        (files / f"note{number:02}.md").write_text(f"# Note {number}\n\nNumber {number} is about the house.")
    (files / "more" / "dogs.txt").write_text(DOGS)
    (files / "more" / "small.pdf").write_bytes(sample(Tag("file", "small.pdf")))
    (files / "more" / "small.html").write_bytes(sample(Tag("file", "small.html")))
    (files / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    (files / "broken.docx").write_bytes(b"no archive")
    (files / ".hidden").write_text("nobody's business")
    return files


def test_ingest_shows_names_as_they_are(run: Run, forget: list[str], tmp_path: Path) -> None:
    forget.append("brackets")
    (tmp_path / "dogs [final].txt").write_text(DOGS)
    result = run("ingest", tmp_path / "dogs [final].txt", "--dataset", "brackets")
    assert (result.exit_code, "dogs [final].txt" in result.output) == (0, True), result.output


def test_ingest_of_a_folder_names_the_broken_files(run: Run, folder: Path, forget: list[str]) -> None:
    forget.append("a folder")
    result = run("ingest", folder, "--dataset", "a folder")
    assert result.exit_code == 1
    assert "18 of 20 files are in 'a folder'" in result.output
    assert "broken.pdf" in result.output
    assert "broken.docx" in result.output
    assert ".hidden" not in result.output


def test_ingest_as_json_then_search_and_chat(run: Run, folder: Path, forget: list[str]) -> None:
    forget.append("dogs and more")
    result = run("ingest", folder / "more", "--dataset", "dogs and more", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [Path(one["file"]).name for one in told["files"]] == ["dogs.txt", "small.html", "small.pdf"]
    assert all(one["chunks"] and not one["error"] for one in told["files"])

    found = json.loads(run("search", "Who barks?", "--dataset", "Dogs and More", "--top", 1, "--json").stdout)
    assert [one["content"] for one in found] == [DOGS]
    assert "dogs.txt" in run("search", "Who barks?", "--dataset", "dogs and more").output

    once = run("chat", "--dataset", "dogs and more", "Who barks?")
    assert once.exit_code == 0, once.output
    assert "[0] " in once.output
    talk = run("chat", "--dataset", "dogs and more", input="Who barks?\nAnd why?\n")
    assert talk.exit_code == 0, talk.output
    assert talk.output.count("you> ") == 3


def test_ingest_shows_names_with_brackets_as_they_are(run: Run, forget: list[str], tmp_path: Path) -> None:
    forget.append("a [draft]")
    (tmp_path / "a [draft].md").write_text(DOGS)
    (tmp_path / "b [bold].pdf").write_bytes(b"no PDF")
    result = run("ingest", tmp_path / "a [draft].md", tmp_path / "b [bold].pdf", "--dataset", "a [draft]")
    assert result.exit_code == 1
    assert "1 of 2 files are in 'a [draft]'" in result.output
    assert "b [bold].pdf" in result.output.split("Not parsed")[1]


def test_chat_that_breaks_off_fails_with_the_reason(run: Run, client: KnowFlow) -> None:
    name = "one whose model drops"
    chat = client.chats.create(name, llm={"model_name": "drops@Models"})
    try:
        result = run("chat", "--chat", name, "Why?")
    finally:
        client.chats.delete([chat.id])
    assert (result.exit_code, result.stdout.rstrip()) == (1, "word word")
    assert "drops@Models" in result.stderr


def test_sources_have_the_numbers_of_the_marks() -> None:
    chunks = [ReferenceChunk(document_name=name, page_number=page) for name, page in (("a", 1), ("b", 0), ("a", 1))]
    answer = CompleteResponse(reference=Reference(chunks=chunks))
    assert sources_of(answer) == {"a, page 1": [0, 2], "b": [1]}


def test_export_and_import_keep_files_and_chunks(run: Run, folder: Path, forget: list[str], tmp_path: Path) -> None:
    forget += ["exported", "imported"]
    run("ingest", folder / "more", "--dataset", "exported")
    out = tmp_path / "out"
    assert run("export", "exported", out).exit_code == 0
    documents = pq.read_table(out / "documents.parquet").to_pylist()
    chunks = pq.read_table(out / "chunks.parquet").to_pylist()
    assert {one["name"] for one in documents} == {"dogs.txt", "small.html", "small.pdf"}
    assert DOGS in [one["content"] for one in chunks]
    result = run("import", out, "--dataset", "imported", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["documents"], told["chunks"]) == (3, len(chunks))
    found = json.loads(run("search", "Who barks?", "--dataset", "imported", "--top", 1, "--json").stdout)
    assert [one["content"] for one in found] == [DOGS]
    again = run("import", out, "--dataset", "imported")
    assert (again.exit_code, "already" in again.output) == (1, True)


def test_import_takes_what_was_written_by_hand_and_leaves_nothing_of_what_fails(
    run: Run, server: Server, forget: list[str], tmp_path: Path
) -> None:
    forget += ["by hand", "by hand again", "half"]
    with httpx.Client(base_url=server.url, headers={"X-API-Key": server.key}, trust_env=False, timeout=60) as rest:
        made = rest.post("/api/v1/knowledgebase", json={"name": "by hand"}).json()["data"]["id"]
        answer = rest.post(f"/api/v1/knowledgebase/{made}/references", json={"question": "Who?", "answer": "Me."})
        assert answer.status_code == 200
    out = tmp_path / "out"
    assert run("export", "by hand", out).exit_code == 0
    told = json.loads(run("import", out, "--dataset", "by hand again", "--json").stdout)
    assert (told["documents"], told["chunks"]) == (1, 1)
    documents = pq.read_table(out / "documents.parquet")
    wrong = documents.set_column(documents.schema.get_field_index("name"), "name", [["a.unknown"]])
    pq.write_table(wrong, out / "documents.parquet")
    for _ in range(2):
        result = run("import", out, "--dataset", "half")
        assert (result.exit_code, "not been supported" in result.output) == (1, True), result.output


def test_keys_are_created_listed_and_revoked(run: Run, server: Server) -> None:
    made = json.loads(run("keys", "create", "of the terminal", "--permission", "audit:read", "--json").stdout)
    listed = json.loads(run("keys", "list", "--json").stdout)
    assert made["id"] in [one["id"] for one in listed]
    assert "of the terminal" in run("keys", "list").output
    # In a narrow terminal, too, an id can be copied.
    assert made["id"] in run("keys", "list", env={"COLUMNS": "80"}).output
    assert run("search", "x", "--api-key", made["token"]).exit_code == 1
    assert run("keys", "revoke", made["id"]).exit_code == 0
    assert made["token"] not in server.log


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["search", "x", "--address", "127.0.0.1:1"], 3, "knowflow serve"),
        (["search", "x", "--api-key", "wrong"], 1, "KNOWFLOW_API_KEY"),
        (["search", "x", "--dataset", "nowhere"], 1, "There is no dataset 'nowhere'"),
        (["chat", "x"], 2, "--dataset"),
        (["chat", "x", "--chat", "nobody"], 1, "There is no assistant 'nobody'"),
        (["ingest", "/nowhere", "--dataset", "x"], 2, "does not exist"),
        (["search", "x", "--api-key", "kf_abc\u2026"], 1, "copy it whole"),
        (["export", "any", "/proc/none"], 1, "/proc/none: No such file or directory."),
        (["import", ".", "--dataset", "x"], 1, "documents.parquet is none that `knowflow export` wrote"),
    ],
)
def test_mistakes_are_explained(run: Run, arguments: list[str], code: int, words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, words in result.output) == (code, True), result.output


def test_errors_as_json_are_on_standard_error(run: Run) -> None:
    result = run("search", "x", "--api-key", "wrong", "--json")
    assert json.loads(result.stderr)["error"]["reason"] == "API_KEY_INVALID"
    assert result.stdout == ""


def test_doctor_finds_the_server_and_a_provider_that_does_not_answer(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KNOWFLOW_ADDRESS")
    monkeypatch.delenv("KNOWFLOW_API_KEY")
    monkeypatch.setenv("KNOWFLOW_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KNOWFLOW_GRPC_PORT", server.grpc_address.rpartition(":")[2])
    monkeypatch.setenv("KNOWFLOW_PORT", server.url.rpartition(":")[2])
    monkeypatch.setenv("KNOWFLOW_PROVIDERS", json.dumps({"gone": {"base_url": "http://127.0.0.1:1/v1"}}))
    result = run("doctor", "--json")
    states = {one["name"]: one["state"] for one in json.loads(result.stdout)}
    assert (states["server"], states["REST port"], states["gRPC port"]) == ("ok", "ok", "ok")
    assert (states["provider gone"], result.exit_code) == ("problem", 1)
    assert "base_url" in run("doctor").output
    # Brackets are no styles.
    monkeypatch.setenv("KNOWFLOW_PROVIDERS", json.dumps({"gone[x]": {"base_url": "http://127.0.0.1:1/v1"}}))
    assert "provider gone[x]: 127.0.0.1:1 does not answer" in run("doctor").output
    # Envoy lies beside its package, not on every PATH.
    monkeypatch.setenv("PATH", "/usr/bin")
    told = run("doctor").output
    assert ("base_url" in told, "gateway: missing" in told) == (True, False)


def test_backup_is_the_data_folder_and_refuses_a_running_server(
    run: Run, own_server: Callable[..., Server], tmp_path: Path
) -> None:
    running = own_server()
    file = tmp_path / "backup.tar.gz"
    refused = run("backup", file, "--data", running.folder / "data")
    assert (refused.exit_code, "stop it first" in refused.output) == (1, True)
    with KnowFlow(running.grpc_address, running.key) as client:
        client.datasets.create("kept")
    running.stop()
    nowhere = run("backup", tmp_path / "nowhere" / file.name, "--data", running.folder / "data")
    assert (nowhere.exit_code, "No such file or directory" in nowhere.output) == (1, True)
    assert run("backup", file, "--data", running.folder / "data").exit_code == 0
    # Whoever reads it has the key which encrypts secrets.
    assert file.stat().st_mode & 0o777 == 0o600
    (running.folder / "data").rename(tmp_path / "gone")
    with tarfile.open(file) as archive:
        archive.extractall(running.folder / "data", filter="data")
    again = own_server()
    with KnowFlow(again.grpc_address, again.key) as client:
        assert [one.name for one in client.datasets.list()] == ["kept"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_the_shell(run: Run, shell: str) -> None:
    assert "_KNOWFLOW_COMPLETE" in run("completion", shell).output
