"""What components that search the web share: a query, a service with a base URL, and findings as text and JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from lxml import etree  # type: ignore[import-untyped]
from pydantic import Field

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow_server.domain.canvas.component import ComponentError, Params, Result
from knowflow_server.domain.canvas.reference import parsed_json
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.tooling import Secret, Text, ToolComponent, argument, request, revealed
from knowflow_server.domain.outgoing import OutgoingAnswer, OutgoingRequest

QUERY = "What to search for: the most important words, or a question."
MAX_TOP = 100
MAX_CONTENT = 10_000
REFUSED = frozenset({401, 403})
BUSY = 429


class SearchParams(Params):
    """Parameters.

    Attributes:
        query: What is searched for; references are replaced.
        top_n: Most findings.
    """

    query: Text = "{sys.query}"
    top_n: int = Field(default=10, ge=1, le=MAX_TOP)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Args:
        title: Its title.
        url: Where it is.
        content: What it says.
        data: What else `json` tells of it.
    """

    title: str
    url: str
    content: str
    data: Mapping[str, Any] = field(default_factory=dict)


class SearchComponent(ToolComponent):
    """A component that searches the web. Subclasses say where, and what the answers mean, in `find`."""

    params: ClassVar[type[Params]] = SearchParams
    limit_s = 60.0
    results: ClassVar[tuple[str, ...]] = ("formalized_content", "json")
    error_output = "formalized_content"
    service: ClassVar[str]
    """Name of the service in `KNOWFLOW_TOOL_URLS`."""
    base_url: ClassVar[str]
    """Where it is, unless that setting says otherwise."""

    @classmethod
    async def call(cls, scope: Scope, params: Any, arguments: Mapping[str, Any]) -> Result:
        """Search; nothing is found for an empty query.

        Raises:
            ComponentError: The service is not configured, cannot be reached, or refuses.
        """
        query = argument(arguments, "query")
        scope.inputs["query"] = query
        return told(scope, await cls.find(scope, params, query, arguments) if query else [])

    @classmethod
    async def find(cls, scope: Scope, params: Any, query: str, arguments: Mapping[str, Any]) -> Sequence[Finding]:
        """Return what the service finds for a query, best first.

        Raises:
            ComponentError: The service is not configured, cannot be reached, or refuses.
        """
        raise NotImplementedError

    @classmethod
    def at(cls, scope: Scope, base_url: str = "") -> str:
        """Return the base URL of the service."""
        places: Mapping[str, str] = scope.services.tools.get("urls", {})
        return places.get(cls.service, base_url or cls.base_url).rstrip("/")

    @classmethod
    async def get(
        cls, scope: Scope, url: str, query: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> OutgoingAnswer:
        """Return what the service answers to a GET; parameters which are empty are left out.

        Raises:
            ComponentError: It cannot be reached, or refuses.
        """
        encoded = urlencode({name: value for name, value in query.items() if value not in {"", None}})
        asked = OutgoingRequest("GET", f"{url}?{encoded}" if encoded else url, headers or {})
        return cls._checked(await request(scope, asked))

    @classmethod
    async def post(
        cls, scope: Scope, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> OutgoingAnswer:
        """Return what the service answers to JSON; raises as `get`."""
        told = {"Content-Type": "application/json", **(headers or {})}
        return cls._checked(await request(scope, OutgoingRequest("POST", url, told, json.dumps(body).encode())))

    @classmethod
    def _checked(cls, answer: OutgoingAnswer) -> OutgoingAnswer:
        """Return an answer that is one.

        Raises:
            ComponentError: The service refuses.
        """
        if 200 <= answer.status < 300:
            return answer
        advice = {BUSY: ": it limits how often it is asked"} | dict.fromkeys(REFUSED, ": check the `api_key`")
        raise ComponentError(f"{cls.name} was refused with status {answer.status}{advice.get(answer.status, '')}.")

    @classmethod
    def parsed(cls, answer: OutgoingAnswer) -> dict[str, Any]:
        """Return an answer that is a JSON object.

        Raises:
            ComponentError: It is none.
        """
        try:
            value = parsed_json(answer.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise ComponentError(f"{cls.name} was answered with something that is no JSON object.")
        return value

    @classmethod
    def parsed_xml(cls, answer: OutgoingAnswer) -> Any:
        """Return the root of an answer that is XML.

        Raises:
            ComponentError: It is none.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(answer.body, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise ComponentError(f"{cls.name} was answered with something that is no XML.") from None


async def key_of(scope: Scope, name: str, secret: Secret) -> str:
    """Return the key of a service.

    Raises:
        ComponentError: There is none.
    """
    key = await revealed(scope, secret)
    if not key:
        raise ComponentError(f"{name} is not configured: its `api_key` is empty.")
    return key


def told(scope: Scope, findings: Sequence[Finding]) -> Result:
    """Return findings as numbered text and as JSON, and add them to what the answer rests on."""
    shortened = [finding.content[:MAX_CONTENT] for finding in findings]
    numbers = scope.turn.cite([_cited(finding, text) for finding, text in zip(findings, shortened, strict=True)])
    passages, plain = [], []
    for number, finding, text in zip(numbers, findings, shortened, strict=True):
        passages.append(f"[ID:{number}] {finding.title}\nURL: {finding.url}\n{text}")
        plain.append({"id": number, "title": finding.title, "url": finding.url, "content": text, **finding.data})
    return Result({"formalized_content": "\n\n".join(passages), "json": plain})


def entries(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list of an answer; what is none gives none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(item: Mapping[str, Any], *names: str) -> str:
    """Return the first text of an object that is not empty."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return ""


def _cited(finding: Finding, text: str) -> CitedChunk:
    identifier = hashlib.blake2b(f"{finding.url}\n{text}".encode(), digest_size=16).hexdigest()
    return CitedChunk(id=identifier, content=text, document_id=finding.url, document_name=finding.title or finding.url)
