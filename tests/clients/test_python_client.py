"""Our own Python client against a real server: the two kinds, typed errors, pages, streams, progress, retries."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc
import pytest

from knowflow import channel, errors
from knowflow._async import agents, chats, datasets, documents, keys
from knowflow._sync import agents as sync_agents
from knowflow._sync import chats as sync_chats
from knowflow._sync import datasets as sync_datasets
from knowflow._sync import documents as sync_documents
from knowflow._sync import keys as sync_keys
from knowflow.client import ApiError, AsyncKnowFlow, KnowFlow
from tests.serving import Server

PAIRS = [
    (agents, sync_agents),
    (chats, sync_chats),
    (datasets, sync_datasets),
    (documents, sync_documents),
    (keys, sync_keys),
]


@pytest.fixture
def client(server: Server) -> Iterator[KnowFlow]:
    with KnowFlow(server.grpc_address, server.key) as client:
        yield client


@pytest.fixture
async def aclient(server: Server) -> AsyncIterator[AsyncKnowFlow]:
    async with AsyncKnowFlow(server.grpc_address, server.key) as client:
        yield client


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    cats, dogs = tmp_path / "cats.txt", tmp_path / "dogs.txt"
    cats.write_text("Cats sleep sixteen hours a day.\n" * 100)
    dogs.write_text("Dogs bark at the postman.")
    return [cats, dogs]


def test_upload_parse_retrieve_and_ask(client: KnowFlow, files: list[Path]) -> None:
    dataset = client.datasets.create("of the Python client", chunk_method="naive")
    sent: list[tuple[int, int]] = []
    uploaded = client.documents.upload(dataset.id, files, on_progress=lambda *state: sent.append(state))
    whole = sum(path.stat().st_size for path in files)
    assert (sent[-1], [one.name for one in uploaded]) == ((whole, whole), ["cats.txt", "dogs.txt"])
    ids = [one.id for one in uploaded]
    client.documents.parse(dataset.id, ids)
    steps: list[float] = []
    parsed = client.documents.wait(dataset.id, ids, on_progress=lambda document: steps.append(document.progress))
    assert [one.run for one in parsed] == ["DONE", "DONE"]
    assert steps[-1] == 100
    best = client.retrieve("Who barks?", dataset_ids=[dataset.id], top=1)
    assert [one.content for one in best] == ["Dogs bark at the postman."]
    assert b"".join(client.documents.download(dataset.id, ids[1])) == b"Dogs bark at the postman."
    assert len(list(client.chunks.list(dataset.id, ids[1]))) == 1

    chat = client.chats.create("of the Python client", dataset_ids=[dataset.id])
    events = list(client.chats.stream(chat.id, "Who barks?"))
    kinds = [event.WhichOneof("event") for event in events]
    assert (kinds[0], set(kinds[1:-1]), kinds[-1]) == ("started", {"delta"}, "finished")
    text = "".join(event.delta for event in events)
    assert events[-1].finished.answer == text
    answer = client.chats.complete(chat.id, "Who barks?", session_id=events[0].started.session_id)
    assert answer.session_id == events[0].started.session_id
    client.chats.delete([chat.id])
    client.datasets.delete([dataset.id])


async def test_asyncio_does_the_same(aclient: AsyncKnowFlow, files: list[Path]) -> None:
    dataset = await aclient.datasets.create("of the asyncio client")
    uploaded = await aclient.documents.upload(dataset.id, files)
    ids = [one.id for one in uploaded]
    await aclient.documents.parse(dataset.id, ids)
    parsed = await aclient.documents.wait(dataset.id, ids)
    assert [one.run for one in parsed] == ["DONE", "DONE"]
    answers = await asyncio.gather(*[aclient.retrieve("Who barks?", dataset_ids=[dataset.id], top=1) for _ in range(5)])
    assert [one[0].content for one in answers] == ["Dogs bark at the postman."] * 5
    found = [one.name async for one in aclient.datasets.list(name="of the asyncio client")]
    assert found == ["of the asyncio client"]
    await aclient.datasets.delete([dataset.id])


def test_errors_have_the_class_of_their_reason(client: KnowFlow) -> None:
    dataset = client.datasets.create("twice")
    with pytest.raises(errors.DatasetNameExistsError) as caught:
        client.datasets.create("TWICE")
    error = caught.value
    assert (error.code, error.metadata) == (grpc.StatusCode.ALREADY_EXISTS, {"name": "TWICE"})
    assert error.request_id
    with pytest.raises(errors.ChatNotFoundError):
        list(client.chats.stream("nobody", "Hello?"))
    client.datasets.delete([dataset.id])


def test_every_reason_has_a_class() -> None:
    assert {name: kind.REASON for name, kind in errors.BY_REASON.items()} == {name: name for name in errors.BY_REASON}


def test_lists_go_over_all_pages(client: KnowFlow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_datasets, "PAGE_SIZE", 2)
    made = [client.datasets.create(f"leaf of a list {number}").id for number in range(5)]
    seen = [one.id for one in client.datasets.list(name="leaf of a list")]
    assert seen == made[::-1]
    client.datasets.delete(made)


def test_an_empty_list_does_not_delete_everything(client: KnowFlow) -> None:
    with pytest.raises(ValueError, match="at least one"):
        client.datasets.delete([])


def test_keys_are_made_listed_and_revoked(client: KnowFlow, server: Server) -> None:
    key = client.keys.create("of the client", permissions=["knowledge_bases:read"])
    assert key.id in [one.id for one in client.keys.list()]
    with KnowFlow(server.grpc_address, key.token) as reader, pytest.raises(errors.PermissionDeniedError):
        reader.datasets.create("not allowed")
    client.keys.revoke(key.id)
    with KnowFlow(server.grpc_address, key.token) as late, pytest.raises(errors.ApiKeyInvalidError):
        list(late.datasets.list())


def test_address_and_key_come_from_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWFLOW_ADDRESS", server.grpc_address)
    monkeypatch.setenv("KNOWFLOW_API_KEY", server.key)
    with KnowFlow() as client:
        list(client.datasets.list())


def test_gateway_serves_the_client_too(server: Server) -> None:
    for address in (server.url, f"{server.url}/"):
        with KnowFlow(address, f"{server.key}\n") as client:
            assert client.health().status == "healthy"
            list(client.datasets.list())


def test_nobody_listening_is_an_error_of_ours() -> None:
    with KnowFlow("127.0.0.1:1", "key", retries=1, timeout_s=10) as client, pytest.raises(ApiError) as caught:
        list(client.datasets.list())
    assert (caught.value.code, caught.value.reason) == (grpc.StatusCode.UNAVAILABLE, "")


async def test_file_that_cannot_be_read_is_told_before_a_call(tmp_path: Path) -> None:
    paths = [tmp_path / "nowhere.pdf"]
    with KnowFlow("127.0.0.1:1", "key") as client, pytest.raises(FileNotFoundError, match=r"nowhere\.pdf"):
        client.documents.upload("any", paths)
    async with AsyncKnowFlow("127.0.0.1:1", "key") as aclient:
        with pytest.raises(FileNotFoundError, match=r"nowhere\.pdf"):
            await aclient.documents.upload("any", paths)


def test_key_which_cannot_travel_is_refused_and_not_shown() -> None:
    with pytest.raises(ValueError, match="copy it whole") as caught:
        KnowFlow("127.0.0.1:1", "kf_abc\u2026")
    assert "kf_" not in str(caught.value)


def test_only_what_reads_and_costs_nothing_is_tried_again() -> None:
    config = json.loads(str(dict(channel.options(3))["grpc.service_config"]))
    again = {name["method"] for name in config["methodConfig"][0]["name"]}
    assert {"ListDatasets", "Retrieve", "WatchDocument"} <= again
    assert not again & {"CreateDataset", "StreamComplete", "SearchKnowledgebase", "SearchAgentKnowledgebase"}


@pytest.mark.parametrize(("written", "generated"), PAIRS)
def test_blocking_client_has_every_method(written: object, generated: object) -> None:
    def methods(module: object, prefix: str) -> dict[str, list[str]]:
        classes = {name.removeprefix(prefix): kind for name, kind in vars(module).items() if inspect.isclass(kind)}
        ours = {name: kind for name, kind in classes.items() if kind.__module__ == module.__name__}  # type: ignore[attr-defined]
        return {name: [one for one in vars(kind) if not one.startswith("_")] for name, kind in ours.items()}

    assert methods(written, "Async") == methods(generated, "")
