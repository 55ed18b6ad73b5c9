"""What every gRPC server offers: health for probes, reflection for people."""

from __future__ import annotations

import grpc
import httpx
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from knowflow_server.rpc.registry import service_descriptors
from tests.serving import Server


@pytest.fixture
async def anonymous(server: Server):
    """A channel without a key."""
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        yield channel


async def test_health_check_of_the_whole_server_is_serving(anonymous: grpc.aio.Channel) -> None:
    stub = health_pb2_grpc.HealthStub(anonymous)
    answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=20)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_health_check_of_an_unknown_service_is_not_found(anonymous: grpc.aio.Channel) -> None:
    stub = health_pb2_grpc.HealthStub(anonymous)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Check(health_pb2.HealthCheckRequest(service="knowflow.v1.Nothing"), timeout=20)
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND


async def test_health_watch_tells_at_once(anonymous: grpc.aio.Channel) -> None:
    call = health_pb2_grpc.HealthStub(anonymous).Watch(health_pb2.HealthCheckRequest(), timeout=20)
    async for message in call:
        assert message.status == health_pb2.HealthCheckResponse.SERVING
        break
    call.cancel()


async def reflected(channel: grpc.aio.Channel, request: reflection_pb2.ServerReflectionRequest):
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    call = stub.ServerReflectionInfo(iter([request]), timeout=20)
    return [message async for message in call][0]


async def test_reflection_lists_our_services(anonymous: grpc.aio.Channel) -> None:
    answer = await reflected(anonymous, reflection_pb2.ServerReflectionRequest(list_services=""))
    names = {service.name for service in answer.list_services_response.service}
    assert names == {service.full_name for service in service_descriptors()} | {
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }


async def test_reflection_describes_a_method_with_its_types(anonymous: grpc.aio.Channel) -> None:
    symbol = "knowflow.v1.DocumentService"
    answer = await reflected(anonymous, reflection_pb2.ServerReflectionRequest(file_containing_symbol=symbol))
    files = [
        descriptor_pb2.FileDescriptorProto.FromString(serialised)
        for serialised in answer.file_descriptor_response.file_descriptor_proto
    ]
    methods = [method.name for file in files for service in file.service for method in service.method]
    assert "WatchDocument" in methods


async def test_health_over_rest_needs_no_key(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=20, trust_env=False) as client:
        answer = await client.get("/v1/system/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "healthy")
