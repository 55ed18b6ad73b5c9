"""Organizations, sending: names such as `f1u1` mean a caller's own things, and a key of a chatbot knows that one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from knowflow.konversation.v1 import api_key_service_pb2, api_key_service_pb2_grpc
from tests.serving import Server

LATER = 4102444800
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/subscriber/send-sub-flow", {"user_ns": "{u}", "sub_flow_ns": "{s}"}),
    ("POST", "/subscriber/send-sub-flow-by-flow-name", {"user_ns": "{u}", "flow_name": "Hello"}),
    ("POST", "/subscriber/send-sub-flow-by-user-id", {"user_id": "15550100", "sub_flow_ns": "{s}", "flow_ns": "{f}"}),
    ("POST", "/subscriber/send-main-flow", {"user_ns": "{u}"}),
    ("POST", "/subscriber/send-node", {"user_ns": "{u}", "node_ns": "say"}),
    ("POST", "/subscriber/send-text", {"user_ns": "{u}", "content": "x"}),
    ("POST", "/subscriber/send-sms", {"user_ns": "{u}", "content": "x"}),
    ("POST", "/subscriber/send-email", {"user_ns": "{u}", "content": "x"}),
    ("POST", "/subscriber/send-content", {"user_ns": "{u}", "data": {"content": {"goto": "Hello"}}}),
    ("POST", "/subscriber/send-whatsapp-template", {"user_ns": "{u}", "content": {"name": "a", "lang": "en"}}),
    (
        "POST",
        "/subscriber/send-whatsapp-template-by-user-id",
        {"user_id": "15550100", "flow_ns": "{f}", "content": {"name": "a", "lang": "en"}},
    ),
    ("POST", "/subscriber/broadcast", {"user_ns_list": "{u}", "sub_flow_ns": "{s}"}),
    ("POST", "/subscriber/broadcast-by-user-id", {"user_id_list": "15550100", "sub_flow_ns": "{s}"}),
    ("POST", "/subscriber/broadcast-by-tag", {"tags": ["{t}"], "sub_flow_ns": "{s}"}),
    ("POST", "/subscriber/broadcast-by-segment", {"segment_ns": "{g}", "sub_flow_ns": "{s}"}),
    (
        "POST",
        "/subscriber/broadcast-whatsapp-template-by-tag",
        {"tags": ["{t}"], "wa_template": {"name": "a", "lang": "en"}},
    ),
    (
        "POST",
        "/subscriber/broadcast-whatsapp-template-by-user-id",
        {"user_id_list": "15550100", "flow_ns": "{f}", "wa_template": {"name": "a", "lang": "en"}},
    ),
    ("GET", "/subscriber/broadcasts", {"flow_ns": "{f}"}),
    ("DELETE", "/subscriber/broadcast/cancel", {"broadcast_ns": "{b}"}),
    ("DELETE", "/subscriber/broadcast/delete", {"broadcast_ns": "{b}"}),
    ("GET", "/subscriber/chat-messages", {"user_ns": "{u}"}),
    ("POST", "/webchat/{f}/subscribers", {"user_ns": "{u}"}),
    (
        "PUT",
        "/flow/whatsapp-connection",
        {"flow_ns": "{f}", "phone_number_id": "1" * 9, "waba_id": "1" * 9, "access_token": "x"},
    ),
    ("GET", "/flow/whatsapp-connection", {"flow_ns": "{f}"}),
    ("DELETE", "/flow/whatsapp-connection", {"flow_ns": "{f}"}),
    ("POST", "/subscriber/app-trigger", {"user_ns": "{u}", "trigger_name": "Hello"}),
]


async def post(rest: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await rest.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json().get("data")


@dataclass(frozen=True)
class Names:
    """A chatbot with one of everything, by placeholder, and a client with a key of another chatbot."""

    own: dict[str, str]
    bound: httpx.AsyncClient


# As the names of things in a chatbot that nobody has.
UNKNOWN = {"f": "f999999", "u": "f999999u1", "s": "f999999s1", "t": "f999999t1", "g": "f999999sg1", "b": "f999999b1"}


@pytest.fixture(scope="module")
async def names(server: Server) -> AsyncIterator[Names]:
    """A chatbot with one of everything, one without anything, and a client with a key of the latter."""
    async with server.rest() as rest, server.channel() as channel:
        flow, other = [(await post(rest, "/flow/create", name=f"Bot {n}"))["flow_ns"] for n in range(2)]
        tag = (await post(rest, "/flow/create-tag", flow_ns=flow, name="all"))["tag_ns"]
        begin = {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]}
        say = {"obj": {"component_name": "Message", "params": {"content": ["Hello."]}}, "downstream": []}
        definition = {"components": {"begin": begin, "say": say}}
        made = await post(rest, "/flow/create-sub-flow", flow_ns=flow, name="Hello", definition=definition)
        where = [{"filter": "tag_ns", "value": tag}]
        group = await post(rest, "/flow/create-segment", flow_ns=flow, name="All", conditions=where)
        ada = await post(rest, "/subscriber/create", flow_ns=flow, phone="15550100")
        own = {"f": flow, "t": tag, "s": made["sub_flow_ns"], "g": group["segment_ns"], "u": ada["user_ns"]}
        later = {"user_ns_list": own["u"], "sub_flow_ns": own["s"], "scheduled_time": LATER}
        own["b"] = (await post(rest, "/subscriber/broadcast", **later))["broadcast_ns"]
        keys = api_key_service_pb2_grpc.ApiKeyServiceStub(channel)
        request = api_key_service_pb2.CreateApiKeyRequest(name="other", flow_ns=other)
        answer = await keys.CreateApiKey(request, timeout=60)
        async with server.rest(answer.data.token) as bound:
            yield Names(own, bound)


def of(own: dict[str, str], value: Any) -> Any:
    """Return what is asked with names in place of their placeholders."""
    if isinstance(value, dict):
        return {name: of(own, item) for name, item in value.items()}
    if isinstance(value, list):
        return [of(own, item) for item in value]
    for name, text in own.items():
        value = value.replace(f"{{{name}}}", text) if isinstance(value, str) else value
    return value


async def ask(rest: httpx.AsyncClient, own: dict[str, str], verb: str, path: str, body: Any) -> tuple[int, str]:
    given = of(own, body)
    more: dict[str, Any] = {"params": given} if verb in {"GET", "DELETE"} else {"json": given}
    answer = await rest.request(verb, of(own, path), **more)
    text = answer.text
    for name in sorted(own.values(), key=len, reverse=True):
        text = text.replace(name, "*")
    return answer.status_code, text


async def state(rest: httpx.AsyncClient, own: dict[str, str]) -> list[Any]:
    """Return everything that a foreign call could have changed or made."""
    queries = {
        "/subscriber/chat-messages": {"user_ns": own["u"]},
        "/subscriber/broadcasts": {"flow_ns": own["f"]},
        "/subscribers": {"flow_ns": own["f"]},
    }
    return [(await rest.get(path, params=query)).json() for path, query in queries.items()]


@pytest.mark.parametrize(("verb", "path", "body"), ASKED, ids=lambda value: value if isinstance(value, str) else "")
async def test_things_of_others_are_as_if_they_did_not_exist(
    rest: httpx.AsyncClient, stranger: httpx.AsyncClient, names: Names, verb: str, path: str, body: Any
) -> None:
    before = await state(rest, names.own)
    for other in (stranger, names.bound):
        theirs = await ask(other, names.own, verb, path, body)
        assert theirs[0] in {400, 404}, theirs
        # What is named is the only difference.
        assert theirs == await ask(other, UNKNOWN, verb, path, body)
    assert before == await state(rest, names.own)
