"""The server ends amid a conversation: nothing is lost, nobody is answered twice, and each answer is paid once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.serving import Server
from tests.standins.http import Exchange, LoopbackServer
from tests.standins.whatsapp import WhatsAppStandIn
from tests.whatsapp.office import Office, open_office

ADA, BOB = "31612345678", "4915112345678"
OPERATOR = "operator-of-these-tests-with-a-long-key"


class Slow:
    """An HTTP service that answers once it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_stuck = True

    async def __call__(self, exchange: Exchange) -> None:
        self.asked += 1
        if self.is_stuck:
            await exchange.left.wait()
        else:
            await exchange.send(200, b"It is on its way", Content_Type="text/plain")


def asking(url: str) -> dict[str, object]:
    """Return components which ask a service and say what it answers."""
    invoke = {"component_name": "Invoke", "params": {"url": url, "method": "get"}}
    say = {"component_name": "Message", "params": {"content": ["{Invoke:0@result}"]}}
    return {
        "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["Invoke:0"]},
        "Invoke:0": {"obj": invoke, "downstream": ["say"]},
        "say": {"obj": say},
    }


async def moved(office: Office, server: Server) -> Office:
    """Return an office on the server that has taken the place of another."""
    await office.rest.aclose()
    return Office(server.rest(), office.whatsapp, office.agent_id, office.connection)


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not check():  # noqa: ASYNC110 - the event is in another thread
            await asyncio.sleep(0.02)


async def test_kill_while_the_agent_answers_and_while_the_answer_is_sent(
    own_server: Callable[..., Server], tmp_path: Path
) -> None:
    slow = Slow()
    with WhatsAppStandIn() as whatsapp, LoopbackServer(slow) as service:
        place = f"127.0.0.1:{service.port}"
        settings = {
            "WHATSAPP_URL": whatsapp.url,
            "WHATSAPP_TIMEOUT_S": "30",
            "OUTGOING_ALLOW": json.dumps([place]),
            "CREDIT_GRANT": "10",
        }
        server = own_server(settings=settings)
        office = await open_office(server.rest(), whatsapp, asking(f"http://{place}/"))
        # The agent is asked, and the server ends before it has an answer.
        wamid = await office.write("Where is it?", sender=ADA)
        await until(lambda: slow.asked == 1)
        server.kill()
        slow.is_stuck = False
        server = own_server(settings=settings)
        office = await moved(office, server)
        assert await office.answered(1) == ["It is on its way"]
        # Meta, which knows nothing of this, posts the message again.
        await office.write("Where is it?", sender=ADA, wamid=wamid)

        # The answer goes out, and the server ends before it hears that it did.
        whatsapp.stalls = True
        await office.write("And now?", sender=BOB)
        await whatsapp.until(lambda: len(office.texts) == 2)
        server.kill()
        whatsapp.stalls = False
        server = own_server(settings=settings)
        office = await moved(office, server)
        await office.write("Thanks", sender=BOB)
        # Were the one before sent again, it would come first.
        assert await office.answered(3) == ["It is on its way"] * 3
        assert [post.content["to"] for post in office.posted] == [ADA, BOB, BOB]
        threads = {one["user_id"]: [said["content"] for said in one["messages"]] for one in await office.threads()}
        assert threads == {
            ADA: ["Where is it?", "It is on its way"],
            BOB: ["And now?", "It is on its way", "Thanks", "It is on its way"],
        }
        assert await office.balance() == 7
        await office.rest.aclose()


async def test_without_credits_nothing_is_said_and_a_failed_answer_costs_nothing(
    own_server: Callable[..., Server],
) -> None:
    with WhatsAppStandIn() as whatsapp:
        settings = {"WHATSAPP_URL": whatsapp.url, "CREDIT_GRANT": "2", "OPERATOR_KEY": OPERATOR}
        server = own_server(settings=settings)
        async with server.rest() as rest:
            failing = asking("http://127.0.0.1:1/")
            broken = await open_office(rest, whatsapp, failing)
            office = await open_office(rest, whatsapp)
            # What the agent asks is not allowed, so that it has no answer.
            await broken.write("Hello", sender=ADA)
            await office.write("Hello", sender=ADA)
            assert await office.answered(1) == ["You said: Hello"]
            # With one credit left, the failed answer has cost none.
            await until_balance(office, 1)
            await office.write("Hello again", sender=ADA)
            assert await office.answered(2) == ["You said: Hello", "You said: Hello again"]
            await until_balance(office, 0)
            await office.write("Anybody there?", sender=ADA)
            await office.write("Please", sender=BOB)
            await refused(server, 2)
            await paid(server, await organization_of(rest), 5)
            await office.write("Now", sender="393331234567")
            texts = await office.answered(3)
            assert texts[2] == "You said: Now"
            assert await office.balance() == 4
            assert broken.posted == []


async def organization_of(rest: httpx.AsyncClient) -> str:
    """Return the organization of a key."""
    answer = await rest.get("/v1/organizations")
    return str(answer.json()["data"][0]["id"])


async def paid(server: Server, organization_id: str, amount: int) -> None:
    """Give credits to an organization, as an operator does."""
    async with server.rest(OPERATOR) as operator:
        body = {"organization_id": organization_id, "amount": amount, "idempotency_key": "invoice 1"}
        answer = await operator.post("/api/public/credits/top-up", json=body)
        assert answer.status_code == 200, answer.text


async def refused(server: Server, number: int) -> None:
    """Wait until so many messages were given up for lack of credits."""
    await until(lambda: server.log.count("No credits available") >= number)


async def until_balance(office: Office, balance: int) -> None:
    """Wait until an organization has so many credits."""
    async with asyncio.timeout(60):
        while await office.balance() != balance:  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.05)
