"""What happens around every call: the order of the layers, and what becomes of errors, in all four kinds of methods."""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow import channel
from knowflow.v1 import (
    dataset_service_pb2,
    dataset_service_pb2_grpc,
    document_pb2,
    document_service_pb2,
    document_service_pb2_grpc,
    system_service_pb2,
    system_service_pb2_grpc,
)
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.errors.base import InvalidArgumentError, StoreUnavailableError
from knowflow_server.errors.core import DatasetNameExistsError, DocumentNotFoundError
from knowflow_server.rpc import registry
from knowflow_server.rpc.call import caller
from tests.rpc.guards import guards_of
from tests.store.records import open_entities

KEY = "key"
SECRET = "a secret of the server"


def fail(how: str) -> None:
    """Raise what a request asks for."""
    match how:
        case "typed":
            raise DatasetNameExistsError(name="Tides")
        case "unavailable":
            raise StoreUnavailableError
        case "unexpected":
            raise ZeroDivisionError(SECRET)
        case "cancelled":
            raise asyncio.CancelledError
        case "long":
            raise InvalidArgumentError("a" * 50_000, field="name")
        case "long in another script":
            raise InvalidArgumentError("文" * 50_000, field="name")
        case "long in pictures":
            raise InvalidArgumentError("🌊" * 50_000, field="name")
        case "long in every part":
            raise DatasetNameExistsError(name="a" * 50_000)
        case "deep":
            try:
                fail("unexpected")
            except ZeroDivisionError:
                raise DocumentNotFoundError(document_id="d") from None


class Datasets(dataset_service_pb2_grpc.DatasetServiceServicer):
    """Unary methods that do as they are told."""

    async def ListDatasets(self, request: Any, context: Any) -> dataset_service_pb2.ListDatasetsResponse:
        fail(request.name)
        return dataset_service_pb2.ListDatasetsResponse(data={"total": len(caller().organization_id)})


class Documents(document_service_pb2_grpc.DocumentServiceServicer):
    """Streaming methods that do as they are told."""

    staying = asyncio.Event()

    async def WatchDocument(
        self, request: document_service_pb2.WatchDocumentRequest, context: Any
    ) -> AsyncIterator[document_service_pb2.WatchDocumentResponse]:
        fail(request.dataset_id)
        for number in range(2):
            yield document_service_pb2.WatchDocumentResponse(document=document_pb2.Document(id=str(number)))
        fail(request.document_id)

    async def UploadFiles(
        self, request_iterator: AsyncIterator[document_service_pb2.UploadFilesRequest], context: Any
    ) -> document_service_pb2.UploadFilesResponse:
        async for request in request_iterator:
            fail(request.dataset_id)
            if request.dataset_id == "stay":
                self.staying.set()
                await asyncio.Event().wait()
        return document_service_pb2.UploadFilesResponse()


class System(system_service_pb2_grpc.SystemServiceServicer):
    """The method without a key asks who calls."""

    async def CheckHealth(self, request: Any, context: Any) -> system_service_pb2.CheckHealthResponse:
        return system_service_pb2.CheckHealthResponse(status=caller().organization_id)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[str]:
    async with open_entities(folder) as entities:
        keys = ApiKeys(entities, SystemClock(), Uuid1Source())
        await keys.bootstrap(organization_name="One", key=KEY)
        guards = guards_of(keys)
        server = grpc.aio.server(interceptors=[registry.chain(guards)], options=registry.OPTIONS)
        dataset_service_pb2_grpc.add_DatasetServiceServicer_to_server(Datasets(), server)
        document_service_pb2_grpc.add_DocumentServiceServicer_to_server(Documents(), server)
        system_service_pb2_grpc.add_SystemServiceServicer_to_server(System(), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            await server.stop(0)


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with running(tmp_path) as address:
        yield address


@pytest.fixture
async def bare(address: str) -> AsyncIterator[grpc.aio.Channel]:
    """A channel on which each call brings its own metadata."""
    async with grpc.aio.insecure_channel(address) as channel:
        yield channel


AUTHORIZED = (("authorization", f"Bearer {KEY}"),)


async def unary(channel: grpc.aio.Channel, how: str, metadata: Any = AUTHORIZED) -> grpc.aio.AioRpcError:
    stub = dataset_service_pb2_grpc.DatasetServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.ListDatasets(dataset_service_pb2.ListDatasetsRequest(name=how), metadata=metadata, timeout=20)
    return caught.value


async def client_stream(channel: grpc.aio.Channel, how: str, metadata: Any = AUTHORIZED) -> grpc.aio.AioRpcError:
    async def requests() -> AsyncIterator[document_service_pb2.UploadFilesRequest]:
        yield document_service_pb2.UploadFilesRequest(dataset_id="fine")
        yield document_service_pb2.UploadFilesRequest(dataset_id=how)

    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.UploadFiles(requests(), metadata=metadata, timeout=20)
    return caught.value


async def server_stream(
    channel: grpc.aio.Channel, *, before: str = "", after: str = "", metadata: Any = AUTHORIZED
) -> tuple[list[str], grpc.aio.AioRpcError]:
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    request = document_service_pb2.WatchDocumentRequest(dataset_id=before, document_id=after)
    seen = []
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for message in stub.WatchDocument(request, metadata=metadata, timeout=20):
            seen.append(message.document.id)
    return seen, caught.value


def info_of(error: grpc.aio.AioRpcError) -> error_details_pb2.ErrorInfo:
    """Return the one detail of an error."""
    status = rpc_status.from_call(error)
    assert status is not None
    assert (status.code, status.message) == (error.code().value[0], error.details())
    [detail] = status.details
    info = error_details_pb2.ErrorInfo()
    assert detail.Unpack(info)
    return info


def trailer(error: grpc.aio.AioRpcError, name: str) -> str | bytes | None:
    return dict(error.trailing_metadata() or ()).get(name)


@pytest.mark.parametrize("kind", ["unary", "client stream", "before the first message", "after it"])
async def test_typed_error_keeps_code_sentence_reason_and_metadata(bare: grpc.aio.Channel, kind: str) -> None:
    seen, error = await raised(bare, kind, "typed")
    assert seen == (["0", "1"] if kind == "after it" else [])
    assert error.code() == grpc.StatusCode.ALREADY_EXISTS
    assert error.details() == "Dataset name 'Tides' already exists"
    info = info_of(error)
    assert (info.reason, info.domain, dict(info.metadata)) == ("DATASET_NAME_EXISTS", "knowflow", {"name": "Tides"})
    assert trailer(error, "x-rest-status") is None


@pytest.mark.parametrize("kind", ["unary", "client stream", "before the first message", "after it"])
async def test_unexpected_error_is_internal_and_says_nothing(
    bare: grpc.aio.Channel, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, error = await raised(bare, kind, "unexpected", metadata=(*AUTHORIZED, ("x-request-id", "req-42")))
    assert error.code() == grpc.StatusCode.INTERNAL
    assert error.details() == "Internal error. The server's log has the details under request req-42."
    info = info_of(error)
    assert (info.reason, dict(info.metadata)) == ("INTERNAL", {"request_id": "req-42"})
    everything = repr(error) + repr(error.trailing_metadata())
    for word in (SECRET, "ZeroDivision", "Traceback", ".py"):
        assert word not in everything
    # The log has what the caller does not get.
    [record] = [record for record in caplog.records if record.message == "A call failed unexpectedly."]
    assert record.request_id == "req-42"  # type: ignore[attr-defined]
    assert SECRET in caplog.text


async def raised(
    channel: grpc.aio.Channel, kind: str, how: str, metadata: Any = AUTHORIZED
) -> tuple[list[str], grpc.aio.AioRpcError]:
    match kind:
        case "unary":
            return [], await unary(channel, how, metadata)
        case "client stream":
            return [], await client_stream(channel, how, metadata)
        case "before the first message":
            return await server_stream(channel, before=how, metadata=metadata)
    return await server_stream(channel, after=how, metadata=metadata)


async def test_call_which_the_server_refuses_is_not_tried_again(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "knowflow.access")
    async with grpc.aio.insecure_channel(address, options=channel.options(3)) as patient:
        assert info_of(await unary(patient, "unavailable")).reason == "STORE_UNAVAILABLE"
    lines = [record for record in caplog.records if record.name == "knowflow.access"]
    assert [line.code for line in lines] == ["UNAVAILABLE"]  # type: ignore[attr-defined]


async def test_error_from_another_error_does_not_show_it(bare: grpc.aio.Channel) -> None:
    error = await unary(bare, "deep")
    assert error.details() == "You don't own the document d."
    assert SECRET not in repr(error.trailing_metadata())


@pytest.mark.parametrize("how", ["long", "long in another script", "long in pictures", "long in every part"])
async def test_long_sentence_is_cut_rather_than_lost(bare: grpc.aio.Channel, how: str) -> None:
    error = await unary(bare, how, (*AUTHORIZED, ("x-knowflow-rest", "knowflow")))
    assert error.code() in {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.ALREADY_EXISTS}, error.details()
    assert set(error.details() or "") & {"a", "文", "🌊"}
    assert len(error.details() or "") >= 100
    body = trailer(error, "x-rest-body")
    assert isinstance(body, str)
    assert json.loads(body)["code"] == 102
    assert len(json.loads(body)["message"]) >= 100
    # Above this sum, which counts 32 bytes more for each header, clients refuse the headers, at first by chance.
    headers = [*(error.trailing_metadata() or ()), ("grpc-message", quote(error.details() or "")), ("grpc-status", "3")]
    sizes = [len(name) + (len(value) if isinstance(value, str) else len(b64encode(value))) for name, value in headers]
    assert sum(sizes) + 32 * len(sizes) < 8_192


@pytest.mark.parametrize("kind", ["unary", "client stream", "before the first message"])
@pytest.mark.parametrize(
    ("metadata", "sentence", "reason"),
    [
        ((), "`Authorization` can't be empty", "API_KEY_MISSING"),
        ((("authorization", ""),), "`Authorization` can't be empty", "API_KEY_MISSING"),
        ((("authorization", "Bearer"),), "`Authorization` can't be empty", "API_KEY_MISSING"),
        ((("authorization", "Bearer wrong"),), "Authentication error: API key is invalid!", "API_KEY_INVALID"),
        ((("x-api-key", "wrong"),), "Authentication error: API key is invalid!", "API_KEY_INVALID"),
    ],
)
async def test_call_without_a_good_key_is_refused_before_its_handler(
    bare: grpc.aio.Channel, kind: str, metadata: Any, sentence: str, reason: str
) -> None:
    _, error = await raised(bare, kind, "unexpected", metadata)
    assert (error.code(), error.details()) == (grpc.StatusCode.UNAUTHENTICATED, sentence)
    assert info_of(error).reason == reason


async def test_rest_caller_gets_status_and_body_in_its_words(bare: grpc.aio.Channel) -> None:
    error = await unary(bare, "typed", (*AUTHORIZED, ("x-knowflow-rest", "knowflow")))
    assert trailer(error, "x-rest-status") == "400"
    body = trailer(error, "x-rest-body")
    assert isinstance(body, str)
    assert body.isascii()
    assert json.loads(body) == {"code": 102, "message": "Dataset name 'Tides' already exists"}


@pytest.mark.parametrize("given", ["abc", "a" * 128, "A-b_c.d:9"])
async def test_request_id_of_the_caller_is_kept(bare: grpc.aio.Channel, given: str) -> None:
    error = await unary(bare, "typed", (*AUTHORIZED, ("x-request-id", given)))
    assert trailer(error, "x-request-id") == given


@pytest.mark.parametrize("given", ["", "a" * 129, "two words", "x;y", "<script>", "a/b"])
async def test_request_id_that_is_not_one_is_replaced(bare: grpc.aio.Channel, given: str) -> None:
    error = await unary(bare, "typed", (*AUTHORIZED, ("x-request-id", given)))
    own = trailer(error, "x-request-id")
    assert isinstance(own, str)
    assert len(own) == 32
    assert own != given


async def test_validation_of_unary_and_streamed_requests_has_a_line_per_rule(bare: grpc.aio.Channel) -> None:
    stub = dataset_service_pb2_grpc.DatasetServiceStub(bare)
    request = dataset_service_pb2.ListDatasetsRequest(page=0, page_size=-1, orderby="colour")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.ListDatasets(request, metadata=AUTHORIZED, timeout=20)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    lines = (caught.value.details() or "").splitlines()
    assert [line.split(" - ")[0] for line in lines] == ["Field: <page>", "Field: <page_size>", "Field: <orderby>"]
    assert dict(info_of(caught.value).metadata) == {"field": "page"}

    async def requests() -> AsyncIterator[document_service_pb2.UploadFilesRequest]:
        yield document_service_pb2.UploadFilesRequest(dataset_id="fine")
        yield document_service_pb2.UploadFilesRequest()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await document_service_pb2_grpc.DocumentServiceStub(bare).UploadFiles(
            requests(), metadata=AUTHORIZED, timeout=20
        )
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_request_that_is_no_message_is_the_callers_mistake(bare: grpc.aio.Channel) -> None:
    call = bare.unary_unary("/knowflow.v1.DatasetService/ListDatasets")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"\xff\xff", metadata=AUTHORIZED, timeout=20)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert (caught.value.details() or "").startswith("The request cannot be read: ")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"\xff\xff", timeout=20)
    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED
    stream = bare.stream_unary("/knowflow.v1.DocumentService/UploadFiles")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stream(iter([b"\xff\xff"]), metadata=AUTHORIZED, timeout=20)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_open_method_has_no_caller(bare: grpc.aio.Channel) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await system_service_pb2_grpc.SystemServiceStub(bare).CheckHealth(
            system_service_pb2.CheckHealthRequest(), timeout=20
        )
    # Asking for one is a mistake of the handler, not of the caller.
    assert caught.value.code() == grpc.StatusCode.INTERNAL


async def test_callers_at_once_are_not_mixed_up(bare: grpc.aio.Channel) -> None:
    stub = dataset_service_pb2_grpc.DatasetServiceStub(bare)
    request = dataset_service_pb2.ListDatasetsRequest()
    calls = [stub.ListDatasets(request, metadata=AUTHORIZED, timeout=20) for _ in range(50)]
    assert {answer.data.total for answer in await asyncio.gather(*calls)} == {32}


async def test_unknown_method_is_unimplemented(bare: grpc.aio.Channel) -> None:
    call = bare.unary_unary("/knowflow.v1.DatasetService/Nothing")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"", metadata=AUTHORIZED, timeout=20)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_access_log_has_one_line_per_call_and_no_payload(
    bare: grpc.aio.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "knowflow.access")
    stub = dataset_service_pb2_grpc.DatasetServiceStub(bare)
    await stub.ListDatasets(dataset_service_pb2.ListDatasetsRequest(id="payload"), metadata=AUTHORIZED, timeout=20)
    await unary(bare, "typed")
    await unary(bare, "typed", (("authorization", "Bearer wrong-key"),))
    lines = [record for record in caplog.records if record.name == "knowflow.access"]
    seen = [(line.code, line.reason, bool(line.organization)) for line in lines]  # type: ignore[attr-defined]
    assert seen == [
        ("OK", "", True),
        ("ALREADY_EXISTS", "DATASET_NAME_EXISTS", True),
        ("UNAUTHENTICATED", "API_KEY_INVALID", False),
    ]
    assert all(line.duration_ms >= 0 and line.request_id for line in lines)  # type: ignore[attr-defined]
    text = " ".join(str(vars(line)) for line in lines)
    assert "payload" not in text
    assert "wrong-key" not in text


async def test_caller_who_leaves_a_stream_ends_its_handler(address: str) -> None:
    ended = asyncio.Event()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if getattr(record, "code", "") == "CANCELLED":
                ended.set()

    logger, handler = logging.getLogger("knowflow.access"), Handler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    async with grpc.aio.insecure_channel(address) as channel:
        stub = document_service_pb2_grpc.DocumentServiceStub(channel)
        Documents.staying.clear()

        async def endless() -> AsyncIterator[document_service_pb2.UploadFilesRequest]:
            yield document_service_pb2.UploadFilesRequest(dataset_id="stay")
            await asyncio.Event().wait()

        call = stub.UploadFiles(endless(), metadata=AUTHORIZED)
        await Documents.staying.wait()
        call.cancel()
    try:
        async with asyncio.timeout(30):
            await ended.wait()
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
