"""Chatbots: to callers of another workspace, and to keys of another chatbot, what is in one does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow_server.domain.permission import NUMBERS
from knowflow_server.rpc.registry import service_descriptors
from tests.serving import KEY, OTHER_KEY, Server, start_server

WALKED = (
    *("ApiKeyService", "FlowService", "SubFlowService", "FlowTagService", "UserFieldService", "BotFieldService"),
    *("SegmentService", "CustomEventService", "SubscriberService", "SubscriberTagService", "SubscriberFieldService"),
    *("SubscriberStateService", "JournalService"),
)
METHODS = {
    f"{service.name}/{method.name}": (f"/{service.full_name}/{method.name}", method)
    for service in service_descriptors()
    if service.file.package == "knowflow.konversation.v1" and service.name in WALKED
    for method in service.methods
}
# Methods whose requests name nothing that somebody owns.
WITHOUT_IDS = {"FlowService/CreateFlow", "FlowService/ListFlows"}
UNKNOWN = "f999999"
# What requests say: names within the chatbot, and texts.
NAMES = {
    "tag_ns": "t1",
    "var_ns": "v1",
    "user_ns": "u1",
    "sub_flow_ns": "s1",
    "segment_ns": "sg1",
    "event_ns": "e1",
    "user_field_ns": "v1",
}
TEXTS = {
    "user_id": "15550100",
    "name": "stolen",
    "tag_name": "tag",
    "field_name": "field",
    "event_name": "event",
    "label_name": "label",
    "hook_uid": "hook",
    "var_type": "text",
    "phone": "1",
    "filter": "tag_ns",
}
LISTS = ("tags", "user-fields", "bot-fields", "subflows", "segments", "custom-events", "inbound-webhooks", "info")
LOGS = ("/flow/conversations/data", "/flow/agent-activity-log/data", "/flow-summary", "/flow-agent-summary")
NOT_FOUND = {
    *("FLOW_NOT_FOUND", "API_KEY_NOT_FOUND", "SUB_FLOW_NOT_FOUND", "FLOW_TAG_NOT_FOUND", "FLOW_FIELD_NOT_FOUND"),
    *("SEGMENT_NOT_FOUND", "CUSTOM_EVENT_NOT_FOUND", "SUBSCRIBER_NOT_FOUND"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: the calls change and delete all that a caller may."""
    with start_server(tmp_path_factory.mktemp("chatbots"), organizations={"Other": OTHER_KEY}) as running:
        yield running


async def made(rest: httpx.AsyncClient, path: str, body: dict[str, Any]) -> Any:
    answer = await rest.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json().get("data")


async def fill(rest: httpx.AsyncClient, flow: str) -> str:
    """Put one of everything into a chatbot, and return the id of a key for it."""
    at = {"flow_ns": flow}
    await made(rest, "/flow/create-tag", {**at, "name": "tag"})
    field = await made(rest, "/flow/create-user-field", {**at, "name": "field", "var_type": "text"})
    await made(rest, "/flow/create-bot-field", {**at, "name": "bot field", "var_type": "text", "value": "kept"})
    await made(rest, "/flow/create-sub-flow", {**at, "name": "sub flow"})
    await made(rest, "/flow/create-inbound-webhook", {**at, "name": "hook"})
    await made(rest, "/flow/create-custom-event", {**at, "name": "event"})
    conditions = [{"filter": "name", "value": "a"}]
    await made(rest, "/flow/create-segment", {**at, "name": "segment", "conditions": conditions})
    user = (await made(rest, "/subscriber/create", {**at, "phone": "15550100", "name": "Ada"}))["user_ns"]
    await made(rest, "/subscriber/add-tag-by-name", {"user_ns": user, "tag_name": "tag"})
    value = {"user_ns": user, "var_ns": field["var_ns"], "value": "kept"}
    assert (await rest.put("/subscriber/set-user-field", json=value)).status_code == 200
    await made(rest, "/subscriber/log-custom-event", {"user_ns": user, "event_name": "event"})
    await made(rest, "/subscriber/move-chat-to", {"user_ns": user, "status": "done"})
    return str((await made(rest, "/admin/api-keys", {**at, "name": "key"}))["id"])


def request_of(message: Descriptor, flow: str, key: str, *, named: bool) -> dict[str, Any]:
    """Return a request that names what is in a chatbot, and the chatbot itself when `named`."""
    texts = {
        **{name: f"{flow}{rest}" for name, rest in NAMES.items()},
        **TEXTS,
        "api_key_id": key,
    }
    if named:
        texts["flow_ns"] = flow
    found: dict[str, Any] = {}
    for field in message.fields:
        if field.name in texts:
            found[field.name] = texts[field.name]
        elif field.name == "value":
            found[field.name] = f"{flow}t1" if message.name == "SegmentCondition" else "stolen"
        elif field.name == "status":
            found[field.name] = "done"
        elif field.name in ("agent_id", "agent_group_id"):
            found[field.name] = 1
        elif field.name in ("data", "conditions", "users"):
            found[field.name] = [request_of(field.message_type, flow, key, named=named)]
    return found


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], words: dict[str, str]) -> Any:
    """Return all that a caller learns from a call, with the words that it gave itself written alike."""
    path, method = METHODS[name]
    message = json_format.ParseDict(request, GetMessageClass(method.input_type)())
    call = channel.unary_unary(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    try:
        learnt: tuple[str, ...] = ("OK", str(await call(message, timeout=60)), "")
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, error.details() or "", info.reason, str(sorted(info.metadata.items())))
    for word, value in words.items():
        # Identifiers in hex hold names by chance.
        learnt = tuple(re.sub(rf"(?<![0-9a-z]){value}(?![0-9])", f"<{word}>", text) for text in learnt)
    return learnt


async def everything(rest: httpx.AsyncClient, flow: str) -> list[Any]:
    """Return all that the owner sees of a chatbot."""
    at = {"flow_ns": flow}
    paths = [f"/flow/{name}" for name in LISTS] + ["/subscribers", "/flow/bot-users-count", "/admin/api-keys", *LOGS]
    seen = [(await rest.get(path, params=at)).json() for path in paths]
    happened = await rest.get("/flow/custom-events/data", params={**at, "event_ns": f"{flow}e1"})
    return [*seen, happened.json()]


async def test_what_is_in_a_chatbot_does_not_exist_for_callers_of_another(server: Server) -> None:
    async with server.rest(KEY) as owner, server.rest(OTHER_KEY) as stranger:
        # The stranger's one chatbot has the name of a third.
        await made(owner, "/flow/create", {"name": "third"})
        theirs = (await made(owner, "/flow/create", {"name": "theirs"}))["flow_ns"]
        mine = (await made(owner, "/flow/create", {"name": "mine"}))["flow_ns"]
        key = await fill(owner, theirs)
        # With everything that the owner may, within the other chatbot.
        everything_allowed = {"name": "bound", "chatbot_id": mine, "permissions": sorted(NUMBERS)}
        bound = await made(owner, "/v1/api-keys", everything_allowed)
        await made(stranger, "/flow/create", {"name": "other"})
        before = await everything(owner, theirs)
        differing, refusals, walked = [], set(), set(WITHOUT_IDS)
        for shown in (bound["token"], OTHER_KEY):
            async with server.channel(shown) as channel:
                for name, (_, method) in METHODS.items():
                    for named in (True, False):
                        ours = request_of(method.input_type, theirs, key, named=named)
                        if name in WITHOUT_IDS or not any(theirs in str(one) or one == key for one in ours.values()):
                            continue
                        unknown = request_of(method.input_type, UNKNOWN, "0" * 32, named=named)
                        seen = await outcome(channel, name, ours, {"flow": theirs, "key": key})
                        expected = await outcome(channel, name, unknown, {"flow": UNKNOWN, "key": "0" * 32})
                        walked.add(name)
                        refusals.add(expected[2])
                        if seen != expected or expected[2] not in NOT_FOUND:
                            differing.append((name, named, seen, expected))
        after = await everything(owner, theirs)
    assert differing == []
    assert walked == set(METHODS)
    assert refusals == NOT_FOUND
    assert after == before
