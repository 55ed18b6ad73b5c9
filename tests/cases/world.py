"""A server as a case sees it: both transports, the keys, and the names that steps have given."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cases.case import SHARED, Step, read
from tests.cases.matching import Tag, differences, resolve
from tests.cases.shop_steps import ShopSteps
from tests.cases.transports import Answer, Grpc, Rest
from tests.standins.whatsapp import SECRET, TOKEN

WRONG_KEY = "test-key-of-nobody"
SHOWN = 1500
ECHO = {
    "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]},
    "say": {"obj": {"component_name": "Message", "params": {"content": ["You said: {sys.query}"]}}},
}
CHATBOTS = "knowflow.konversation.v1"
UPLOAD = "DocumentService/UploadDocuments"
MANUAL = "# Product manual\n\n## How to install the product?\n\nPut it onto the table and press the button.\n"
KNOWLEDGEBASE = "knowflow.knowledgebase.v1"


@dataclass
class World(ShopSteps):
    """One server.

    Args:
        rest: Calls it by HTTP.
        grpc: Calls it by gRPC; setups use it, being faster.
        keys: API keys, `own` and `stranger`.
        receiver: Base address of a receiver of webhooks; empty when there is none.
        website: Base address of a website; empty when there is none.
    """

    rest: Rest
    grpc: Grpc
    keys: Mapping[str, str]
    receiver: str = ""
    website: str = ""
    _made: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def call(self, step: Step, names: Mapping[str, Any], *, transport: str) -> Answer:
        """Make the call of a step, with its references replaced."""
        ready = step.model_copy(
            update={
                name: resolve(getattr(step, name), names) for name in ("request", "requests", "form", "raw", "headers")
            }
        )
        keys = {**self.keys, "wrong": WRONG_KEY}
        headers = {} if step.key == "none" else {"authorization": f"Bearer {keys[step.key]}"}
        return await (self.rest if transport == "rest" else self.grpc).call(ready, {**headers, **ready.headers})

    async def shared(self, name: str) -> dict[str, Any]:
        """Return the names of a shared setup, which is made when it is first asked for."""
        return await self.once(name, read(SHARED / f"{name}.yaml")["setup"])

    async def once(self, name: str, steps: list[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the names which steps give, that are done for the first one who asks under a name."""
        if name not in self._made:
            names = fresh_names()
            await self.set_up(steps, names)
            self._made[name] = names
        return self._made[name]

    async def set_up(self, steps: list[Mapping[str, Any]], names: dict[str, Any]) -> None:
        """Do the steps before a call and bind what they give.

        A step is an object whose first key says what is made: `dataset`, `document`, `chunk`, `chat`, `session`,
        `agent`, `talk`, `webhook`, `waba`, `knowledgebase`, `reference`, `webpage`, `manual`, `chatbot`, `tag`,
        `field`, `subscriber`, `label`, `phone`, or `parse`, `read`, `user`, `member`, `put`, `call`,
        or what `ShopSteps` makes.
        `as` is the name for the result, else that key; `key` says whose API key is shown.
        """
        for given in steps:
            step = dict(given)
            kind = next(iter(step))
            value = step.pop(kind)
            name, key = step.pop("as", kind), step.pop("key", "own")
            made = await getattr(self, f"_{kind}")(resolve(value, names), names, key)
            assert not step, f"unknown members of a setup step: {', '.join(step)}"
            if made is not None:
                names[name] = made

    async def _call(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        step = Step.model_validate({"key": key, **value})
        answer = await self.call(step, names, transport="grpc")
        assert answer.grpc == "OK", f"setup failed: {answer.grpc} {answer.message}"
        problems = list(differences(step.expect.body, answer.body)) if step.expect.body is not None else []
        assert not problems, problems
        return answer.body

    async def _dataset(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        request = {"name": f"dataset {uuid.uuid4().hex}", **value}
        answer = await self._call({"method": "DatasetService/CreateDataset", "request": request}, names, key)
        return answer["data"]

    async def _document(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Upload a file: name, content, dataset (an id), parse, meta."""
        given = {"name": "tides.md", "content": "# Tides\n\nThe moon pulls the sea.\n", **value}
        dataset = given.get("dataset") or names["dataset"]["id"]
        part = {"name": "file", "filename": given["name"], "content": given["content"]}
        upload = {"method": UPLOAD, "request": {"dataset_id": dataset}, "form": [part]}
        made = (await self._call(upload, names, key))["data"][0]
        place = {"dataset_id": dataset, "document_id": made["id"]}
        if "meta" in given:
            change = {"method": "DocumentService/UpdateDocument", "request": {**place, "meta_fields": given["meta"]}}
            made = (await self._call(change, names, key))["data"]
        return await self._parse(made, names, key) if given.get("parse") else made

    async def _parse(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Parse a document, and return how it came out."""
        request = {"dataset_id": value["dataset_id"], "document_ids": [value["id"]]}
        await self._call({"method": "ChunkService/ParseOrCreateChunk", "request": request}, names, key)
        return await self._parsed(value, names, key)

    async def _parsed(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Wait until a document is no longer being parsed, and return it."""
        request = {"dataset_id": value["dataset_id"], "document_id": value["id"]}
        step = Step.model_validate({"method": "DocumentService/WatchDocument", "request": request, "key": key})
        answer = await self.call(step, names, transport="grpc")
        assert answer.grpc == "OK", answer.message
        return answer.messages[-1]["document"]

    async def _chunk(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Write a chunk: content, important_keywords, questions, document (a document); available."""
        given = dict(value)
        document = given.pop("document", None) or names["document"]
        available = given.pop("available", True)
        place = {"dataset_id": document["dataset_id"], "document_id": document["id"]}
        create = {"method": "ChunkService/CreateChunk", "request": {**place, **given}}
        made = (await self._call(create, names, key))["data"]["chunk"]
        if not available:
            change = {**place, "chunk_id": made["id"], "available": False}
            await self._call({"method": "ChunkService/UpdateChunk", "request": change}, names, key)
        return made

    async def _chat(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make a chat assistant, without datasets unless they are given."""
        request = {"name": f"chat {uuid.uuid4().hex}", **value}
        return (await self._call({"method": "ChatService/CreateChat", "request": request}, names, key))["data"]

    async def _user(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Register a user, with an organization of its own unless an invitation is given; adds e-mail and password."""
        given = {"email": f"{uuid.uuid4().hex[:12]}@example.com", "password": "correct horse", "name": "Ada", **value}
        step = {"method": "knowflow.platform.v1.AuthService/Register", "request": given}
        return {**given, **(await self._call(step, names, "none"))["data"]}

    async def _member(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Register a user who is a member of `${owner.organization.id}`: role."""
        owner, email = names["owner"], f"{uuid.uuid4().hex[:12]}@example.com"
        step = {
            "method": "knowflow.platform.v1.MemberService/CreateInvitations",
            "request": {"organization_id": owner["organization"]["id"], "emails": [email], "role": value["role"]},
            "headers": {"authorization": f"Bearer {owner['token']}"},
        }
        [invitation] = (await self._call(step, names, key))["data"]
        return await self._user({"email": email, "invitation_token": invitation["token"]}, names, key)

    async def _session(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Begin a session: the members of the request; chat_id is `${chat.id}` unless it is given."""
        chat = {} if "chat_id" in value else {"chat_id": names["chat"]["id"]}
        return (await self._call({"method": "SessionService/CreateSession", "request": {**chat, **value}}, names, key))[
            "data"
        ]

    async def _agent(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Make an agent: title, components or dsl; by default one that says the question again."""
        given = dict(value)
        components = given.pop("components", ECHO)
        request = {"title": f"agent {uuid.uuid4().hex}", "dsl": {"components": components}, **given}
        made = await self._call({"method": "AgentService/CreateAgent", "request": request}, names, key)
        return {"id": made["id"], "title": request["title"]}

    async def _talk(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Begin a session with an agent: the members of the request; agent_id is `${agent.id}` unless it is given."""
        agent = {} if "agent_id" in value else {"agent_id": names["agent"]["id"]}
        call = {"method": "AgentService/CreateAgentSession", "request": {**agent, **value}}
        return (await self._call(call, names, key))["data"]

    async def _knowledgebase(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a knowledge base: name, description."""
        request = {"name": f"knowledgebase {uuid.uuid4().hex}", **value}
        create = {"method": f"{KNOWLEDGEBASE}.KnowledgebaseService/CreateKnowledgebase", "request": request}
        return (await self._call(create, names, key))["data"]

    async def _reference(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Add a question with its answer to `${knowledgebase.id}`, unless knowledgebaseId or agentId is given."""
        given = {"question": "What are your business hours?", "answer": "We are open from 9 to 5.", **value}
        if not {"knowledgebaseId", "agentId"} & set(given):
            given["knowledgebaseId"] = names["knowledgebase"]["id"]
        create = {"method": f"{KNOWLEDGEBASE}.ReferenceService/CreateReference", "request": given}
        return (await self._call(create, names, key))["data"]

    async def _webpage(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Add a webpage to `${knowledgebase.id}`: path, name, notes; it has been read, unless wait is false."""
        given = {"path": "/faq", "wait": True, **value}
        place, wait = {"knowledgebaseId": names["knowledgebase"]["id"]}, given.pop("wait")
        request = {**place, "url": f"{self.website}{given.pop('path')}", **given}
        create = {"method": f"{KNOWLEDGEBASE}.WebpageService/CreateWebpage", "request": request}
        made = (await self._call(create, names, key))["data"]
        if not wait:
            return made
        return await self._read(made, names, key)

    async def _read(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Wait until a webpage of `${knowledgebase.id}` has been read, and return it."""
        place = {"knowledgebaseId": names["knowledgebase"]["id"]}
        await self._parsed({"dataset_id": place["knowledgebaseId"], "id": value["id"]}, names, key)
        request = {**place, "webpageId": value["id"]}
        return (
            await self._call({"method": f"{KNOWLEDGEBASE}.WebpageService/GetWebpage", "request": request}, names, key)
        )["data"]

    async def _manual(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Add a document to `${knowledgebase.id}`: fileName, content, name, notes; it has been parsed."""
        place = {"knowledgebaseId": names["knowledgebase"]["id"]}
        given = {"fileName": "product-manual.md", "content": MANUAL, **place, **value}
        given["content"] = base64.b64encode(given["content"].encode()).decode()
        create = {"method": f"{KNOWLEDGEBASE}.DocumentService/CreateDocument", "request": given}
        made = (await self._call(create, names, key))["data"]
        await self._parsed({"dataset_id": place["knowledgebaseId"], "id": made["id"]}, names, key)
        request = {**place, "documentId": made["id"]}
        return (
            await self._call({"method": f"{KNOWLEDGEBASE}.DocumentService/GetDocument", "request": request}, names, key)
        )["data"]

    async def _waba(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Connect `${agent.id}`, or another agent_id, to a phone number of its own; adds its members."""
        agent = {} if "agent_id" in value else {"agent_id": names["agent"]["id"]}
        number = {"phone_number_id": str(uuid.uuid4().int % 10**15 + 10**15), "waba_id": "102290129340398"}
        request = {**agent, **number, "access_token": TOKEN, "app_secret": SECRET, **value}
        put = {"method": "knowflow.flowgent.v1.WhatsAppService/PutWhatsAppConnection", "request": request}
        made = await self._call(put, names, key)
        return {**made, "connection_id": made["webhook_path"].split("/")[-2]}

    async def _chatbot(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a chatbot."""
        step = {"method": f"{CHATBOTS}.FlowService/CreateFlow", "request": {"name": f"bot {uuid.uuid4().hex}", **value}}
        return (await self._call(step, names, key))["data"]

    async def _put(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Have a method, by `of` and `rpc`, put something into `${chatbot}`; the other members are its request."""
        given = dict(value)
        method = f"{CHATBOTS}.{given.pop('of')}Service/{given.pop('rpc')}"
        step = {"method": method, "request": {"flow_ns": names["chatbot"]["flow_ns"], **given}}
        return (await self._call(step, names, key)).get("data")

    async def _phone(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Connect `${chatbot}` to a phone number of its own."""
        number = {"phone_number_id": str(uuid.uuid4().int % 10**15 + 10**15), "waba_id": "102290129340398"}
        given = {**number, "access_token": TOKEN, "app_secret": SECRET, **value}
        return await self._put({"of": "Channel", "rpc": "ConnectWhatsApp", **given}, names, key)

    async def _tag(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a tag in `${chatbot}`."""
        return await self._put({"of": "FlowTag", "rpc": "CreateFlowTag", "name": "tag", **value}, names, key)

    async def _field(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a user field in `${chatbot}`."""
        given = {"name": "field", "var_type": "text", **value}
        return await self._put({"of": "UserField", "rpc": "CreateUserField", **given}, names, key)

    async def _subscriber(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a subscriber of `${chatbot}`."""
        given = {"phone": "+15550100", "name": "Ada Lovelace", **value}
        return await self._put({"of": "Subscriber", "rpc": "CreateSubscriber", **given}, names, key)

    async def _label(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a label of the workspace."""
        step = {"method": f"{CHATBOTS}.TeamService/CreateLabel", "request": {"name": f"l {uuid.uuid4().hex}", **value}}
        return (await self._call(step, names, key))["data"]

    async def _webhook(self, value: Mapping[str, Any], names: Mapping[str, Any], key: str) -> Any:
        """Create a webhook for an event that nothing raises, unless others are given."""
        request = {"url": f"{self.receiver}/case", "events": ["app.deployment.updated"], **value}
        create = {"method": "knowflow.platform.v1.WebhookService/CreateWebhook", "request": request}
        return (await self._call(create, names, key))["data"]


def fresh_names() -> dict[str, Any]:
    """Return the names every case knows: a text no other case has, and ids of things that do not exist."""
    return {"unique": uuid.uuid4().hex[:12], "unknown": uuid.uuid1().hex, "unknown_chunk": uuid.uuid4().hex[:16]}


def problems(step: Step, answer: Answer, names: Mapping[str, Any], *, transport: str) -> list[str]:
    """Return what is wrong with an answer."""
    expect = step.expect
    body, metadata, messages, events, headers, reason, code = (
        resolve(getattr(expect, name), names)
        for name in ("body", "metadata", "messages", "events", "headers", "reason", "grpc")
    )
    if transport == "rest":
        found = list(differences(expect.status, answer.status, "status"))
    else:
        found = list(differences(code, answer.grpc, "gRPC status"))
        found += differences(reason, answer.reason, "reason")
        found += differences(metadata, answer.metadata, "metadata")
    if expect.status >= 400 and transport == "rest":
        # Whoever handles an error reads these two members, so that there must be no others.
        body = Tag("exactly", body)
    if expect.grpc != "OK" and transport == "grpc":
        found += differences(_sentence(body), answer.message, "message")
    elif body is not None:
        found += differences(body, answer.body)
    if messages is not None:
        found += differences(messages, answer.messages, "messages")
    if events is not None:
        found += differences(events, answer.events, "events")
    if expect.content is not None:
        found += _content(resolve(expect.content, names), answer.content)
    found += differences(headers, dict(answer.headers), "headers")
    return (
        [*found, f"The answer was {str(answer.body or answer.events or answer.messages or answer.message)[:SHOWN]}"]
        if found
        else []
    )


def _sentence(body: Any) -> Any:
    """Return what the sentence of an error must be, wherever the body of its surface has it."""
    body = _bare(body) or {}
    if "details" in body:
        return body["details"][0]["message"]
    error = body.get("error")
    if "message" not in body and error is not None:
        return _sentence(error) if isinstance(_bare(error), Mapping) else error
    return body.get("message", Tag("text"))


def _bare(expected: Any) -> Any:
    """Return what a tag, or a tag in a tag, says something about."""
    while isinstance(expected, Tag):
        expected = expected.argument
    return expected


def _content(expected: Any, actual: bytes) -> list[str]:
    from tests.cases.sample_files import sample

    wanted = expected.encode() if isinstance(expected, str) else sample(expected)
    return [] if wanted == actual else [f"content: {len(wanted)} bytes expected, {len(actual)} others came"]
