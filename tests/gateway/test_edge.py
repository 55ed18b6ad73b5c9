"""The edge: headers from outside, ids, addresses, web pages, TLS."""

import asyncio
import shutil
import ssl
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowflow_gateway.runner import EnvoyProcess
from tests.gateway.backend import Backend, Context
from tests.gateway.conftest import running, settings_for
from tests.standins.certificate import certificate

ORIGIN = "https://app.example.com"


async def metadata_of(
    client: httpx.AsyncClient, headers: dict[str, str], path: str = "/api/v1/probes"
) -> dict[str, str]:
    answer = await client.get(path, headers=headers)
    assert answer.status_code == 200
    metadata: dict[str, str] = answer.json()["metadata"]
    return metadata


async def test_headers_between_gateway_and_server_cannot_come_from_outside(client: httpx.AsyncClient) -> None:
    spoofed = {
        "x-knowflow-rest": "openai",
        "x-knowflow-head": "1",
        "x-knowflow-client-ip": "9.9.9.9",
        "x-knowflow-anything": "x",
        "x-rest-status": "200",
        "x-envoy-original-path": "/admin",
        "grpc-timeout": "1n",
        "grpc-encoding": "gzip",
    }
    metadata = await metadata_of(client, spoofed)
    assert metadata["x-knowflow-rest"] == "knowflow"
    assert metadata["x-knowflow-client-ip"] == "127.0.0.1"
    assert metadata["x-envoy-original-path"] == "/api/v1/probes"
    assert metadata["x-envoy-original-method"] == "GET"
    assert not {"x-knowflow-head", "x-knowflow-anything", "x-rest-status", "grpc-encoding"} & set(metadata)


async def test_every_key_style_reaches_the_server(client: httpx.AsyncClient) -> None:
    assert (await metadata_of(client, {"authorization": "Bearer k"}))["authorization"] == "Bearer k"
    assert (await metadata_of(client, {"authorization": "k"}))["authorization"] == "k"
    assert (await metadata_of(client, {"x-api-key": "k"}))["x-api-key"] == "k"


@pytest.mark.parametrize(
    ("path", "surface"),
    [
        ("/api/v1/probes", "knowflow"),
        ("/v1/system/healthz", "health"),
        ("/api/v1/chats_openai/probes", "openai"),
        ("/v1/probes", "platform"),
        ("/api/public/probes", "flowgent"),
        ("/api/v1/knowledgebase/probes", "knowledgebase"),
        ("/api/flow/probes", "konversation"),
    ],
)
async def test_server_learns_the_surface_of_a_rest_call(client: httpx.AsyncClient, path: str, surface: str) -> None:
    assert (await metadata_of(client, {}, path))["x-knowflow-rest"] == surface


@pytest.mark.parametrize(
    ("given", "kept"), [("req-1.a:B_2", "req-1.a:B_2"), ('a" b\\;c', "abc"), ("x" * 300, "x" * 128)]
)
async def test_callers_request_id_is_kept_as_far_as_it_is_safe(
    client: httpx.AsyncClient, given: str, kept: str
) -> None:
    answer = await client.get("/api/v1/probes", headers={"x-request-id": given})
    assert answer.json()["metadata"]["x-request-id"] == kept
    assert answer.headers["x-request-id"] == kept


async def test_request_id_is_made_when_the_caller_has_none(client: httpx.AsyncClient) -> None:
    ids = [(await client.get("/api/v1/probes", headers=headers)) for headers in ({}, {}, {"x-request-id": "///"})]
    assert all(answer.headers["x-request-id"] == answer.json()["metadata"]["x-request-id"] for answer in ids)
    assert len({answer.headers["x-request-id"] for answer in ids}) == 3


async def test_forwarded_address_of_an_untrusted_caller_is_not_believed(client: httpx.AsyncClient) -> None:
    metadata = await metadata_of(client, {"x-forwarded-for": "9.9.9.9"})
    assert metadata["x-knowflow-client-ip"] == "127.0.0.1"


async def test_forwarded_address_of_a_trusted_proxy_is_believed(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    async with (
        running(settings_for(backend, trusted_proxies=1), descriptor_set, tmp_path) as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        metadata = await metadata_of(client, {"x-forwarded-for": "8.8.8.8, 9.9.9.9"})
    assert metadata["x-knowflow-client-ip"] == "9.9.9.9"


async def test_preflight_of_an_allowed_web_page_is_answered(client: httpx.AsyncClient) -> None:
    asked = {"access-control-request-method": "DELETE", "access-control-request-headers": "authorization"}
    answer = await client.options("/api/v1/probes", headers={"origin": ORIGIN, **asked})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "DELETE" in answer.headers["access-control-allow-methods"]
    assert "authorization" in answer.headers["access-control-allow-headers"]
    call = await client.get("/api/v1/probes", headers={"origin": ORIGIN})
    assert call.headers["access-control-allow-origin"] == ORIGIN
    assert "x-ratelimit-remaining" in call.headers["access-control-expose-headers"]
    refused = await client.patch("/api/v1/probes", headers={"origin": ORIGIN})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (405, ORIGIN)


async def test_other_web_pages_get_no_permission(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/probes", headers={"origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in answer.headers


async def test_https_is_served_with_a_certificate(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    settings = settings_for(backend, tls_certificate=cert, tls_key=key)
    trust = ssl.create_default_context(cafile=str(cert))
    async with (
        running(settings, descriptor_set, tmp_path / "envoy") as process,
        httpx.AsyncClient(base_url=f"https://127.0.0.1:{process.port}", verify=trust) as client,
    ):
        metadata = await metadata_of(client, {})
    assert metadata["x-forwarded-proto"] == "https"


@pytest.mark.skipif(shutil.which("curl") is None, reason="httpx speaks no HTTP/2 here, curl does")
@pytest.mark.parametrize("path", ["/api/v1/probes", "/api/v1/probes/p1/watch"])
async def test_rest_over_http2_has_no_grpc_trailers(gateway: EnvoyProcess, backend: Backend, path: str) -> None:
    async def watch(_: Any, __: Context) -> AsyncIterator[Any]:
        yield backend.message("Count", count=1)

    backend.handlers["WatchProbe"] = watch
    url = f"http://127.0.0.1:{gateway.port}{path}"
    curl = await asyncio.create_subprocess_exec("curl", "-si", "--http2-prior-knowledge", url, stdout=PIPE)
    shown, _ = await asyncio.wait_for(curl.communicate(), 20)
    assert shown.startswith(b"HTTP/2 200")
    assert b"grpc-" not in shown
