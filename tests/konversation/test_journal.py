"""What happened in a chatbot, on a real server: a talk, an assignment and a failure, their counts, and their end."""

from __future__ import annotations

import uuid
from contextlib import aclosing
from typing import Any

import httpx

from tests.konversation.test_talk import events, node, post, say, sub_flow
from tests.reliability.store import eventually
from tests.serving import Server

LOGS = ("conversations", "agent-activity-log", "error-logs")


async def rows(rest: httpx.AsyncClient, log: str, flow: str) -> list[dict[str, Any]]:
    answer = await rest.get(f"/api/flow/{log}/data", params={"flow_ns": flow})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def counted_rows(server: Server, token: str, log: str, flow: str, count: int) -> None:
    """Wait until a log has so many rows."""

    def check() -> bool:
        url, headers = f"{server.url}/flow/{log}/data", {"Authorization": f"Bearer {token}"}
        answer = httpx.get(url, params={"flow_ns": flow}, headers=headers, timeout=60, trust_env=False)
        return len(answer.json()["data"]) == count

    await eventually(check)


async def test_talk_assignment_and_failure_show_up_and_go_with_what_they_are_of(
    rest: httpx.AsyncClient, server: Server
) -> None:
    credentials = {"email": f"{uuid.uuid4().hex[:12]}@example.com", "password": "correct horse", "name": "Olga"}
    owner = await rest.post("/v1/auth/register", json=credentials)
    assert owner.is_success, owner.text
    token = owner.json()["data"]["token"]
    async with server.rest(token) as rest:
        flow = (await post(rest, "/flow/create", name="Help desk"))["flow_ns"]
        await sub_flow(rest, flow, "Welcome", {"hello": say("Welcome!")})
        broken = node("Actions", actions=[{"action": "add_tag", "tag_name": "unknown"}])
        await sub_flow(rest, flow, "Broken", {"say": say("Wait.", "tag"), "tag": broken}, keywords=["break"])
        visitor = await post(rest, f"/webchat/{flow}/subscribers", name="Ada")
        user = visitor["user_ns"]
        async with server.rest(visitor["token"]) as client, aclosing(events(client)) as stream:
            await post(client, "/webchat/messages", text="hi")
            await post(client, "/webchat/messages", text="break")
            async for message in stream:
                if message["content"] == "Wait.":
                    break
        agents = (await rest.get("/flow/agents")).json()["data"]
        await post(rest, "/subscriber/assign-agent", user_ns=user, agent_id=agents[0]["id"])
        said = {"content": {"messages": [{"type": "text", "text": "Hello, Olga here."}]}}
        await post(rest, "/subscriber/send-content", user_ns=user, data=said, send_as_agent=1)

        [conversation] = await rows(rest, "conversations", flow)
        wanted = {"user_ns": user, "status": "open", "closed_at": "", "agent_id": 1, "messages_in": 2}
        assert {**conversation, **wanted, "messages_out": 2, "messages_agent": 1} == conversation
        done = [
            (one["action"], one["agent_id"], one["messages"]) for one in await rows(rest, "agent-activity-log", flow)
        ]
        assert [("assigned", 1, 0), ("message", 1, 1)] == done
        talk = (await rest.get("/subscriber/chat-messages", params={"user_ns": user})).json()["data"]
        assert ("agent", "1") == (talk[0]["type"], talk[0]["sender_id"])
        await counted_rows(server, token, "error-logs", flow, 1)
        [failure] = await rows(rest, "error-logs", flow)
        wanted_failure = {"user_ns": user, "type": "answer", "sub_flow": "Broken", "component": "tag"}
        assert {**failure, **wanted_failure, "reason": "SUB_FLOW_FAILED"} == failure
        summary = (await rest.get("/flow-summary", params={"range": "today"})).json()["data"]
        counted = {"messages_in": 2, "messages_out": 2, "messages_agent": 1, "active_subscribers": 1, "errors": 1}
        assert {**summary, **counted, "conversations": 1, "subscribers": 1, "new_subscribers": 1} == summary
        [agent] = (await rest.get("/api/flow-agent-summary", params={"range": "today"})).json()["data"]
        assert {"agent_id": 1, "name": "Olga", "assigned": 1, "done": 0, "messages": 1, "subscribers": 1} == {
            name: value for name, value in agent.items() if name != "actions"
        }

        # A key of another chatbot sees nothing of it.
        other = (await post(rest, "/flow/create", name="Other"))["flow_ns"]
        key = (await post(rest, "/admin/api-keys", name="other", flow_ns=other))["token"]
        async with server.rest(key) as bound:
            assert [[], [], []] == [await rows(bound, log, "") for log in LOGS]
            assert 0 == (await bound.get("/flow-summary")).json()["data"]["messages_in"]
            assert 404 == (await bound.get("/flow-summary", params={"flow_ns": flow})).status_code

        # They go with the subscriber.
        gone = await rest.request("DELETE", "/subscriber/delete", json={"user_ns": user})
        assert gone.status_code == 200, gone.text
        for log in LOGS:
            await counted_rows(server, token, log, flow, 0)
