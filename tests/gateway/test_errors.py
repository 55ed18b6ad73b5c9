"""Errors and statuses which the server chooses: x-rest-status and x-rest-body become the HTTP answer."""

import json
from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest

from tests.gateway.backend import Backend, Context, refuse

INTERNAL = ("grpc-status", "grpc-message", "grpc-accept-encoding", "x-rest-status", "x-rest-body")


def assert_clean(answer: httpx.Response) -> None:
    """No trace of gRPC or of Envoy may reach a REST caller."""
    leaked = [name for name in answer.headers if name in INTERNAL or name.startswith(("x-envoy", "x-knowflow"))]
    assert leaked == []
    assert answer.headers["server"] == "knowflow"


@pytest.mark.parametrize("status", [400, 402, 409, 422, 429, 500])
async def test_refused_unary_call_has_the_servers_status_and_body(
    client: httpx.AsyncClient, backend: Backend, status: int
) -> None:
    async def create(_: Any, context: Context) -> None:
        await refuse(context, status, '{"code": 102, "message": "Nein \\u4f60."}')

    backend.handlers["CreateProbe"] = create
    answer = await client.post("/api/v1/probes", json={})
    assert answer.status_code == status
    assert answer.json() == {"code": 102, "message": "Nein 你."}
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert_clean(answer)


@pytest.mark.parametrize("status", [(), (("x-rest-status", "abc"),), (("x-rest-status", "99"),)])
@pytest.mark.parametrize("late", [False, True])
async def test_body_without_a_usable_status_gets_that_of_the_grpc_code(
    client: httpx.AsyncClient, backend: Backend, status: tuple[tuple[str, str], ...], late: bool
) -> None:
    async def create(_: Any, context: Context) -> None:
        if late:
            await context.send_initial_metadata(())
        await context.abort(grpc.StatusCode.NOT_FOUND, "Gone.", (*status, ("x-rest-body", '{"a": 1}')))

    backend.handlers["CreateProbe"] = create
    answer = await client.post("/api/v1/probes", json={})
    assert (answer.status_code, answer.json()) == (404, {"a": 1})


async def test_other_trailers_of_a_refusal_become_headers(client: httpx.AsyncClient, backend: Backend) -> None:
    async def create(_: Any, context: Context) -> None:
        trailers = (("x-rest-status", "429"), ("x-rest-body", "{}"), ("retry-after", "7"))
        await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "Slower.", trailers)

    backend.handlers["CreateProbe"] = create
    answer = await client.post("/api/v1/probes", json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_refusal_after_headers_were_sent_has_the_servers_body(
    client: httpx.AsyncClient, backend: Backend
) -> None:
    async def create(_: Any, context: Context) -> None:
        await context.send_initial_metadata((("x-early", "yes"),))
        await refuse(context, 409, '{"error": "late"}')

    backend.handlers["CreateProbe"] = create
    answer = await client.post("/api/v1/probes", json={})
    assert (answer.status_code, answer.json()) == (409, {"error": "late"})
    assert answer.headers["x-early"] == "yes"
    assert_clean(answer)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_stream_refused_before_its_first_message_has_the_servers_status(
    client: httpx.AsyncClient, backend: Backend, method: str
) -> None:
    async def stream(_: Any, context: Context) -> AsyncIterator[Any]:
        await refuse(context, 402, '{"error": "No credits"}', code=grpc.StatusCode.RESOURCE_EXHAUSTED)
        yield None

    backend.handlers["Complete"] = backend.handlers["Download"] = stream
    path = "/api/v1/probes/p1/files" if method == "GET" else "/api/v1/probes/p1/completions"
    answer = await client.request(method, path, headers={"accept": "text/event-stream"})
    assert (answer.status_code, answer.json()) == (402, {"error": "No credits"})
    assert answer.headers["content-type"] == "application/json"
    assert_clean(answer)


async def test_body_of_eight_kilobytes_arrives_whole(client: httpx.AsyncClient, backend: Backend) -> None:
    body = json.dumps({"message": 'quotes "\\" and ünïcode ' + "x" * 8100})

    async def create(_: Any, context: Context) -> None:
        await refuse(context, 400, body)

    backend.handlers["CreateProbe"] = create
    answer = await client.post("/api/v1/probes", json={})
    assert (answer.status_code, answer.text) == (400, body)


async def test_head_of_a_refused_call_has_the_status_and_no_body(client: httpx.AsyncClient, backend: Backend) -> None:
    async def get(_: Any, context: Context) -> None:
        await refuse(context, 404, '{"code": 404}')

    backend.handlers["GetProbe"] = get
    answer = await client.head("/api/v1/probes/p1")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (404, b"", "13")
    assert_clean(answer)


@pytest.mark.parametrize("status", [201, 202])
async def test_status_of_a_success_is_the_servers(client: httpx.AsyncClient, backend: Backend, status: int) -> None:
    async def create(request: Any, context: Context) -> Any:
        await context.send_initial_metadata((("x-rest-status", str(status)), ("x-ratelimit-limit", "100")))
        return backend.answer(request, context, code=0)

    backend.handlers["CreateProbe"] = create
    answer = await client.post("/v1/probes", json={"name": "n"})
    assert (answer.status_code, answer.json()["seen"]) == (status, {"name": "n"})
    assert answer.headers["x-ratelimit-limit"] == "100"
    assert_clean(answer)


async def test_message_with_an_error_status_keeps_its_own_body(client: httpx.AsyncClient, backend: Backend) -> None:
    async def health(_: Any, context: Context) -> Any:
        await context.send_initial_metadata((("x-rest-status", "503"),))
        return backend.message("Answer", code=7)

    backend.handlers["ListProbes"] = health
    answer = await client.get("/v1/system/healthz")
    assert (answer.status_code, answer.json()["code"]) == (503, 7)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/probes", {"code": 500, "message": "Internal error."}),
        (
            "/api/v1/chats_openai/probes",
            {"error": {"message": "Internal error.", "type": "server_error", "param": None, "code": None}},
        ),
        ("/v1/probes", {"status": "error", "error": {"code": "server_error", "message": "Internal error."}}),
        ("/api/public/probes", {"error": "Internal server error", "message": "Internal error."}),
        ("/api/v1/knowledgebase/probes", {"error": "Internal error."}),
        ("/api/flow/probes", {"message": "Internal error."}),
        ("/v1/system/healthz", {"status": "unhealthy", "error": "Internal error."}),
    ],
)
async def test_exception_in_the_server_is_told_in_the_surfaces_words_and_nothing_more(
    client: httpx.AsyncClient, backend: Backend, path: str, expected: Any
) -> None:
    async def crash(_: Any, __: Context) -> None:
        raise ValueError("secret of the server")

    backend.handlers["ListProbes"] = crash
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (500, expected)
    assert_clean(answer)


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        (grpc.StatusCode.NOT_FOUND, 404, "It does not exist."),
        (grpc.StatusCode.INVALID_ARGUMENT, 400, "The request is not valid."),
        (grpc.StatusCode.UNAVAILABLE, 503, "The server cannot be reached. Try again later."),
        (grpc.StatusCode.UNIMPLEMENTED, 501, "This operation is not available here."),
    ],
)
async def test_grpc_error_without_words_for_rest_gets_general_ones(
    client: httpx.AsyncClient, backend: Backend, code: grpc.StatusCode, status: int, message: str
) -> None:
    async def get(_: Any, context: Context) -> None:
        await context.abort(code, "Only for gRPC callers.")

    backend.handlers["GetProbe"] = get
    answer = await client.get("/api/v1/probes/p1")
    assert answer.status_code == status
    assert answer.json()["message"] == message
