"""An agent that is connected to a phone number, and the two sides of a conversation with it."""

from __future__ import annotations

import itertools
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.standins.whatsapp import SECRET, TOKEN, Posted, WhatsAppStandIn, event, signed, status, written

ECHO = {
    "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]},
    "say": {"obj": {"component_name": "Message", "params": {"content": ["You said: {sys.query}"]}}},
}


@dataclass
class Office:
    """An agent on WhatsApp.

    Args:
        rest: Calls as its owner.
        whatsapp: The Cloud API.
        agent_id: The agent.
        connection: The connection as its owner sees it.
    """

    rest: httpx.AsyncClient
    whatsapp: WhatsAppStandIn
    agent_id: str
    connection: dict[str, Any]
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def number(self) -> str:
        return str(self.connection["phone_number_id"])

    @property
    def posted(self) -> list[Posted]:
        """What was sent from the number."""
        return self.whatsapp.of(self.number)

    @property
    def texts(self) -> list[str]:
        """The texts that were sent from the number."""
        return [one.content["text"]["body"] for one in self.posted if one.content["type"] == "text"]

    async def post(self, body: bytes) -> httpx.Response:
        """Post a body as WhatsApp does."""
        async with httpx.AsyncClient(base_url=self.rest.base_url, timeout=60, trust_env=False) as client:
            return await client.post(self.connection["webhook_path"], content=body, headers=signed(body))

    async def write(self, text: str, *, sender: str, wamid: str = "", at: float | None = None) -> str:
        """Write to the agent, and return the id of the message."""
        wamid = wamid or f"wamid.{uuid.uuid4().hex}"
        at = time.time() if at is None else at
        answer = await self.post(event(self.number, **written(text, sender=sender, wamid=wamid, at=int(at))))
        assert (answer.status_code, answer.json()) == (200, {"status": "received"})
        return wamid

    async def tell(self, wamid: str, word: str, *, recipient: str, **more: Any) -> None:
        """Tell what became of a message."""
        body = event(self.number, **status(wamid, word, recipient=recipient, at=int(time.time()), **more))
        assert (await self.post(body)).status_code == 200

    async def answered(self, number: int) -> list[str]:
        """Wait until so many texts were sent, and return them."""
        await self.whatsapp.until(lambda: len(self.texts) >= number)
        return self.texts

    async def sent(self) -> list[dict[str, Any]]:
        """Return what was sent as the owner sees it, newest first."""
        answer = await self.rest.get(f"/api/public/agent/{self.agent_id}/waba/messages")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    async def threads(self) -> list[dict[str, Any]]:
        """Return the sessions of the agent with their messages."""
        answer = await self.rest.get(f"/api/v1/agents/{self.agent_id}/sessions")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    async def balance(self) -> int:
        """Return the credits of the organization."""
        return int((await self.rest.get("/api/public/credits")).json()["balance"])


async def open_office(
    rest: httpx.AsyncClient, whatsapp: WhatsAppStandIn, components: dict[str, Any] | None = None
) -> Office:
    """Make an agent, which says the question again unless its components are given, and connect it."""
    body = {"title": f"office {uuid.uuid4().hex}", "dsl": {"components": components or ECHO}}
    agent_id = (await rest.post("/api/v1/agents", json=body)).json()["id"]
    connection = {
        "phone_number_id": str(uuid.uuid4().int % 10**15 + 10**15),
        "waba_id": "102290129340398",
        "access_token": TOKEN,
        "app_secret": SECRET,
    }
    answer = await rest.put(f"/api/public/agent/{agent_id}/waba/connection", json=connection)
    assert answer.status_code == 200, answer.text
    return Office(rest, whatsapp, agent_id, answer.json())
