"""DuckDuckGo: its instant answers. Its web search has no public API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowflow_server.domain.canvas.component import ComponentError, Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import QUERY, Finding, SearchComponent, SearchParams, entries, text_of
from knowflow_server.domain.canvas.tooling import Text, argument


class DuckDuckGoParams(SearchParams):
    """Parameters.

    Attributes:
        channel: `text` or `general`; `news` has no API and fails.
    """

    channel: Text = "text"


class DuckDuckGo(SearchComponent):
    """The component."""

    name = "DuckDuckGo"
    params = DuckDuckGoParams
    service, base_url = "duckduckgo", "https://api.duckduckgo.com"
    tool = Tool(
        "duckduckgo_search",
        "Returns what encyclopedias and other sources say about a person, place, thing or term.",
        {"query": QUERY, "channel?": "`text`."},
    )

    @classmethod
    async def find(
        cls, scope: Scope, params: DuckDuckGoParams, query: str, arguments: Mapping[str, Any]
    ) -> Sequence[Finding]:
        """Return the instant answer and related topics."""
        if argument(arguments, "channel", params.channel) == "news":
            raise ComponentError("DuckDuckGo has no public API for news; use the channel `text`, or TavilySearch.")
        asked = {"q": query, "format": "json", "no_html": 1, "no_redirect": 1, "skip_disambig": 1, "t": "knowflow"}
        found = cls.parsed(await cls.get(scope, f"{cls.at(scope)}/", asked))
        return list(_findings(found))[: params.top_n]


def _findings(found: Mapping[str, Any]) -> Iterator[Finding]:
    if text := text_of(found, "AbstractText", "Answer", "Definition"):
        yield Finding(text_of(found, "Heading"), text_of(found, "AbstractURL", "DefinitionURL"), text)
    topics = entries(found.get("Results"))
    for item in entries(found.get("RelatedTopics")):
        # A group of topics has topics of its own.
        topics += entries(item["Topics"]) if "Topics" in item else [item]
    for item in topics:
        if text := text_of(item, "Text"):
            yield Finding(text.split(" - ")[0][:120], text_of(item, "FirstURL"), text)
