"""TavilyExtract: the text of web pages, as Tavily extracts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from knowflow_server.domain.canvas.component import ComponentError, Params, Result, Tool
from knowflow_server.domain.canvas.components.tavily_search import TavilySearch
from knowflow_server.domain.canvas.reference import shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import Finding, SearchComponent, entries, key_of, text_of, told
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, argument

MAX_URLS = 20


class TavilyExtractParams(Params):
    """Parameters.

    Attributes:
        urls: Addresses of pages with commas between them, or a reference to a list.
        api_key: The key.
        extract_depth: `basic` or `advanced`.
        format: `markdown` or `text`.
    """

    urls: Text = ""
    api_key: Secret = NO_SECRET
    extract_depth: Text = "basic"
    format: Text = "markdown"


class TavilyExtract(SearchComponent):
    """The component."""

    name = "TavilyExtract"
    params = TavilyExtractParams
    service, base_url = TavilySearch.service, TavilySearch.base_url
    tool = Tool(
        "tavily_extract",
        "Reads web pages and returns their text.",
        {
            "urls": "A list of addresses.",
            "extract_depth?": "`basic`, or `advanced` for tables and embedded content.",
            "format?": "`markdown` or `text`.",
        },
    )

    @classmethod
    async def call(cls, scope: Scope, params: TavilyExtractParams, arguments: Mapping[str, Any]) -> Result:
        """Read pages; fails without `api_key`, or when no page can be read."""
        given = arguments.get("urls")
        texts = [shown(item) for item in given] if isinstance(given, list) else re.split(r"[,\s]+", shown(given))
        urls = [text.strip() for text in texts if text.strip()][:MAX_URLS]
        scope.inputs["urls"] = urls
        key = await key_of(scope, cls.name, params.api_key)
        if not urls:
            return told(scope, [])
        body = {
            "urls": urls,
            "extract_depth": argument(arguments, "extract_depth", params.extract_depth or "basic"),
            "format": argument(arguments, "format", params.format or "markdown"),
        }
        found = cls.parsed(await cls.post(scope, f"{cls.at(scope)}/extract", body, {"Authorization": f"Bearer {key}"}))
        pages = [
            Finding(text_of(item, "title", "url"), text_of(item, "url"), text_of(item, "raw_content"))
            for item in entries(found.get("results"))
        ]
        failed = [text_of(item, "url") for item in entries(found.get("failed_results"))]
        if failed and not pages:
            raise ComponentError(f"{cls.name} could not read {', '.join(failed)}.")
        return told(scope, pages)
