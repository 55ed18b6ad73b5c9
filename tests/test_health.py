"""Health says why the store is down, in the words of the document, and recovers with it."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import pytest

from knowflow.v1 import system_service_pb2, system_service_pb2_grpc
from tests.serving import Server


async def test_healthz_store_gone_is_503_with_the_reason_until_it_is_back(own_server: Callable[..., Server]) -> None:
    server = own_server()
    database = server.folder / "data" / "db"
    away = server.folder / "data" / "away"
    async with server.rest() as client:
        assert "healthy" == (await client.get("/v1/system/healthz")).json()["status"]
        database.rename(away)
        down = await client.get("/v1/system/healthz", headers={"Authorization": ""})
        assert (503, "unhealthy") == (down.status_code, down.json()["status"])
        assert down.json()["error"].startswith("Database connection failed")
        async with grpc.aio.insecure_channel(server.grpc_address) as channel:
            with pytest.raises(grpc.aio.AioRpcError) as error:
                await system_service_pb2_grpc.SystemServiceStub(channel).CheckHealth(
                    system_service_pb2.CheckHealthRequest()
                )
        assert grpc.StatusCode.UNAVAILABLE == error.value.code()
        away.rename(database)
        assert 200 == (await client.get("/v1/system/healthz")).status_code
