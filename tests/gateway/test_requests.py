"""How JSON bodies, query parameters and paths reach the server."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from knowflow_gateway.runner import EnvoyProcess
from tests.gateway.backend import Backend


async def seen(client: httpx.AsyncClient, method: str, path: str, **request: Any) -> Any:
    answer = await client.request(method, path, **request)
    assert answer.status_code == 200, answer.text
    return answer.json()["seen"]


async def test_zeros_and_empty_lists_print_and_unset_optional_fields_do_not(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/probes")
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (body["code"], body["names"]) == (0, [])
    assert "total_count" not in body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/probes"),
        ("PUT", "/api/v1/probes/p1"),
        ("PATCH", "/api/v1/probes/p1"),
        ("DELETE", "/api/v1/probes"),
    ],
)
async def test_body_of_each_method_reaches_the_server(client: httpx.AsyncClient, method: str, path: str) -> None:
    fields = await seen(client, method, path, json={"name": "né 你 😀", "page_size": 0})
    assert fields.pop("id", None) == ("p1" if path.endswith("p1") else None)
    assert fields == {"name": "né 你 😀", "page_size": 0}


@pytest.mark.parametrize("name", ["x!y", "x&y", "x|y", "x-bin", "some-thing-bin"])
async def test_headers_which_grpc_does_not_take_are_left_out(client: httpx.AsyncClient, name: str) -> None:
    assert await seen(client, "POST", "/api/v1/probes", json={"name": "a"}, headers={name: "*"}) == {"name": "a"}


@pytest.mark.parametrize("headers", [{}, {"content-length": "0"}, {"content-type": "application/json"}])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_absent_body_is_an_empty_message(client: httpx.AsyncClient, method: str, headers: dict[str, str]) -> None:
    assert await seen(client, method, "/api/v1/probes", headers=headers) == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # int32
        ('{"page": "1"}', {"page": 1}),
        ('{"page": 1.0}', {"page": 1}),
        ('{"page": null}', {}),
        ('{"page_size": null}', {}),
        ('{"page_size": "0"}', {"page_size": 0}),
        # bool
        ('{"desc": "True"}', {"desc": True}),
        ('{"force": false}', {"force": False}),
        ('{"force": null}', {}),
        # string
        ('{"name": null}', {}),
        ('{"note": null}', {}),
        ('{"note": ""}', {"note": ""}),
        # repeated: null, empty and absent are one
        ('{"tags": null}', {}),
        ('{"tags": []}', {}),
        ('{"tags": "a"}', {"tags": ["a"]}),
        ('{"tags": ["a", null]}', {"tags": ["a"]}),
        # Value: all are told apart
        ('{"ids": null}', {"ids": None}),
        ('{"ids": []}', {"ids": []}),
        ('{"ids": ["a", null, 1]}', {"ids": ["a", None, 1]}),
        ('{"ids": "a"}', {"ids": "a"}),
        # Struct
        ('{"config": {"a": {"b": [1, null, false]}}}', {"config": {"a": {"b": [1, None, False]}}}),
        ('{"config": {}}', {"config": {}}),
        ('{"config": null}', {}),
        # double
        ('{"score": "0.5"}', {"score": 0.5}),
        # unknown keys, and the camelCase spelling of a name with its own json_name
        ('{"nobody": {"knows": [1]}, "name": "n"}', {"name": "n"}),
        ('{"pageSize": 3}', {}),
        # lenient JSON
        ('{"name": "a", "name": "b"}', {"name": "b"}),
        ('{"name": "a",}', {"name": "a"}),
    ],
)
async def test_json_spelling_is_read(client: httpx.AsyncClient, body: str, expected: Any) -> None:
    assert await seen(client, "POST", "/api/v1/probes", content=body) == expected


@pytest.mark.parametrize(
    "content_type", [None, "application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-8"]
)
async def test_content_type_of_a_json_body_does_not_matter(client: httpx.AsyncClient, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    assert await seen(client, "POST", "/api/v1/probes", content=b'{"name": "n"}', headers=headers) == {"name": "n"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        *((f"desc={word}", {"desc": True}) for word in ("true", "True", "TRUE", "1", "t", "yes")),
        *((f"force={word}", {"force": False}) for word in ("false", "False", "FALSE", "0", "f", "no")),
        ("page=01", {"page": 1}),
        ("page=-1", {"page": -1}),
        ("page=1&page=2", {"page": 2}),
        ("id=", {}),
        ("note=", {"note": ""}),
        ("tags=a&tags=b", {"tags": ["a", "b"]}),
        ("tags=a,b", {"tags": ["a,b"]}),
        ("name=my+data%20set%2B", {"name": "my data set+"}),
        ("name=%E4%BD%A0%F0%9F%98%80", {"name": "你😀"}),
        ("nobody=knows&%5B%5D=1&&=", {}),
        ("desc", {}),
    ],
)
async def test_query_spelling_is_read(client: httpx.AsyncClient, query: str, expected: Any) -> None:
    assert await seen(client, "GET", f"/api/v1/probes?{query}") == expected


async def test_query_with_a_path_variables_name_does_not_overrule_the_path(client: httpx.AsyncClient) -> None:
    assert await seen(client, "GET", "/api/v1/probes/p1?id=p2&%69d=p3&name=n") == {"id": "p1", "name": "n"}
    assert await seen(client, "PUT", "/api/v1/probes/p1?id=p2", json={"name": "n"}) == {"id": "p1", "name": "n"}


async def test_same_id_in_path_and_body_is_accepted(client: httpx.AsyncClient) -> None:
    assert await seen(client, "PUT", "/api/v1/probes/p1", json={"id": "p1"}) == {"id": "p1"}


async def test_trailing_slash_is_the_same_path(client: httpx.AsyncClient) -> None:
    assert await seen(client, "GET", "/api/v1/probes/p1/") == {"id": "p1"}


async def test_escaped_slash_stays_in_the_variable(client: httpx.AsyncClient) -> None:
    assert await seen(client, "GET", "/api/v1/probes/a%2Fb%20c") == {"id": "a/b c"}


async def test_long_url_reaches_the_server(client: httpx.AsyncClient) -> None:
    name = "x" * 20_000
    assert await seen(client, "GET", f"/api/v1/probes?name={name}") == {"name": name}


async def test_large_json_answer_is_compressed_when_the_caller_can(client: httpx.AsyncClient) -> None:
    plain = await client.post("/api/v1/probes", json={"name": "x" * 5000}, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    zipped = await client.post("/api/v1/probes", json={"name": "x" * 5000}, headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert json.loads(zipped.text)["seen"] == plain.json()["seen"]


async def test_head_is_answered_like_get_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/api/v1/probes/p1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    assert (await client.get("/api/v1/probes/p1")).json()["seen"] == {"id": "p1"}


async def test_head_of_a_large_answer_leaves_the_connection_usable(gateway: EnvoyProcess, backend: Backend) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    path = b"/api/v1/probes?name=" + b"x" * 5000
    for verb in (b"HEAD", b"GET"):
        writer.write(b"%b %b HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\n\r\n" % (verb, path))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        # Bytes after the head of an answer without a body would stand before the next one.
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"content-encoding: gzip" in head
    writer.close()
