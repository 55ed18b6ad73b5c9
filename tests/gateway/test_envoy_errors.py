"""Errors which Envoy itself makes, in the words of each surface."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowflow_gateway.runner import EnvoyProcess
from tests.gateway.backend import Backend, Context
from tests.gateway.conftest import (
    MAX_ANSWER_BYTES,
    MAX_JSON_BYTES,
    MAX_UPLOAD_BYTES,
    read_answer,
    running,
    settings_for,
)

MALFORMED = "The body is not valid JSON: Unexpected end of string. Expected , or } after key:value pair."
NO_PAGE = "Page must be a positive integer and limit must be between 1 and 100"
NOT_A_NUMBER = 'Field `page` is "a" but must be a whole number.'
EMPTY_PART = "There is no such path: a part of it is empty."
NO_PATH = "There is no such path. Check the URL."
DOWN = "The server cannot be reached. Try again later."


def openai(message: str, *, kind: str = "invalid_request_error", param: str | None = None) -> Any:
    return {"error": {"message": message, "type": kind, "param": param, "code": None}}


def platform(code: str, message: str) -> Any:
    return {"status": "error", "error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/probes", {"code": 102, "message": MALFORMED}),
        ("/api/v1/chats_openai/probes", openai(MALFORMED)),
        ("/v1/probes", platform("validation_error", MALFORMED)),
        ("/api/public/probes", {"error": "Invalid JSON body", "message": MALFORMED}),
        ("/api/v1/knowledgebase/probes", {"error": MALFORMED}),
        ("/api/flow/probes", {"message": MALFORMED}),
    ],
)
async def test_malformed_json_is_a_400_in_the_surfaces_words(
    client: httpx.AsyncClient, path: str, expected: Any
) -> None:
    answer = await client.post(path, content=b'{"name": "a"')
    assert (answer.status_code, answer.json()) == (400, expected)
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/probes", {"code": 102, "message": NOT_A_NUMBER}),
        ("/api/v1/chats_openai/probes", openai(NOT_A_NUMBER, param="page")),
        ("/v1/probes", platform("validation_error", NOT_A_NUMBER)),
        # What the document says of any page that cannot be.
        ("/api/public/probes", {"error": "Invalid pagination parameters", "message": NO_PAGE}),
        (
            "/api/v1/knowledgebase/probes",
            {"error": "Validation error", "details": [{"field": "page", "message": NOT_A_NUMBER}]},
        ),
        ("/api/flow/probes", {"message": NOT_A_NUMBER}),
    ],
)
async def test_wrong_type_is_a_400_which_names_the_field(client: httpx.AsyncClient, path: str, expected: Any) -> None:
    in_body = await client.post(path, json={"page": "a"})
    assert (in_body.status_code, in_body.json()) == (400, expected)
    in_query = await client.get(path, params={"page": "a"})
    assert (in_query.status_code, in_query.json()) == (400, expected)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"page": 1.5}', "Field `page` is 1.5 but must be a whole number."),
        (b'{"page": {}}', "Field `page` must not be an object."),
        (b'{"tags": [{}]}', "Field `tags` must hold no objects."),
        (b'{"page": [1]}', "A list stands where a single value or an object belongs."),
        (b'{"name": 5}', "Field `name` is 5 but must be a string."),
        (b'{"desc": 1}', "Field `desc` is 1 but must be true or false."),
        (b'{"score": ""}', 'Field `score` is "" but must be a number.'),
        (b'{"config": "a\\"b"}', 'Field `config` is "a"b" but must be an object or one of its named values.'),
        (b'{"note": "a", "note": "b"}', "Field `note` is given more than once."),
        # Whole numbers beyond their type.
        (b'{"page": 2147483648}', "Field `page` is 2147483648, which is too large."),
        (b'{"page": "-99999999999"}', 'Field `page` is "-99999999999", which is too small.'),
        # A secret is not shown again.
        (b'{"access_token": 12345678}', "Field `access_token` must be a string."),
        (b"[]", "The body must be a JSON object."),
        (b"null", "The body must be a JSON object."),
        (b'"x"', "The body must be a JSON object."),
        (b"{} x", "The body is not valid JSON: Parsing terminated before end of input."),
        (b'{"name": "\xff"}', "The body is not valid JSON: Encountered non UTF-8 code points."),
        (b'{"name": NaN}', "The body is not valid JSON: Unexpected token."),
    ],
)
async def test_body_which_does_not_fit_is_explained(client: httpx.AsyncClient, body: bytes, message: str) -> None:
    answer = await client.post("/api/v1/probes", content=body)
    assert (answer.status_code, answer.json()) == (400, {"code": 102, "message": message})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/probes", {"code": 102, "message": "Field `page_size` is given more than once."}),
        ("/v1/probes", platform("validation_error", "Field `page_size` is given more than once.")),
        ("/api/public/probes", {"error": "Validation failed", "message": "Field `page_size` is given more than once."}),
        (
            "/api/v1/knowledgebase/probes",
            {
                "error": "Validation error",
                "details": [{"field": "pageSize", "message": "Field `pageSize` is given more than once."}],
            },
        ),
        ("/api/flow/probes", {"message": "Field `page_size` is given more than once."}),
    ],
)
async def test_parameter_which_is_given_twice_is_a_400_which_names_it(
    client: httpx.AsyncClient, path: str, expected: Any
) -> None:
    answer = await client.get(path, params={"page_size": ["1", "2"]})
    assert (answer.status_code, answer.json()) == (400, expected)


async def test_body_which_contradicts_the_path_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/v1/probes/p1", json={"id": "p2"})
    assert answer.status_code == 400
    assert answer.json() == {"code": 102, "message": 'Field `id` is "p2" in the body but "p1" in the URL.'}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/nobody", {"code": 404, "message": NO_PATH}),
        ("/", {"code": 404, "message": NO_PATH}),
        ("/api/v1/nobody", {"code": 404, "message": NO_PATH}),
        ("/api/v1/probes//files", {"code": 404, "message": EMPTY_PART}),
        ("/api/v1/knowledgebase//x", {"error": EMPTY_PART}),
        ("/api/v1/agents_openai/a/chat", openai(NO_PATH)),
        ("/v1/nobody", platform("resource_not_found", NO_PATH)),
        ("/api/public/nobody", {"error": "Not found", "message": NO_PATH}),
        ("/api/v1/knowledgebase/k/nobody", {"error": NO_PATH}),
        ("/api/v1/agents/a/knowledgebase/nobody", {"error": NO_PATH}),
        ("/api/subscriber/nobody", {"message": NO_PATH}),
        ("/knowflow.gatewaytest.v1.ProbeService/ListProbes", {"code": 404, "message": NO_PATH}),
    ],
)
async def test_unknown_path_is_a_404_in_the_surfaces_words(client: httpx.AsyncClient, path: str, expected: Any) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (404, expected)
    head = await client.head(path)
    assert (head.status_code, head.content) == (404, b"")


async def test_wrong_method_is_a_405_which_names_the_right_ones(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/api/v1/probes")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, POST")
    message = "PATCH is not possible on this path. Possible: DELETE, GET, POST."
    assert answer.json() == {"code": 405, "message": message}


@pytest.mark.parametrize("url", ["/api/v1/probes/%ff", "/api/v1/probes?name=%C3%28", "/api/v1/probes?name=%ED%A0%80"])
async def test_url_which_is_not_utf8_is_a_400(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.get(url)
    assert (answer.status_code, answer.json()) == (400, {"code": 102, "message": "The URL is not valid UTF-8."})


async def test_path_which_is_too_long_is_a_414(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/knowledgebase/" + "x" * 5000)
    assert (answer.status_code, answer.json()) == (414, {"error": "The path is longer than 4096 bytes."})


async def test_refused_value_of_any_length_is_quoted_in_short(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/probes", json={"page": "ä: invalid value " * 50_000}, timeout=30)
    assert answer.status_code == 400
    message = answer.json()["message"]
    assert message.startswith('Field `page` is "ä: invalid value ä: invalid value ')
    assert message.endswith('ä: invalid value " but must be a whole number.')
    assert len(message) < 700


async def test_zero_byte_in_the_path_is_a_400(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/probes/a%00b")
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


async def test_headers_which_are_too_large_are_a_431(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/probes", headers={"x-large": "x" * 70_000})
    assert (answer.status_code, answer.json()["code"]) == (431, 431)


@pytest.mark.parametrize("chunked", [False, True])
async def test_json_which_is_too_large_is_a_413(client: httpx.AsyncClient, chunked: bool) -> None:
    body = b'{"name": "' + b"x" * MAX_JSON_BYTES + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        yield body

    answer = await client.post("/v1/probes", content=pieces() if chunked else body)
    assert answer.status_code == 413
    sentence = f"The request is larger than the limit of {MAX_JSON_BYTES} bytes."
    assert answer.json() == platform("validation_error", sentence)


async def test_chunked_json_within_the_limit_is_read(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"na', b'me": "n', b'"}'):
            yield piece

    answer = await client.post("/v1/probes", content=pieces())
    assert answer.json()["seen"] == {"name": "n"}


async def test_request_which_says_it_is_too_large_is_a_413_at_once(gateway: EnvoyProcess, backend: Backend) -> None:
    limit = MAX_UPLOAD_BYTES + (1 << 20)
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(f"POST /api/v1/probes/p1/files HTTP/1.1\r\nhost: x\r\ncontent-length: {limit + 1}\r\n\r\n".encode())
    answer, body = await read_answer(reader)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413")
    assert f"larger than the limit of {limit} bytes".encode() in body


async def test_answer_which_is_too_large_is_a_500(client: httpx.AsyncClient, backend: Backend) -> None:
    async def create(_: Any, __: Context) -> Any:
        return backend.message("Answer", names=["x" * MAX_ANSWER_BYTES])

    backend.handlers["ListProbes"] = create
    answer = await client.get("/v1/probes")
    assert (answer.status_code, answer.json()) == (500, {"code": 500, "message": "Internal error."})


@pytest.fixture
async def lonely(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway with no server behind it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        settings = settings_for(backend, grpc_port=bound.getsockname()[1])
        async with (
            running(settings, descriptor_set, tmp_path) as process,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}", timeout=20) as http,
        ):
            yield http


async def test_without_a_server_each_surface_answers_503(lonely: httpx.AsyncClient) -> None:
    expected = {
        "/api/v1/probes": {"code": 500, "message": DOWN},
        "/api/v1/chats_openai/probes": openai(DOWN, kind="server_error"),
        "/v1/probes": platform("server_error", DOWN),
        "/api/public/probes": {"error": "Service unavailable", "message": DOWN},
        "/api/v1/knowledgebase/probes": {"error": DOWN},
        "/api/flow/probes": {"message": DOWN},
        "/v1/system/healthz": {"status": "unhealthy", "error": DOWN},
    }
    for path, body in expected.items():
        answer = await lonely.get(path)
        assert (answer.status_code, answer.json()) == (503, body)
    upload = await lonely.post("/api/v1/probes/p1/files", content=b"x" * 1000)
    assert (upload.status_code, upload.json()) == (503, {"code": 500, "message": DOWN})
