"""Short ways to what tests of the server do all the time, over REST and gRPC."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterable
from typing import Any

import grpc
import httpx

from knowflow.v1 import document_pb2, document_service_pb2, document_service_pb2_grpc

_numbers = itertools.count(1)


async def new_dataset(rest: httpx.AsyncClient, **fields: Any) -> str:
    """Create a dataset, with a name of its own unless one is given, and return its id."""
    body = {"name": f"dataset {next(_numbers)} of {id(rest)}", **fields}
    return str(data_of(await rest.post("/api/v1/datasets", json=body))["id"])


def data_of(answer: httpx.Response) -> Any:
    """Return the data of an answer that must be a success."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (200, 0), body
    return body.get("data")


async def upload(rest: httpx.AsyncClient, dataset: str, name: str, content: bytes | str, **fields: str) -> str:
    """Upload a file and return the document's id."""
    files = {"file": (name, content)}
    answer = await rest.post(f"/api/v1/datasets/{dataset}/documents", files=files, data=fields)
    [document] = data_of(answer)
    return str(document["id"])


async def start_parsing(rest: httpx.AsyncClient, dataset: str, *documents: str) -> None:
    """Ask for the parsing of documents."""
    data_of(await rest.post(f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": list(documents)}))


def watch(channel: grpc.aio.Channel, dataset: str, document: str) -> Any:
    """Return the call that watches a document."""
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    request = document_service_pb2.WatchDocumentRequest(dataset_id=dataset, document_id=document)
    return stub.WatchDocument(request, timeout=120)


async def ended(channel: grpc.aio.Channel, dataset: str, document: str) -> document_pb2.Document:
    """Return a document when its parsing has ended."""
    return [message.document async for message in watch(channel, dataset, document)][-1]


async def begun(channel: grpc.aio.Channel, dataset: str, document: str) -> document_pb2.Document:
    """Return a document when a worker has taken it up."""
    call = watch(channel, dataset, document)
    async for message in call:
        if message.document.progress_msg.startswith("Parsing started."):
            call.cancel()
            return message.document
    raise AssertionError("The watch ended before the parsing began.")


async def reached(channel: grpc.aio.Channel, dataset: str, document: str, percent: float) -> document_pb2.Document:
    """Return a document when its parsing has come above a percentage, or has ended."""
    call = watch(channel, dataset, document)
    async for message in call:
        if message.document.progress > percent or message.document.status != "0":
            call.cancel()
            return message.document
    raise AssertionError("The watch ended without a message.")


async def parsed(rest: httpx.AsyncClient, channel: grpc.aio.Channel, dataset: str, document: str) -> Any:
    """Parse a document to its end, and return it."""
    await start_parsing(rest, dataset, document)
    return await ended(channel, dataset, document)


async def stop_parsing(rest: httpx.AsyncClient, dataset: str, *documents: str) -> None:
    """Stop the parsing of documents."""
    data_of(await rest.request("DELETE", f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": documents}))


async def delete_documents(rest: httpx.AsyncClient, dataset: str, *documents: str) -> None:
    """Delete documents."""
    data_of(await rest.request("DELETE", f"/api/v1/datasets/{dataset}/documents", json={"ids": documents}))


async def delete_datasets(rest: httpx.AsyncClient, *datasets: str) -> None:
    """Delete datasets with everything in them."""
    data_of(await rest.request("DELETE", "/api/v1/datasets", json={"ids": datasets}))


async def document_of(rest: httpx.AsyncClient, dataset: str, document: str) -> dict[str, Any]:
    """Return a document as REST shows it."""
    answer = await rest.get(f"/api/v1/datasets/{dataset}/documents", params={"id": document})
    [found] = data_of(answer)["docs"]
    return dict(found)


async def chunks_of(rest: httpx.AsyncClient, dataset: str, document: str) -> list[dict[str, Any]]:
    """Return all chunks of a document, in order."""
    found: list[dict[str, Any]] = []
    for page in itertools.count(1):
        path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
        data = data_of(await rest.get(path, params={"page": page, "page_size": 500}))
        found += data["chunks"]
        if len(found) >= data["total"] or not data["chunks"]:
            return found
    raise AssertionError("unreachable")


async def in_pieces(messages: Iterable[Any]) -> AsyncIterator[Any]:
    """Yield messages of a client stream."""
    for message in messages:
        yield message


def typed_upload(dataset: str, *files: tuple[str, bytes], piece: int = 2**20) -> Iterable[Any]:
    """Yield the messages of a typed upload."""
    yield document_service_pb2.UploadFilesRequest(dataset_id=dataset)
    for name, content in files:
        yield document_service_pb2.UploadFilesRequest(file=document_service_pb2.FileHeader(name=name))
        for start in range(0, len(content), piece):
            yield document_service_pb2.UploadFilesRequest(data=content[start : start + piece])
