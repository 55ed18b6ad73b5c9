"""Events of every kind reach their receivers: signed, in order, again after failures, and past those who fail."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from tests.chat_models import REPLIES, chat_settings
from tests.rpc.calls import data_of, delete_datasets, new_dataset, parsed, upload
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn
from tests.webhooks.receiver import Receiver, deliveries, drops, register, says, settled, stalls

ALL = ("conversation.created", "conversation.message.created", "knowledge_base.updated", "app.deployment.updated")
DATASETS = "knowledge_base.updated"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Server]:
    """A server with a chat model, which may tell the receiver."""
    with ChatStandIn() as provider:
        provider.models.update(REPLIES)
        settings = chat_settings(provider) | receiver.settings
        folder = tmp_path_factory.mktemp("webhooks")
        with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
            yield running


@pytest.fixture
async def hooked(rest: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose webhooks are deleted afterwards."""
    yield rest
    for webhook in (await rest.get("/v1/webhooks", params={"limit": 100})).json()["data"]:
        assert (await rest.delete(f"/v1/webhooks/{webhook['id']}")).status_code == 200


async def test_chat_raises_events_that_the_receivers_library_verifies(
    hooked: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await register(hooked, receiver.url("/chat"), "conversation.created", "conversation.message.created")
    chat = data_of(await hooked.post("/api/v1/chats", json={"name": f"chat {webhook['id']}"}))
    body = {"question": "What is machine learning?", "stream": False}
    answer = data_of(await hooked.post(f"/api/v1/chats/{chat['id']}/completions", json=body))
    created, asked, answered = await receiver.attempts("/chat", 3)
    assert created.verify(webhook["secret"])["type"] == "conversation.created"
    assert created.headers["content-type"] == "application/json"
    assert re.fullmatch(r"msg_[0-9a-f]{32}", created.id)
    conversation = created.data["conversation"]
    assert (conversation["id"], conversation["chat_id"]) == (answer["session_id"], chat["id"])
    told = [one.verify(webhook["secret"]) for one in (asked, answered)]
    assert [one["type"] for one in told] == ["conversation.message.created"] * 2
    assert [one["data"]["message"]["role"] for one in told] == ["user", "assistant"]
    assert [one["data"]["message"]["content"] for one in told] == [body["question"], answer["answer"]]
    assert {one["data"]["conversation"]["id"] for one in told} == {answer["session_id"]}
    assert len({created.id, asked.id, answered.id}) == 3
    with pytest.raises(WebhookVerificationError):
        created.verify("whsec_" + "A" * 43 + "=")


async def test_session_that_is_made_alone_and_an_agents_one_raise_events(
    hooked: httpx.AsyncClient, receiver: Receiver
) -> None:
    await register(hooked, receiver.url("/sessions"), *ALL)
    chat = data_of(await hooked.post("/api/v1/chats", json={"name": f"alone {id(receiver)}"}))
    session = data_of(await hooked.post(f"/api/v1/chats/{chat['id']}/sessions", json={"name": "Alone"}))
    begin = {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["Message:A"], "upstream": []}
    says_hello = {"component_name": "Message", "params": {"content": ["Hello."]}}
    dsl = {"components": {"begin": begin, "Message:A": {"obj": says_hello, "downstream": [], "upstream": ["begin"]}}}
    title = f"agent {id(receiver)}"
    assert data_of(await hooked.post("/api/v1/agents", json={"title": title, "dsl": dsl})) is True
    [agent] = data_of(await hooked.get("/api/v1/agents", params={"title": title}))
    question = {"question": "Who?", "stream": False}
    assert (await hooked.post(f"/api/v1/agents/{agent['id']}/completions", json=question)).status_code == 200
    first, begun, asked, answered = await receiver.attempts("/sessions", 4)
    assert first.data["conversation"]["id"] == session["id"]
    assert first.data["conversation"]["name"] == "Alone"
    assert begun.data["conversation"]["agent_id"] == agent["id"]
    assert (asked.data["message"]["content"], answered.data["message"]["content"]) == ("Who?", "Hello.")
    assert {one.data["conversation"]["id"] for one in (asked, answered)} == {begun.data["conversation"]["id"]}


async def test_dataset_upload_and_parse_raise_events_in_their_order(
    hooked: httpx.AsyncClient, server: Server, receiver: Receiver
) -> None:
    await register(hooked, receiver.url("/data"), DATASETS)
    dataset = await new_dataset(hooked)
    document = await upload(hooked, dataset, "tides.txt", "The moon pulls the sea.")
    async with server.channel() as channel:
        assert (await parsed(hooked, channel, dataset, document)).status == "1"
    await delete_datasets(hooked, dataset)
    created, uploaded, started, ended, deleted = [one.data for one in await receiver.attempts("/data", 5)]
    assert {one["knowledge_base"]["id"] for one in (created, uploaded, started, ended, deleted)} == {dataset}
    changes = [one["change"] for one in (created, uploaded, started, ended, deleted)]
    assert changes == ["created", "updated", "updated", "updated", "deleted"]
    assert created["documents"] == []
    kinds = [one["documents"][0]["change"] for one in (uploaded, started, ended, deleted)]
    assert kinds == ["created", "updated", "updated", "deleted"]
    assert [one["documents"][0]["status"] for one in (uploaded, started, ended)] == ["unstarted", "processing", "ready"]
    assert {one["documents"][0]["id"] for one in (uploaded, started, ended, deleted)} == {document}
    assert ended["knowledge_base"]["chunk_count"] == ended["documents"][0]["chunk_count"] == 1


async def test_events_of_another_organization_and_those_not_asked_for_do_not_come(
    hooked: httpx.AsyncClient, stranger: httpx.AsyncClient, receiver: Receiver
) -> None:
    mine = await register(hooked, receiver.url("/mine"), DATASETS)
    chats = await register(hooked, receiver.url("/chats-only"), "conversation.created")
    await new_dataset(stranger)
    dataset = await new_dataset(hooked)
    [one] = await receiver.attempts("/mine", 1)
    assert one.data["knowledge_base"]["id"] == dataset
    assert [len(await deliveries(hooked, webhook["id"])) for webhook in (mine, chats)] == [1, 0]


@pytest.mark.parametrize(
    ("name", "failures", "statuses"),
    [
        ("status", [says(500, b"Oops."), says(302, Location="http://127.0.0.1:1/")], [500, 302, 200]),
        ("drop", [drops, drops], [None, None, 200]),
        ("stall", [stalls], [None, 200]),
    ],
)
async def test_delivery_that_fails_is_attempted_again_under_the_same_id(
    hooked: httpx.AsyncClient, receiver: Receiver, name: str, failures: list, statuses: list
) -> None:
    path = f"/again-{name}"
    receiver.answers(path, *failures, says(200, b"Thanks."))
    webhook = await register(hooked, receiver.url(path), DATASETS)
    await new_dataset(hooked)
    attempts = await receiver.attempts(path, len(statuses))
    assert len({one.id for one in attempts}) == 1
    assert len({one.body for one in attempts}) == 1
    for one in attempts:
        one.verify(webhook["secret"])
    [delivery] = await settled(hooked, webhook["id"])
    assert (delivery["status"], delivery["attempt_count"]) == ("succeeded", len(statuses))
    assert [one.get("status_code") for one in delivery["attempts"]] == statuses
    assert [one["succeeded"] for one in delivery["attempts"]] == [False] * (len(statuses) - 1) + [True]
    assert delivery["attempts"][-1]["response"] == "Thanks."
    assert "next_attempt_at" not in delivery
    kept = (await hooked.get(f"/v1/webhooks/{webhook['id']}")).json()["data"]
    assert "failing_since" not in kept


async def test_receiver_that_stalls_or_fails_holds_up_nobody_else(
    hooked: httpx.AsyncClient, receiver: Receiver
) -> None:
    receiver.answers("/stalling", stalls)
    receiver.answers("/failing", says(500))
    bad = [await register(hooked, receiver.url(path), DATASETS) for path in ("/stalling", "/failing")]
    good = await register(hooked, receiver.url("/good"), DATASETS)
    made = [await new_dataset(hooked) for _ in range(5)]
    taken = await receiver.attempts("/good", 5)
    assert [one.data["knowledge_base"]["id"] for one in taken] == made
    assert {one["status"] for one in await settled(hooked, good["id"])} == {"succeeded"}
    assert {one["status"] for one in await deliveries(hooked, bad[0]["id"])} == {"pending"}
    # The first attempts at the failing one were in order, too.
    await receiver.until(lambda: len({one.id for one in receiver.received["/failing"]}) == 5)
    first = {one.id: one.data["knowledge_base"]["id"] for one in receiver.received["/failing"]}
    assert list(first.values()) == made


async def test_receiver_that_is_gone_is_told_nothing_more_until_it_is_enabled(
    hooked: httpx.AsyncClient, receiver: Receiver
) -> None:
    receiver.answers("/gone", says(410), says(200))
    webhook = await register(hooked, receiver.url("/gone"), DATASETS)
    await new_dataset(hooked)
    await receiver.attempts("/gone", 1)
    place = f"/v1/webhooks/{webhook['id']}"
    while (shown := (await hooked.get(place)).json()["data"])["status"] == "enabled":  # noqa: ASYNC110 - the event is in another process
        await asyncio.sleep(0.02)
    assert shown["disabled_reason"] == "gone"
    await new_dataset(hooked)
    [delivery] = await deliveries(hooked, webhook["id"])
    assert delivery["status"] == "pending"
    refused = await hooked.post(f"{place}/deliveries/{delivery['id']}/retry", json={})
    assert refused.json()["error"]["code"] == "validation_error"
    enabled = (await hooked.patch(place, json={"status": "enabled"})).json()["data"]
    assert (enabled["status"], "disabled_reason" in enabled) == ("enabled", False)
    [delivery] = await settled(hooked, webhook["id"])
    assert (delivery["status"], delivery["attempt_count"]) == ("succeeded", 2)


async def test_rotated_secret_signs_beside_the_old_one_until_it_ends(
    hooked: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await register(hooked, receiver.url("/rotated"), DATASETS)
    place = f"/v1/webhooks/{webhook['id']}"
    second = (await hooked.post(f"{place}/rotate-secret", json={})).json()["data"]["secret"]
    await hooked.post(f"{place}/test", json={})
    third = (await hooked.post(f"{place}/rotate-secret", json={"overlap_s": 0})).json()["data"]["secret"]
    await hooked.post(f"{place}/test", json={})
    both, alone = await receiver.attempts("/rotated", 2)
    for secret in (webhook["secret"], second):
        assert both.verify(secret)["type"] == "webhook.test"
        with pytest.raises(WebhookVerificationError):
            alone.verify(secret)
    alone.verify(third)
    assert len(both.headers["webhook-signature"].split()) == 2
    assert len({webhook["secret"], second, third}) == 3


async def test_delivery_is_replayed_under_its_id_and_with_a_timestamp_of_now(
    hooked: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await register(hooked, receiver.url("/replayed"), DATASETS)
    await new_dataset(hooked)
    [delivery] = await settled(hooked, webhook["id"])
    place = f"/v1/webhooks/{webhook['id']}/deliveries/{delivery['id']}"
    began = int(time.time())
    again = (await hooked.post(f"{place}/retry", json={})).json()["data"]
    assert (again["status"], again["attempt_count"]) == ("pending", 0)
    first, second = await receiver.attempts("/replayed", 2)
    assert (first.id, first.body) == (second.id, second.body) == (delivery["event_id"], first.body)
    assert int(second.headers["webhook-timestamp"]) >= began
    second.verify(webhook["secret"])
    [delivery] = await settled(hooked, webhook["id"])
    assert (delivery["attempt_count"], len(delivery["attempts"])) == (1, 2)
    assert (await hooked.get(place)).json()["data"]["payload"] == first.content


async def test_receiver_that_fails_for_long_is_disabled_and_exhausted_deliveries_fail(
    own_server: Callable[..., Server], receiver: Receiver
) -> None:
    receiver.answers("/exhausted", says(503, Retry_After="0"))
    settings = receiver.settings | {"WEBHOOK_RETRY_DELAYS_S": "[0.05, 0.05]", "WEBHOOK_DISABLE_AFTER_S": "1"}
    server = own_server(settings=settings)
    async with server.rest() as rest:
        webhook = await register(rest, receiver.url("/exhausted"), DATASETS)
        await new_dataset(rest)
        [delivery] = await settled(rest, webhook["id"])
        assert (delivery["status"], delivery["attempt_count"]) == ("failed", 3)
        shown = (await rest.get(f"/v1/webhooks/{webhook['id']}")).json()["data"]
        since = datetime.fromisoformat(shown["failing_since"])
        assert abs(datetime.now(since.tzinfo) - since) < timedelta(minutes=1)
        while shown["status"] == "enabled":
            await new_dataset(rest)
            shown = (await rest.get(f"/v1/webhooks/{webhook['id']}")).json()["data"]
        assert shown["disabled_reason"] == "failing"
    assert server.stop() == 0
    assert webhook["secret"].removeprefix("whsec_") not in server.log
