"""Invoke: an HTTP request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlencode

from lxml import etree  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowflow_server.domain.canvas.component import ComponentError, Params, Result, Tool, pure
from knowflow_server.domain.canvas.reference import Reference, parsed_json, references, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, ToolComponent, request, resolved, revealed
from knowflow_server.domain.ingest.readers.html_blocks import HtmlBlocks
from knowflow_server.domain.outgoing import OutgoingRequest

MAX_TIMEOUT_S = 600.0


class Variable(BaseModel):
    """A value that is sent: `value`, or what `ref` refers to."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: str
    value: Any = None
    ref: Text = ""


class InvokeParams(Params):
    """Parameters.

    Attributes:
        url: The address; `http://` is added when it has no scheme, references are replaced.
        method: `get`, `post` or `put`.
        headers: A JSON object as text, or an object; it may hold keys, so it stands in no trace.
        variables: What is sent: in the query of a GET, in the body of others.
        datatype: `json` or `formdata`, the form of a body.
        proxy: A proxy, which the server's operator must have allowed.
        timeout: Longest time in seconds.
        clean_html: Whether a page is turned into text.
    """

    url: Text = ""
    method: Literal["get", "post", "put"] = "get"
    headers: Secret = NO_SECRET
    variables: tuple[Variable, ...] = ()
    datatype: Literal["json", "formdata"] = "json"
    proxy: Text = ""
    timeout: float = Field(default=60.0, gt=0, le=MAX_TIMEOUT_S)
    clean_html: bool = False

    @field_validator("method", "datatype", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("headers", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return json.dumps(value) if isinstance(value, Mapping) else value

    @field_validator("variables", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return value or ()


class Invoke(ToolComponent):
    """The component."""

    name = "Invoke"
    params = InvokeParams
    # The request has its own limit, the parameter `timeout`.
    limit_s = MAX_TIMEOUT_S + 10
    results = ("result", "status")
    tool = Tool(
        "http_request",
        "Sends a request to a web service and returns what it answers.",
        {
            "url?": "The address, where none is set.",
            "variables?": "An object of the values to send, beside those which are set.",
        },
    )

    @classmethod
    def references(cls, params: InvokeParams) -> Iterable[Reference]:
        """Return those in the address, the headers and the values."""
        yield from references([params.url, params.headers.get_secret_value()])
        for variable in params.variables:
            yield from pure(variable.ref)
            yield from references(variable.value)

    @classmethod
    async def run(cls, scope: Scope, params: InvokeParams) -> Result:
        """Send the request."""
        return await cls.call(scope, params, {})

    @classmethod
    async def call(cls, scope: Scope, params: InvokeParams, arguments: Mapping[str, Any]) -> Result:
        """Send the request; a model gives the address only where the parameters do not.

        Raises:
            ComponentError: It is refused, or fails; an answer with an error status does not count as failure.
        """
        url = (await scope.text(params.url)).strip() or shown(arguments.get("url")).strip()
        if not url:
            raise ComponentError("Invoke has no `url`.")
        more = arguments.get("variables")
        values = dict(more) if isinstance(more, Mapping) else {}
        for variable in params.variables:
            values[variable.key] = await (
                scope.value(variable.ref) if variable.ref else resolved(scope, variable.value)
            )
        answer = await request(scope, _request(params, url, values, await _headers(scope, params)))
        is_page = answer.content_type in {"text/html", "application/xhtml+xml", ""}
        text = await asyncio.to_thread(_text_of_page, answer.body) if params.clean_html and is_page else answer.text
        return Result({"result": text, "status": answer.status})


def _request(params: InvokeParams, url: str, values: Mapping[str, Any], headers: Mapping[str, str]) -> OutgoingRequest:
    address = url if "://" in url else f"http://{url}"
    limits: dict[str, Any] = {"timeout_s": params.timeout, "proxy": params.proxy}
    form = urlencode({name: shown(value) for name, value in values.items()})
    if params.method == "get":
        address, hash_mark, fragment = address.partition("#")
        if form:
            address += ("&" if "?" in address else "?") + form
        return OutgoingRequest("GET", address + hash_mark + fragment, headers, **limits)
    if params.datatype == "json":
        kind, body = "application/json", json.dumps(values, ensure_ascii=False).encode()
    else:
        kind, body = "application/x-www-form-urlencoded", form.encode()
    if not any(name.lower() == "content-type" for name in headers):
        headers = {**headers, "Content-Type": kind}
    return OutgoingRequest(params.method.upper(), address, headers, body, **limits)


async def _headers(scope: Scope, params: InvokeParams) -> dict[str, str]:
    given = await revealed(scope, params.headers)
    try:
        value = parsed_json(given) if given else {}
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ComponentError("The `headers` of Invoke should be a JSON object.")
    return {str(name): shown(item) for name, item in value.items()}


def _text_of_page(body: bytes) -> str:
    """Return the text of an HTML page: no scripts, no styles, no markup."""
    blocks = HtmlBlocks()
    parser = etree.HTMLParser(target=blocks, huge_tree=True)
    # A page without a single tag or word is called empty.
    with suppress(etree.XMLSyntaxError):
        parser.feed(body)
        parser.close()
    return "\n\n".join(text for block in blocks.take() if (text := block.text.strip()))
