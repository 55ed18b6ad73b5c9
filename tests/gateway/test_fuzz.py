"""Whatever a caller sends, the answer is JSON and never an error of ours."""

import asyncio
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowflow_gateway.runner import EnvoyProcess
from tests.gateway.backend import Backend
from tests.gateway.conftest import read_answer

PATHS = (
    *(
        b"/api/v1/probes",
        b"/api/flow/probes",
        b"/",
        b"//",
        b"..",
        b".",
        b":",
        b"*",
        b"a",
        b"\\",
        b"|",
        b'"',
        b"#",
        b";",
    ),
    *(b"%", b"%f", b"%zz", b"%00", b"%2F", b"%E4%BD%A0", b"\xe4\xbd\xa0", b"\xff", b"+", b"[", b"{", b"}"),
    *(b"?", b"&", b"=", b"id=", b"page=1", b"config.a=1", b"config=1", b"tags=%5B", b"ids=1", b"desc="),
)
BODIES = (
    *(b"{", b"}", b"[", b"]", b":", b",", b" ", b"/", b"'", b"null", b"true", b"1", b"-", b"1e999", b"9" * 400),
    *(b'"name"', b'"ids"', b'"config"', b'"page"', b'"score"', b'"unknown"', b'"a"', b'""', b"'name'"),
    *(b"\xff", b'"\\u0000"', b'"\\ud800"', b'"\x01"'),
)


def joined(pieces: tuple[bytes, ...], most: int) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(pieces), max_size=most).map(b"".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from([b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"BREW"]),
    path=st.tuples(st.sampled_from([b"/", b"/api/v1/probes"]), joined(PATHS, 6)).map(b"".join),
    body=st.one_of(joined(BODIES, 9), joined(BODIES, 9).map(lambda inner: b"{" + inner + b"}")),
)
@example(verb=b"POST", path=b"/api/v1/probes", body=b'{"config":"\xff"}')
async def test_any_request_is_answered_with_json(
    gateway: EnvoyProcess, backend: Backend, verb: bytes, path: bytes, body: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    if verb == b"GET":
        body = b""
    writer.write(b"%b %b HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%b" % (verb, path, len(body), body))
    head, answer = await read_answer(reader)
    writer.close()
    assert int(head.split()[1]) < 500
    assert isinstance(json.loads(answer), dict)
