"""The platform end to end: limits on the wire, throttled logins, the audit log, sessions and keys over restarts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import grpc
import httpx

from knowflow.v1 import dataset_service_pb2, dataset_service_pb2_grpc
from tests.serving import KEY, OTHER_KEY, Server

PASSWORD = "correct horse"
Start = Callable[..., Server]


def limited(**limits: str) -> dict[str, str]:
    """Return settings with rate limits by surface or class."""
    return {"RATE_LIMITS": json.dumps({name.replace("__", "."): text for name, text in limits.items()})}


async def registered(server: Server, email: str, **fields: str) -> dict[str, Any]:
    """Register a user and return the session."""
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as nobody:
        answer = await nobody.post("/v1/auth/register", json={"email": email, "password": PASSWORD, **fields})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def names(answer: httpx.Response) -> tuple[str | None, str | None]:
    return answer.headers.get("x-ratelimit-limit"), answer.headers.get("x-ratelimit-remaining")


async def test_limits_are_told_on_every_answer_and_kept_in_the_words_of_the_surface(own_server: Start) -> None:
    server = own_server(
        organizations={"Other": OTHER_KEY},
        settings=limited(
            knowflow="3/hour", knowflow__search="1/hour", platform="2/hour", konversation__webhook="1/hour"
        ),
    )
    async with server.rest() as rest, server.rest(OTHER_KEY) as other:
        for remaining in ("2", "1", "0"):
            assert ("3", remaining) == names(await rest.get("/api/v1/datasets"))
        refused = await rest.get("/api/v1/datasets")
        assert (429, ("3", "0")) == (refused.status_code, names(refused))
        seconds = int(refused.headers["retry-after"])
        assert 0 < seconds <= 3601
        assert abs(int(refused.headers["x-ratelimit-reset"]) - time.time() - seconds) < 60
        sentence = f"Too many requests; try again in {seconds} seconds."
        assert {"code": 102, "message": sentence} == refused.json()
        # Writes count by themselves, also those which fail; so do other callers, and searches by their own limit.
        failed = await rest.post("/api/v1/datasets", json={"name": ""})
        assert (400, ("3", "2")) == (failed.status_code, names(failed))
        assert 200 == (await other.get("/api/v1/datasets")).status_code
        assert ("1", "0") == names(await rest.post("/api/v1/retrieval", json={"question": "a"}))
        assert 429 == (await rest.post("/api/v1/retrieval", json={"question": "a"})).status_code
        # Of an inbound webhook, which needs no key, its own address counts.
        flow = (await rest.post("/flow/create", json={"name": "Bot"})).json()["data"]["flow_ns"]
        hooks = [
            (await rest.post("/flow/create-inbound-webhook", json={"flow_ns": flow, "name": name})).json()["data"]
            for name in ("One", "Two")
        ]
        one, two = (f"/iwh/{hook['hook_uid']}" for hook in hooks)
        assert [400, 429, 400] == [(await rest.post(path, json={})).status_code for path in (one, one, two)]
        refused = await rest.post(one, json={})
        sentence = f"Too many requests; try again in {refused.headers['retry-after']} seconds."
        assert (("1", "0"), {"message": sentence}) == (names(refused), refused.json())
        # Without a key, the address counts.
        body = {"email": "a@example.com", "password": "wrong password"}
        assert ("2", "1") == names(await rest.post("/v1/auth/login", json=body))
        answers = [await rest.get("/v1/organizations") for _ in range(3)]
        assert 429 == answers[-1].status_code
        assert "rate_limit_exceeded" == answers[-1].json()["error"]["code"]
    async with server.channel() as channel:
        stub = dataset_service_pb2_grpc.DatasetServiceStub(channel)
        try:
            await stub.ListDatasets(dataset_service_pb2.ListDatasetsRequest(), timeout=20)
            raise AssertionError("The limit is not kept over gRPC.")
        except grpc.aio.AioRpcError as error:
            assert grpc.StatusCode.RESOURCE_EXHAUSTED == error.code()
            trailers = dict(error.trailing_metadata() or ())
            assert "0" == trailers["x-ratelimit-remaining"]
            assert int(str(trailers["retry-after"])) > 0


async def test_limits_go_out_before_downloads_and_streams(own_server: Start) -> None:
    server = own_server(settings=limited(knowflow="50/hour"))
    async with server.rest() as rest:
        dataset = (await rest.post("/api/v1/datasets", json={"name": "a"})).json()["data"]["id"]
        files = {"file": ("a.txt", b"tides")}
        path = f"/api/v1/datasets/{dataset}/documents"
        document = (await rest.post(path, files=files)).json()["data"][0]["id"]
        answer = await rest.get(f"{path}/{document}")
        assert b"tides" == answer.content
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert ("50", "49") == names(answer)


async def test_logins_are_throttled_by_address_of_mail_and_a_success_begins_anew(own_server: Start) -> None:
    server = own_server()
    await registered(server, "ada@example.com")
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as nobody:

        async def attempt(email: str, password: str) -> httpx.Response:
            return await nobody.post("/v1/auth/login", json={"email": email, "password": password})

        for _ in range(2):
            for _ in range(9):
                assert 401 == (await attempt("ada@example.com", "wrong")).status_code
            assert 200 == (await attempt("ada@example.com", PASSWORD)).status_code
        # An unknown address is throttled no differently.
        for email in ("ada@example.com", "nobody@example.com"):
            seen = [(await attempt(email, "wrong")).status_code for _ in range(11)]
            assert [401] * 10 + [429] == seen
        refused = await attempt("ada@example.com", PASSWORD)
        assert (429, "rate_limit_exceeded") == (refused.status_code, refused.json()["error"]["code"])
        assert int(refused.headers["retry-after"]) > 0


async def test_sessions_keys_and_last_uses_outlive_a_restart_and_values_are_nowhere(own_server: Start) -> None:
    server = own_server()
    session = await registered(server, "ada@example.com")
    async with server.rest(session["token"]) as ada:
        made = (await ada.post("/v1/api-keys", json={"name": "one"})).json()["data"]
        async with server.rest(made["token"]) as program:
            assert 200 == (await program.get("/api/v1/datasets")).status_code
    assert 0 == server.stop()
    server = own_server()
    async with server.rest(session["token"]) as ada, server.rest(made["token"]) as program:
        [key] = (await ada.get("/v1/api-keys")).json()["data"]
        assert "last_used_at" in key
        assert "token" not in key
        assert 200 == (await program.get("/api/v1/datasets")).status_code
    server.stop()
    for path in server.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for secret in (session["token"], made["token"], PASSWORD):
            assert secret.encode() not in content, path


async def test_registration_can_be_closed_to_all_but_the_invited(own_server: Start) -> None:
    server = own_server(settings={"REGISTRATION": "invited"})
    async with server.rest(KEY) as program:
        given = {"email": "ada@example.com", "password": PASSWORD}
        refused = await program.post("/v1/auth/register", json=given)
        assert (403, "permission_denied") == (refused.status_code, refused.json()["error"]["code"])
        organization = (await program.get("/v1/me")).json()["data"]["organization"]["id"]
        # The key of the command line invites the first owner.
        invitation = await program.post(
            f"/v1/organizations/{organization}/invitations", json={"emails": ["ada@example.com"], "role": "Owner"}
        )
        token = invitation.json()["data"][0]["token"]
        joined = await program.post("/v1/auth/register", json={**given, "invitation_token": token})
        assert (organization, "Owner") == tuple(joined.json()["data"]["organization"][name] for name in ("id", "role"))


async def entries(client: httpx.AsyncClient, organization: str, count: int, **parameters: Any) -> dict[str, Any]:
    """Return the audit log once it has so many entries."""
    async with asyncio.timeout(30):
        while True:
            answer = await client.get(f"/v1/organizations/{organization}/audit-log", params=parameters)
            if answer.json()["pagination"]["total"] >= count:
                return dict(answer.json())


async def test_audit_log_tells_owners_who_changed_what_on_each_surface(own_server: Start) -> None:
    server = own_server()
    session = await registered(server, "ada@example.com")
    organization, user = session["organization"]["id"], session["user"]["id"]
    async with server.rest(session["token"]) as ada:
        key = (await ada.post("/v1/api-keys", json={"name": "one"})).json()["data"]
        async with server.rest(key["token"]) as program:
            dataset = (await program.post("/api/v1/datasets", json={"name": "a"})).json()["data"]["id"]
            await program.request("DELETE", "/api/v1/datasets", json={"ids": [dataset]})
            # Neither reads nor refused changes are entries.
            await program.get("/api/v1/datasets")
            await program.request("DELETE", "/api/v1/datasets", json={"ids": [dataset]})
        await ada.patch(f"/v1/organizations/{organization}", json={"name": "b"})
        log = await entries(ada, organization, 4)
        seen = [(e["user_id"], e["api_key_id"], e["action"].partition("/")[2], e["resources"]) for e in log["data"]]
        assert [
            (user, "", "UpdateOrganization", {"organization_id": organization, "id": organization}),
            ("", key["id"], "DeleteDatasets", {"ids": dataset}),
            ("", key["id"], "CreateDataset", {"id": dataset}),
            (user, "", "CreateApiKey", {"id": key["id"]}),
        ] == seen
        assert all(e["address"] == "127.0.0.1" and e["request_id"] for e in log["data"])
        second = await entries(ada, organization, 4, page=2, limit=3)
        assert (["CreateApiKey"], 2) == (
            [e["action"].partition("/")[2] for e in second["data"]],
            second["pagination"]["pages"],
        )
        # A walk by cursors meets each entry once, although newer ones come in.
        walked, cursor = [], ""
        while cursor is not None:
            page = await entries(ada, organization, 4, limit=1, cursor=cursor)
            walked += [e["action"].partition("/")[2] for e in page["data"]]
            cursor = page["pagination"].get("next_cursor")
            await ada.patch(f"/v1/organizations/{organization}", json={"name": f"{len(walked)}"})
        assert ["UpdateOrganization", "DeleteDatasets", "CreateDataset", "CreateApiKey"] == walked


async def test_audit_log_tells_of_ended_broadcasts_and_not_of_what_visitors_say(server: Server) -> None:
    session = await registered(server, f"talker.{time.time_ns()}@example.com")
    async with server.rest(session["token"]) as ada:

        async def made(path: str, **values: Any) -> dict[str, Any]:
            return dict((await ada.post(path, json=values)).json()["data"])

        await made("/flow/create", name="a")
        sub_flow = (await made("/flow/create-sub-flow", name="a"))["sub_flow_ns"]
        visitor = await made("/webchat/f1/subscribers", name="Eve")
        async with server.rest(visitor["token"]) as eve:
            assert 200 == (await eve.post("/webchat/messages", json={"text": "hi"})).status_code
        later = int(time.time()) + 3600
        sent = {"user_ns_list": visitor["user_ns"], "sub_flow_ns": sub_flow, "scheduled_time": later}
        broadcast = (await made("/subscriber/broadcast", **sent))["broadcast_ns"]
        for what in ("cancel", "delete"):
            ended = await ada.delete(f"/subscriber/broadcast/{what}", params={"broadcast_ns": broadcast})
            assert {"status": "ok"} == ended.json()
        log = await entries(ada, session["organization"]["id"], 6)
        assert [
            *("DeleteBroadcast", "CancelBroadcast", "CreateBroadcast", "CreateVisitor", "CreateSubFlow", "CreateFlow")
        ] == [entry["action"].partition("/")[2] for entry in log["data"]]


async def test_walk_by_cursors_meets_every_key_once_while_others_come_and_go(server: Server) -> None:
    session = await registered(server, f"walker.{time.time_ns()}@example.com")
    async with server.rest(session["token"]) as ada:

        async def made(name: str) -> str:
            return str((await ada.post("/v1/api-keys", json={"name": name})).json()["data"]["id"])

        kept = [await made(f"key {number}") for number in range(7)]
        seen, cursor = [], ""
        while cursor is not None:
            page = (await ada.get("/v1/api-keys", params={"limit": 2, "cursor": cursor})).json()
            seen += [key["id"] for key in page["data"]]
            cursor = page["pagination"].get("next_cursor")
            # What has been seen goes: pages by number would now skip as many.
            await ada.delete(f"/v1/api-keys/{page['data'][0]['id']}")
        assert kept == seen
