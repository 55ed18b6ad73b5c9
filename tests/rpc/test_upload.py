"""Uploads: multipart over REST and typed over gRPC; all of one or nothing of it."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf import json_format

from knowflow.v1 import document_pb2, document_service_pb2, document_service_pb2_grpc
from tests.rpc.calls import data_of, in_pieces, new_dataset, typed_upload, upload

Request = document_service_pb2.UploadFilesRequest
Header = document_service_pb2.FileHeader


async def sent(channel: grpc.aio.Channel, messages: Any) -> list[document_pb2.Document]:
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    return list((await stub.UploadFiles(in_pieces(messages), timeout=60)).data)


async def names_in(rest: httpx.AsyncClient, dataset: str) -> list[str]:
    data = data_of(await rest.get(f"/api/v1/datasets/{dataset}/documents", params={"page_size": 1000, "desc": "false"}))
    return [document["name"] for document in data["docs"]]


async def test_upload_files_gives_a_document_per_file(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset = await new_dataset(rest)
    contents = {"a.txt": b"", "b.md": b"# B", "c.pdf": bytes(3_000_000)}
    documents = await sent(channel, typed_upload(dataset, *contents.items()))
    assert [document.name for document in documents] == list(contents)
    for document in documents:
        content = contents[document.name]
        assert (document.size, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert (document.status, document.run, document.dataset_id) == ("UNSTART", "UNSTART", dataset)
    assert await names_in(rest, dataset) == list(contents)


async def test_upload_files_takes_a_method_and_a_configuration_per_file(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest, chunk_method="naive")
    header = Header(name="a.txt", parser_id="naive")
    header.parser_config.update({"chunk_token_num": 64})
    messages = [
        Request(dataset_id=dataset),
        Request(file=header),
        Request(data=b"a"),
        Request(file=Header(name="b.txt")),
    ]
    first, second = await sent(channel, messages)
    assert json_format.MessageToDict(first.parser_config)["chunk_token_num"] == 64
    assert json_format.MessageToDict(second.parser_config)["chunk_token_num"] == 512


@pytest.mark.parametrize(
    ("messages", "code", "sentence"),
    [
        ([], grpc.StatusCode.INVALID_ARGUMENT, "The first message of an upload must carry `dataset_id`."),
        (
            [Request(data=b"x")],
            grpc.StatusCode.INVALID_ARGUMENT,
            "The first message of an upload must carry `dataset_id`.",
        ),
        ([Request(dataset_id="mine")], grpc.StatusCode.INVALID_ARGUMENT, "No file part!"),
        (
            [Request(dataset_id="mine"), Request(data=b"x")],
            grpc.StatusCode.INVALID_ARGUMENT,
            "A file must begin with a message that carries `file`.",
        ),
        (
            [Request(dataset_id="mine"), Request(file=Header(name="")), Request(data=b"x")],
            grpc.StatusCode.INVALID_ARGUMENT,
            "No file selected!",
        ),
        (
            [Request(dataset_id="mine"), Request(file=Header(name="a.txt", parser_id="nothing"))],
            grpc.StatusCode.INVALID_ARGUMENT,
            "Field: <parser_id> - Message: <Input should be 'naive'",
        ),
        (
            [Request(dataset_id="nothing"), Request(file=Header(name="a.txt"))],
            grpc.StatusCode.NOT_FOUND,
            "You don't own the dataset nothing.",
        ),
        (
            [Request(dataset_id="mine"), Request(file=Header(name="a.exe")), Request(data=b"x")],
            grpc.StatusCode.INVALID_ARGUMENT,
            "a.exe: This type of file has not been supported yet!",
        ),
    ],
    ids=["empty", "data first", "no file", "data before file", "no name", "method", "dataset", "type"],
)
async def test_upload_files_that_is_wrong_is_refused_and_leaves_nothing(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, messages: list[Any], code: grpc.StatusCode, sentence: str
) -> None:
    dataset = await new_dataset(rest)
    for message in messages:
        if message.dataset_id == "mine":
            message.dataset_id = dataset
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await sent(channel, messages)
    for message in messages:
        if message.dataset_id == dataset:
            message.dataset_id = "mine"
    assert caught.value.code() == code
    assert (caught.value.details() or "").startswith(sentence)
    assert await names_in(rest, dataset) == []


async def test_upload_files_that_is_cancelled_leaves_nothing(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest)
    sending = asyncio.Event()

    async def messages() -> Any:
        for message in typed_upload(dataset, ("done.txt", b"done"), ("cut.txt", bytes(5_000_000))):
            yield message
        sending.set()
        await asyncio.Event().wait()

    call = document_service_pb2_grpc.DocumentServiceStub(channel).UploadFiles(messages(), timeout=60)
    await sending.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    # The name is free: nothing of the call was kept.
    [document] = await sent(channel, typed_upload(dataset, ("done.txt", b"again")))
    assert document.name == "done.txt"
    assert await names_in(rest, dataset) == ["done.txt"]


async def test_upload_of_a_name_that_is_taken_gets_a_number(rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    for _ in range(3):
        await upload(rest, dataset, "a.b.txt", "x")
    assert await names_in(rest, dataset) == ["a.b.txt", "a.b(1).txt", "a.b(2).txt"]


async def test_upload_of_one_name_20_times_at_once_gives_20_names(rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    await asyncio.gather(*(upload(rest, dataset, "a.txt", str(number)) for number in range(20)))
    assert sorted(await names_in(rest, dataset)) == sorted(["a.txt", *(f"a({n}).txt" for n in range(1, 20))])


@pytest.mark.parametrize(
    "name",
    [
        "it's.txt",
        "'; DROP TABLE documents; --.txt",
        "\\')) or ((true)) --.txt",
        "文档 Ünïcode.md",
        "a%20b+c&d=e.txt",
        "<script>alert(1)</script>.html",
        "x" * 251 + ".txt",
    ],
)
async def test_upload_keeps_any_name_as_it_is(rest: httpx.AsyncClient, name: str) -> None:
    dataset = await new_dataset(rest)
    await upload(rest, dataset, "other.txt", "x")
    kept = name.replace("\\", "/").rsplit("/", 1)[-1]
    document = await upload(rest, dataset, name, "x")
    assert sorted(await names_in(rest, dataset)) == sorted(["other.txt", kept])
    found = data_of(await rest.get(f"/api/v1/datasets/{dataset}/documents", params={"name": kept}))["docs"]
    assert [one["id"] for one in found] == [document]
    download = await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}")
    assert download.content == b"x"
    data_of(await rest.request("DELETE", f"/api/v1/datasets/{dataset}/documents", json={"ids": [document]}))
    assert await names_in(rest, dataset) == ["other.txt"]


async def test_upload_of_good_and_unsupported_files_keeps_the_good_ones(rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    files = [("file", ("a.txt", b"a")), ("file", ("b.exe", b"b" * 3_000_000)), ("file", ("c.md", b"c"))]
    answer = await rest.post(f"/api/v1/datasets/{dataset}/documents", files=files)
    assert answer.status_code == 400
    assert answer.json()["message"] == "b.exe: This type of file has not been supported yet!"
    assert await names_in(rest, dataset) == ["a.txt", "c.md"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"file": "x"}'),
        ("text/plain", b"x"),
        ("multipart/form-data", b"--b\r\n"),
        ("multipart/form-data; boundary=b", b"nonsense"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b--\r\n"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\nx\r\n--b--\r\n',
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b',
        ),
        (
            "multipart/form-data; boundary=b",
            (
                b'--b\r\nContent-Disposition: form-data; name="parser_config"\r\n\r\n{"a\r\n'
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
            ),
        ),
    ],
)
async def test_upload_that_is_no_form_with_a_file_is_a_clear_400(
    rest: httpx.AsyncClient, content_type: str, body: bytes
) -> None:
    dataset = await new_dataset(rest)
    answer = await rest.post(
        f"/api/v1/datasets/{dataset}/documents", content=body, headers={"content-type": content_type}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, 102), answer.text
    assert len(answer.json()["message"]) > 10
    assert await names_in(rest, dataset) == []


@pytest.mark.parametrize(("field", "value"), [("parser_id", "nothing"), ("parser_config", '{"chunk_token_num": 0}')])
async def test_upload_with_a_wrong_field_after_the_file_keeps_no_file(
    rest: httpx.AsyncClient, field: str, value: str
) -> None:
    dataset = await new_dataset(rest)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n'
        + f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n--b--\r\n'.encode()
    )
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = await rest.post(f"/api/v1/datasets/{dataset}/documents", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 102)
    assert answer.json()["message"].startswith(f"Field: <{field}")
    assert await names_in(rest, dataset) == []


async def test_upload_to_an_unknown_dataset_is_refused_before_its_bytes_are_kept(rest: httpx.AsyncClient) -> None:
    answer = await rest.post("/api/v1/datasets/nothing/documents", files={"file": ("a.txt", bytes(3_000_000))})
    assert (answer.status_code, answer.json()["message"]) == (404, "You don't own the dataset nothing.")
