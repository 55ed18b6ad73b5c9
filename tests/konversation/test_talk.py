"""Whole talks on a real server: over the channel web with its stream, and over WhatsApp."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import Any

import grpc
import httpx
import pytest

from knowflow.konversation.v1 import webchat_service_pb2, webchat_service_pb2_grpc
from tests.rpc.calls import new_dataset, parsed, upload
from tests.serving import Server, key_interceptors
from tests.standins.whatsapp import SECRET, TOKEN, event, signed, written


def node(name: str, *downstream: str, **params: Any) -> dict[str, Any]:
    return {"obj": {"component_name": name, "params": params}, "downstream": list(downstream)}


def say(text: str, *downstream: str, **params: Any) -> dict[str, Any]:
    return node("Send", *downstream, messages=[{"type": "text", "text": text}], **params)


async def post(rest: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await rest.request("PUT" if path.endswith("connection") else "POST", path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json().get("data")


async def chatbot(rest: httpx.AsyncClient) -> str:
    """Make a chatbot and return its name."""
    return str((await post(rest, "/api/flow/create", name=f"bot {uuid.uuid4().hex}"))["flow_ns"])


async def sub_flow(rest: httpx.AsyncClient, flow: str, name: str, components: Any, **more: Any) -> str:
    begin = node("Begin", next(iter(components)))
    definition = {"components": {"begin": begin, **components}, **more}
    made = await post(rest, "/flow/create-sub-flow", flow_ns=flow, name=name, definition=definition)
    return str(made["sub_flow_ns"])


async def events(client: httpx.AsyncClient, **query: Any) -> AsyncIterator[dict[str, Any]]:
    """Yield the messages of a stream as they come."""
    async with client.stream("GET", "/api/webchat/stream", params=query, timeout=60) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))


async def test_stream_ends_when_its_visitor_gets_a_new_token(rest: httpx.AsyncClient, server: Server) -> None:
    flow = await chatbot(rest)
    visitor = await post(rest, f"/webchat/{flow}/subscribers", name="Ada")
    headers = {"Authorization": f"Bearer {visitor['token']}"}
    async with (
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60, trust_env=False) as client,
        aclosing(events(client)) as stream,
    ):
        await post(rest, "/subscriber/send-text", user_ns=visitor["user_ns"], content="first")
        assert (await anext(stream))["content"] == "first"
        await post(rest, f"/webchat/{flow}/subscribers", user_ns=visitor["user_ns"])
        await post(rest, "/subscriber/send-text", user_ns=visitor["user_ns"], content="second")
        assert [message["content"] async for message in stream] == []


async def test_visitor_talks_with_a_chatbot_over_a_stream(
    rest: httpx.AsyncClient, server: Server, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "tides.md", "# Tides\n\nThe tides come from the pull of the moon.\n")
    await parsed(rest, channel, dataset, document)
    flow = await chatbot(rest)
    await post(rest, "/flow/create-tag", flow_ns=flow, name="adult")
    await post(rest, "/flow/create-user-field", flow_ns=flow, name="age", var_type="number", value=1)
    older = [{"items": [{"user_field": "age", "operator": "≥", "value": 18}], "to": ["tag"]}]
    welcome = {
        "hello": say("Welcome, {sys.user.name}!", "f1n2"),
        "f1n2": node("Question", "sort", text="How old are you?", reply_type="number", user_field="age"),
        "sort": node("Condition", conditions=older, end_cpn_ids=["young"]),
        "tag": node("Actions", "go", actions=[{"action": "add_tag", "tag_name": "adult"}]),
        "young": say("Come back later."),
        "go": node("GoTo", sub_flow="Knowledge"),
    }
    await sub_flow(rest, flow, "Welcome", welcome)
    knowledge = {
        "what": node("Question", "find", text="What do you want to know?"),
        "find": node("Retrieval", "say", kb_ids=[dataset], query="{what@value}", similarity_threshold=0.0),
        "say": node("Message", content=["I found: {find@formalized_content}"]),
    }
    await sub_flow(rest, flow, "Knowledge", knowledge)
    visitor = await post(rest, f"/webchat/{flow}/subscribers", name="Ada")
    headers = {"Authorization": f"Bearer {visitor['token']}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60, trust_env=False) as client:
        async with aclosing(events(client)) as stream:
            replies = {"How old are you?": "36", "What do you want to know?": "Where do tides come from?"}
            await post(client, "/webchat/messages", text="hi")
            heard: list[dict[str, Any]] = []
            async for message in stream:
                heard.append(message)
                if message["content"].startswith("I found"):
                    break
                if message["type"] == "out" and message["content"] in replies:
                    await post(client, "/api/webchat/messages", text=replies[message["content"]])
        said = [(one["type"], one["content"]) for one in heard]
        assert [
            ("in", "hi"),
            ("out", "Welcome, Ada!"),
            ("out", "How old are you?"),
            ("in", "36"),
            ("out", "What do you want to know?"),
            ("in", "Where do tides come from?"),
        ] == said[:-1]
        assert "pull of the moon" in said[-1][1]
        info = (await rest.get("/subscriber/get-info", params={"user_ns": visitor["user_ns"]})).json()["data"]
        assert (["adult"], "36") == ([one["name"] for one in info["tags"]], info["user_fields"][0]["value"])
        # A client that comes back gets what it has missed, over gRPC, too.
        async with aclosing(events(client, after=heard[-2]["id"])) as again:
            assert heard[-1] == await anext(aiter(again))
    async with grpc.aio.insecure_channel(
        server.grpc_address, interceptors=key_interceptors(visitor["token"])
    ) as direct:
        stub = webchat_service_pb2_grpc.WebchatServiceStub(direct)
        call = stub.WatchVisitorMessages(webchat_service_pb2.WatchVisitorMessagesRequest(after=heard[-2]["id"]))
        assert heard[-1]["content"] == (await call.read()).message.content
        call.cancel()


async def test_token_of_a_visitor_ends_with_a_new_one_and_with_its_subscriber(
    rest: httpx.AsyncClient, server: Server
) -> None:
    flow = await chatbot(rest)
    first = await post(rest, f"/api/webchat/{flow}/subscribers")
    second = await post(rest, f"/api/webchat/{flow}/subscribers", user_ns=first["user_ns"])
    third = await post(rest, f"/api/webchat/{flow}/subscribers")
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:

        async def status(token: str, path: str = "/webchat/messages") -> int:
            return (await client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code

        assert [401, 200] == [await status(one["token"]) for one in (first, second)]
        assert 403 == await status(second["token"], "/subscribers")
        assert 403 == await status(second["token"], "/api/v1/datasets")
        await client.post("/webchat/messages", json={"text": "mine"}, headers={"Authorization": second["token"]})
        theirs = await client.get("/webchat/messages", headers={"Authorization": f"Bearer {third['token']}"})
        assert theirs.json() == {"data": []}
        gone = await rest.request("DELETE", "/subscriber/delete", json={"user_ns": first["user_ns"]})
        assert gone.status_code == 200
        assert 401 == await status(second["token"])


async def test_visitor_has_some_streams_at_a_time_which_end_with_its_token(
    rest: httpx.AsyncClient, server: Server
) -> None:
    flow = await chatbot(rest)
    visitor = await post(rest, f"/webchat/{flow}/subscribers")
    headers, path = {"Authorization": f"Bearer {visitor['token']}"}, "/api/webchat/stream"
    request = webchat_service_pb2.WatchVisitorMessagesRequest()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60, trust_env=False)
        )
        interceptors = key_interceptors(visitor["token"])
        direct = await stack.enter_async_context(
            grpc.aio.insecure_channel(server.grpc_address, interceptors=interceptors)
        )
        stub = webchat_service_pb2_grpc.WebchatServiceStub(direct)
        streams = [await stack.enter_async_context(client.stream("GET", path)) for _ in range(5)]
        assert [200] * 5 == [one.status_code for one in streams]
        refused = await client.get(path)
        sentence = f"{visitor['user_ns']} has 5 streams open, which is the most; close one of them first."
        assert (429, {"message": sentence}) == (refused.status_code, refused.json())
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.WatchVisitorMessages(request).read()
        assert (grpc.StatusCode.RESOURCE_EXHAUSTED, sentence) == (caught.value.code(), caught.value.details())
        # A client which vanishes leaves its place to the next one.
        await streams[0].aclose()
        async with asyncio.timeout(20):
            while True:
                async with client.stream("GET", path) as again:
                    if again.status_code == 200:
                        break
        await post(rest, f"/webchat/{flow}/subscribers", user_ns=visitor["user_ns"])
        await post(rest, "/subscriber/send-text", user_ns=visitor["user_ns"], content="Not for the old token.")
        assert b"data" not in b"".join([piece async for piece in streams[1].aiter_raw()])


async def test_visitor_chooses_only_what_the_chatbot_has_offered(rest: httpx.AsyncClient, server: Server) -> None:
    flow = await chatbot(rest)
    choice = [{"caption": "Prices", "target": "prices"}, {"type": "url", "caption": "Page", "target": "secret"}]
    await sub_flow(rest, flow, "Welcome", {"hello": say("Welcome!", quick_replies=choice)})
    await sub_flow(rest, flow, "Prices", {"prices": say("It costs 5.")})
    await sub_flow(rest, flow, "Staff", {"secret": say("The discount of the staff is CODE5.")})
    visitor = await post(rest, f"/webchat/{flow}/subscribers", name="Ada")
    headers = {"Authorization": f"Bearer {visitor['token']}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60, trust_env=False) as client:
        refused = await client.post("/webchat/messages", json={"text": "Prices", "target": "prices"})
        assert refused.status_code == 400
        assert "`target`" in refused.json()["message"]
        async with aclosing(events(client)) as stream:
            await post(client, "/webchat/messages", text="hi")
            async for message in stream:
                if message["content"] == "Welcome!":
                    break
            refused = await client.post("/webchat/messages", json={"target": "secret"})
            assert refused.status_code == 400
            await post(client, "/webchat/messages", text="Prices", target="prices")
            async for message in stream:
                if message["type"] == "out":
                    break
            assert message["content"] == "It costs 5."


async def test_person_talks_with_a_chatbot_over_whatsapp(rest: httpx.AsyncClient, server: Server) -> None:
    assert server.whatsapp is not None
    flow = await chatbot(rest)
    number = str(uuid.uuid4().int % 10**15 + 10**15)
    made = await post(
        rest,
        "/flow/whatsapp-connection",
        flow_ns=flow,
        phone_number_id=number,
        waba_id="102290129340398",
        access_token=TOKEN,
        app_secret=SECRET,
    )
    choice = [{"caption": "Prices", "target": "f1n5"}]
    await sub_flow(rest, flow, "Welcome", {"hello": say("Welcome, {sys.user.name}!", quick_replies=choice)})
    await sub_flow(rest, flow, "Prices", {"f1n5": say("It costs 5.")})

    async def receive(**value: Any) -> None:
        body = event(number, **value)
        answer = await rest.post(made["webhook_path"], content=body, headers=signed(body))
        assert answer.status_code == 200, answer.text

    now = int(time.time())
    posted = server.whatsapp.of
    await receive(**written("hi", sender="31612345678", wamid="wamid.first", at=now))
    await server.whatsapp.until(lambda: len(posted(number)) == 1)
    interactive = posted(number)[0].content["interactive"]
    assert "Welcome, Ada!" == interactive["body"]["text"]
    [button] = interactive["action"]["buttons"]
    chosen = {"type": "button_reply", "button_reply": button["reply"]}
    message = {"from": "31612345678", "id": "wamid.second", "timestamp": str(now), "type": "interactive"}
    contacts = [{"profile": {"name": "Ada"}, "wa_id": "31612345678"}]
    await receive(contacts=contacts, messages=[{**message, "interactive": chosen}])
    # Meta posts again what it is not sure of.
    await receive(contacts=contacts, messages=[{**message, "interactive": chosen}])
    await server.whatsapp.until(lambda: len(posted(number)) == 2)
    assert "It costs 5." == posted(number)[1].content["text"]["body"]
    query = {"flow_ns": flow, "user_id": "31612345678"}
    talk = (await rest.get("/subscriber/chat-messages", params=query)).json()["data"]
    assert ["It costs 5.", "Prices", "Welcome, Ada!", "hi"] == [one["content"] for one in talk]


async def test_templates_of_whatsapp_go_to_one_and_to_many(rest: httpx.AsyncClient, server: Server) -> None:
    assert server.whatsapp is not None
    posted, flow, number = server.whatsapp.of, await chatbot(rest), str(uuid.uuid4().int % 10**15 + 10**15)
    account = {"phone_number_id": number, "waba_id": "102290129340398", "access_token": TOKEN}
    await post(rest, "/flow/whatsapp-connection", flow_ns=flow, **account)
    await post(
        rest,
        "/subscriber/send-whatsapp-template-by-user-id",
        flow_ns=flow,
        user_id="31612345678",
        create_if_not_found="yes",
        content={"name": "hello", "lang": "en_US"},
    )
    stranger = await post(rest, "/subscriber/create", flow_ns=flow, phone="+31600000001")
    refused = await rest.post(
        "/subscriber/send-whatsapp-template",
        json={"user_ns": stranger["user_ns"], "content": {"name": "hello", "lang": "en_US"}},
    )
    assert (refused.status_code, "not on WhatsApp" in refused.text) == (400, True)
    template = {"name": "order", "lang": "en_US", "params": {"BODY_{{1}}": "ABC", "URL_1": "abc"}}
    broadcast = await post(
        rest,
        "/subscriber/broadcast-whatsapp-template-by-user-id",
        flow_ns=flow,
        user_id_list="31612345678",
        wa_template=template,
    )
    await server.whatsapp.until(lambda: len(posted(number)) == 2)
    content = posted(number)[1].content["template"]
    assert [
        {"type": "body", "parameters": [{"type": "text", "text": "ABC"}]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "abc"}]},
    ] == content["components"]
    assert broadcast["name"] == "order"


async def test_mail_goes_to_the_server_of_the_settings(rest: httpx.AsyncClient, server: Server) -> None:
    flow = await chatbot(rest)
    address = f"{uuid.uuid4().hex}@example.com"
    ada = await post(rest, "/subscriber/create", flow_ns=flow, email=address)
    await post(rest, "/subscriber/send-email", user_ns=ada["user_ns"], subject="News", content="<p>Grüße</p>")
    [mail] = [one for one in server.mail.mails if one["To"] == address]
    assert ("News", "bot@shop.example") == (mail["Subject"], mail["From"])
    assert "Grüße" in mail.get_body(("plain",)).get_content()
