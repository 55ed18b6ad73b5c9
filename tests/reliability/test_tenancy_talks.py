"""Organizations, sending: names such as `f1u1` mean a caller's own things, and a key of a chatbot knows that one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from knowflow.konversation.v1 import api_key_service_pb2, api_key_service_pb2_grpc
from tests.serving import Server

LATER = 4102444800
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/subscriber/send-sub-flow", {"user_ns": "{f}u1", "sub_flow_ns": "{f}s1"}),
    ("POST", "/subscriber/send-sub-flow-by-flow-name", {"user_ns": "{f}u1", "flow_name": "Hello"}),
    ("POST", "/subscriber/send-sub-flow-by-user-id", {"user_id": "15550100", "sub_flow_ns": "{f}s1", "flow_ns": "{f}"}),
    ("POST", "/subscriber/send-main-flow", {"user_ns": "{f}u1"}),
    ("POST", "/subscriber/send-node", {"user_ns": "{f}u1", "node_ns": "say"}),
    ("POST", "/subscriber/send-text", {"user_ns": "{f}u1", "content": "x"}),
    ("POST", "/subscriber/send-sms", {"user_ns": "{f}u1", "content": "x"}),
    ("POST", "/subscriber/send-email", {"user_ns": "{f}u1", "content": "x"}),
    ("POST", "/subscriber/send-content", {"user_ns": "{f}u1", "data": {"content": {"goto": "Hello"}}}),
    ("POST", "/subscriber/send-whatsapp-template", {"user_ns": "{f}u1", "content": {"name": "a", "lang": "en"}}),
    (
        "POST",
        "/subscriber/send-whatsapp-template-by-user-id",
        {"user_id": "15550100", "flow_ns": "{f}", "content": {"name": "a", "lang": "en"}},
    ),
    ("POST", "/subscriber/broadcast", {"user_ns_list": "{f}u1", "sub_flow_ns": "{f}s1"}),
    ("POST", "/subscriber/broadcast-by-user-id", {"user_id_list": "15550100", "sub_flow_ns": "{f}s1"}),
    ("POST", "/subscriber/broadcast-by-tag", {"tags": ["{f}t1"], "sub_flow_ns": "{f}s1"}),
    ("POST", "/subscriber/broadcast-by-segment", {"segment_ns": "{f}sg1", "sub_flow_ns": "{f}s1"}),
    (
        "POST",
        "/subscriber/broadcast-whatsapp-template-by-tag",
        {"tags": ["{f}t1"], "wa_template": {"name": "a", "lang": "en"}},
    ),
    (
        "POST",
        "/subscriber/broadcast-whatsapp-template-by-user-id",
        {"user_id_list": "15550100", "flow_ns": "{f}", "wa_template": {"name": "a", "lang": "en"}},
    ),
    ("GET", "/subscriber/broadcasts", {"flow_ns": "{f}"}),
    ("DELETE", "/subscriber/broadcast/cancel", {"broadcast_ns": "{f}b1"}),
    ("DELETE", "/subscriber/broadcast/delete", {"broadcast_ns": "{f}b1"}),
    ("GET", "/subscriber/chat-messages", {"user_ns": "{f}u1"}),
    ("POST", "/webchat/{f}/subscribers", {"user_ns": "{f}u1"}),
    (
        "PUT",
        "/flow/whatsapp-connection",
        {"flow_ns": "{f}", "phone_number_id": "1" * 9, "waba_id": "1" * 9, "access_token": "x"},
    ),
    ("GET", "/flow/whatsapp-connection", {"flow_ns": "{f}"}),
    ("DELETE", "/flow/whatsapp-connection", {"flow_ns": "{f}"}),
    ("POST", "/subscriber/app-trigger", {"user_ns": "{f}u1", "trigger_name": "Hello"}),
]


async def post(rest: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await rest.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json().get("data")


@pytest.fixture(scope="module")
async def names(server: Server) -> AsyncIterator[tuple[str, str, httpx.AsyncClient]]:
    """A chatbot with one of everything, one without anything, and a client with a key of the latter."""
    async with server.rest() as rest, server.channel() as channel:
        flow, other = [(await post(rest, "/flow/create", name=f"Bot {n}"))["flow_ns"] for n in range(2)]
        await post(rest, "/flow/create-tag", flow_ns=flow, name="all")
        begin = {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]}
        say = {"obj": {"component_name": "Message", "params": {"content": ["Hello."]}}, "downstream": []}
        await post(
            rest,
            "/flow/create-sub-flow",
            flow_ns=flow,
            name="Hello",
            definition={"components": {"begin": begin, "say": say}},
        )
        ada = await post(rest, "/subscriber/create", flow_ns=flow, phone="15550100")
        await post(
            rest, "/subscriber/broadcast", user_ns_list=ada["user_ns"], sub_flow_ns=f"{flow}s1", scheduled_time=LATER
        )
        keys = api_key_service_pb2_grpc.ApiKeyServiceStub(channel)
        request = api_key_service_pb2.CreateApiKeyRequest(name="other", flow_ns=other)
        key = (await keys.CreateApiKey(request, timeout=60)).data
        async with server.rest(key.key) as bound:
            yield flow, other, bound


def of(flow: str, value: Any) -> Any:
    """Return what is asked with the names of a chatbot."""
    if isinstance(value, dict):
        return {name: of(flow, item) for name, item in value.items()}
    if isinstance(value, list):
        return [of(flow, item) for item in value]
    return value.replace("{f}", flow) if isinstance(value, str) else value


async def ask(rest: httpx.AsyncClient, flow: str, verb: str, path: str, body: dict[str, Any]) -> httpx.Response:
    given = of(flow, body)
    more: dict[str, Any] = {"params": given} if verb in {"GET", "DELETE"} else {"json": given}
    return await rest.request(verb, of(flow, path), **more)


async def state(rest: httpx.AsyncClient, flow: str) -> list[Any]:
    """Return everything that a foreign call could have changed or made."""
    queries = {
        "/subscriber/chat-messages": {"user_ns": f"{flow}u1"},
        "/subscriber/broadcasts": {"flow_ns": flow},
        "/subscribers": {"flow_ns": flow},
    }
    return [(await rest.get(path, params=query)).json() for path, query in queries.items()]


@pytest.mark.parametrize(("verb", "path", "body"), ASKED, ids=lambda value: value if isinstance(value, str) else "")
async def test_things_of_others_are_as_if_they_did_not_exist(
    rest: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    names: tuple[str, str, httpx.AsyncClient],
    verb: str,
    path: str,
    body: dict[str, Any],
) -> None:
    flow, _, bound = names
    before = await state(rest, flow)
    for other in (stranger, bound):
        theirs = await ask(other, flow, verb, path, body)
        unknown = await ask(other, "f999999", verb, path, body)
        assert theirs.status_code in {400, 404}, theirs.text
        # What is named is the only difference.
        assert (theirs.status_code, theirs.text.replace(flow, "*")) == (
            unknown.status_code,
            unknown.text.replace("f999999", "*"),
        )
    assert before == await state(rest, flow)
