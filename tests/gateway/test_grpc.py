"""Native gRPC and gRPC-web through the same port, untouched."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from knowflow_gateway.runner import EnvoyProcess
from tests.gateway.backend import PACKAGE, Backend, Context, refuse


@pytest.fixture
async def channel(gateway: EnvoyProcess, backend: Backend) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{gateway.port}") as channel:
        yield channel


def unary(channel: grpc.aio.Channel, backend: Backend, rpc: str) -> Any:
    answer = type(backend.message("Answer"))
    return channel.unary_unary(
        f"/{PACKAGE}.ProbeService/{rpc}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=answer.FromString,
    )


async def test_native_unary_call_passes(channel: grpc.aio.Channel, backend: Backend) -> None:
    metadata = (("x-knowflow-rest", "knowflow"), ("x-envoy-original-path", "/x"), ("authorization", "Bearer k"))
    answer = await unary(channel, backend, "GetProbe")(backend.message("Probe", id="p1"), metadata=metadata)
    assert answer.seen["id"] == "p1"
    # What only the gateway may say is not believed, and the rest passes.
    assert "x-knowflow-rest" not in answer.metadata
    assert "x-envoy-original-path" not in answer.metadata
    assert answer.metadata["authorization"] == "Bearer k"
    assert answer.metadata["x-knowflow-client-ip"] == "127.0.0.1"


async def test_native_error_keeps_its_status_and_trailers(channel: grpc.aio.Channel, backend: Backend) -> None:
    async def get(_: Any, context: Context) -> None:
        await refuse(context, 402, "{}", code=grpc.StatusCode.NOT_FOUND)

    backend.handlers["GetProbe"] = get
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await unary(channel, backend, "GetProbe")(backend.message("Probe"))
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.NOT_FOUND, "For gRPC callers.")
    assert dict(caught.value.trailing_metadata() or ())["x-rest-status"] == "402"


async def test_native_stream_in_both_directions_passes_message_by_message(
    channel: grpc.aio.Channel, backend: Backend
) -> None:
    async def chat(requests: AsyncIterator[Any], _: Context) -> AsyncIterator[Any]:
        count = 0
        async for _request in requests:
            count += 1
            yield backend.message("Count", count=count)

    backend.handlers["Chat"] = chat
    call = channel.stream_stream(
        f"/{PACKAGE}.NativeService/Chat",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=type(backend.message("Count")).FromString,
    )()
    for count in (1, 2, 3):
        await call.write(backend.message("Probe"))
        assert (await asyncio.wait_for(call.read(), 30)).count == count
    await call.done_writing()
    assert await call.code() == grpc.StatusCode.OK


async def test_health_service_answers_through_the_gateway(channel: grpc.aio.Channel) -> None:
    answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_native_call_of_an_unknown_method_is_unimplemented(channel: grpc.aio.Channel, backend: Backend) -> None:
    call = channel.unary_unary("/nobody.v1.NobodyService/Knows", request_serializer=bytes, response_deserializer=bytes)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"")
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_grpc_web_call_passes(client: httpx.AsyncClient, backend: Backend) -> None:
    message = backend.message("Probe", id="p1").SerializeToString()
    answer = await client.post(
        f"/{PACKAGE}.ProbeService/GetProbe",
        content=b"\0" + len(message).to_bytes(4, "big") + message,
        headers={"content-type": "application/grpc-web+proto", "x-grpc-web": "1"},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/grpc-web+proto")
    size = int.from_bytes(answer.content[1:5], "big")
    assert type(backend.message("Answer")).FromString(answer.content[5 : 5 + size]).seen["id"] == "p1"
    trailers = answer.content[5 + size :]
    assert trailers[0] == 0x80
    assert b"grpc-status:0" in trailers


async def test_grpc_web_error_keeps_its_status(client: httpx.AsyncClient, backend: Backend) -> None:
    async def get(_: Any, context: Context) -> None:
        await refuse(context, 404, "{}", code=grpc.StatusCode.NOT_FOUND)

    backend.handlers["GetProbe"] = get
    answer = await client.post(
        f"/{PACKAGE}.ProbeService/GetProbe",
        content=b"\0\0\0\0\0",
        headers={"content-type": "application/grpc-web+proto", "origin": "https://app.example.com"},
    )
    assert (answer.status_code, answer.headers["grpc-status"]) == (200, "5")
    # Pages read from an error what they are let, and the reason is in its details.
    assert "grpc-status-details-bin" in answer.headers["access-control-expose-headers"]
