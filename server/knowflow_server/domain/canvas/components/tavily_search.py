"""TavilySearch: the web search of Tavily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import (
    QUERY,
    Finding,
    SearchComponent,
    SearchParams,
    entries,
    key_of,
    text_of,
)
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, Texts, argument


class TavilySearchParams(SearchParams):
    """Parameters.

    Attributes:
        api_key: The key.
        topic: `general`, `news` or `finance`.
        search_depth: `basic` or `advanced`.
        max_results: Most findings.
        days: How many days back news go.
        include_domains: The only sites.
        exclude_domains: Sites which are left out.
        include_answer: Whether Tavily writes an answer, too.
        include_raw_content: Whether findings hold their whole pages.
    """

    api_key: Secret = NO_SECRET
    topic: Text = "general"
    search_depth: Text = "basic"
    max_results: int = Field(default=6, ge=1, le=20)
    days: int = Field(default=14, ge=1, le=3650)
    include_domains: Texts = ()
    exclude_domains: Texts = ()
    include_answer: bool = False
    include_raw_content: bool = False


class TavilySearch(SearchComponent):
    """The component."""

    name = "TavilySearch"
    params = TavilySearchParams
    service, base_url = "tavily", "https://api.tavily.com"
    tool = Tool(
        "tavily_search",
        "Searches the web and returns passages of the pages that fit best.",
        {
            "query": QUERY,
            "topic?": "`general`, or `news` for current events.",
            "include_domains?": "A list of the only sites to search.",
            "exclude_domains?": "A list of sites to leave out.",
        },
    )

    @classmethod
    async def find(
        cls, scope: Scope, params: TavilySearchParams, query: str, arguments: Mapping[str, Any]
    ) -> Sequence[Finding]:
        """Search; fails without `api_key`."""
        key = await key_of(scope, cls.name, params.api_key)
        topic = argument(arguments, "topic", params.topic)
        body: dict[str, Any] = {
            "query": query,
            "topic": topic,
            "search_depth": params.search_depth or "basic",
            "max_results": params.max_results,
            "include_domains": _listed(arguments.get("include_domains") or params.include_domains),
            "exclude_domains": _listed(arguments.get("exclude_domains") or params.exclude_domains),
            "include_answer": params.include_answer,
            "include_raw_content": params.include_raw_content,
        }
        if topic == "news":
            body["days"] = params.days
        answer = await cls.post(scope, f"{cls.at(scope)}/search", body, {"Authorization": f"Bearer {key}"})
        found = cls.parsed(answer)
        findings = [
            Finding(
                text_of(item, "title"),
                text_of(item, "url"),
                text_of(item, "raw_content", "content") if params.include_raw_content else text_of(item, "content"),
                {"score": item.get("score")},
            )
            for item in entries(found.get("results"))
        ]
        if text := text_of(found, "answer"):
            findings.insert(0, Finding("Tavily", "", text))
        return findings


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return [str(item) for item in value if item] if isinstance(value, list | tuple) else []
