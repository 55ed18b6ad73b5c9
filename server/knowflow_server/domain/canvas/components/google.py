"""Google: its web search, through SerpApi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import Params, Result, Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import (
    QUERY,
    Finding,
    SearchComponent,
    entries,
    key_of,
    text_of,
    told,
)
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, argument, whole_number

MAX_NUM = 100


class GoogleParams(Params):
    """Parameters.

    Attributes:
        q: What is searched for; references are replaced.
        start: How many findings are passed over.
        num: Most findings.
        api_key: The key of SerpApi.
        country: Two letters.
        language: Two letters, or with a region such as `zh-cn`.
    """

    q: Text = "{sys.query}"
    start: int = Field(default=0, ge=0)
    num: int = Field(default=6, ge=1, le=MAX_NUM)
    api_key: Secret = NO_SECRET
    country: Text = "us"
    language: Text = "en"


class Google(SearchComponent):
    """The component."""

    name = "Google"
    params = GoogleParams
    service, base_url = "serpapi", "https://serpapi.com"
    tool = Tool(
        "google_search",
        "Searches the web with Google and returns the results with their descriptions.",
        {"q": QUERY, "start?": "How many results to pass over.", "num?": "How many results to return."},
    )

    @classmethod
    async def call(cls, scope: Scope, params: GoogleParams, arguments: Mapping[str, Any]) -> Result:
        """Search; fails without `api_key`."""
        query = argument(arguments, "q")
        scope.inputs["q"] = query
        return told(scope, await cls.find(scope, params, query, arguments) if query else [])

    @classmethod
    async def find(
        cls, scope: Scope, params: GoogleParams, query: str, arguments: Mapping[str, Any]
    ) -> Sequence[Finding]:
        """Return what SerpApi finds."""
        most = whole_number(arguments.get("num"), default=params.num, most=MAX_NUM)
        asked = {
            "engine": "google",
            "q": query,
            "start": whole_number(arguments.get("start"), default=params.start, most=1000) or "",
            "num": most,
            "gl": params.country,
            "hl": params.language,
            "api_key": await key_of(scope, cls.name, params.api_key),
        }
        found = cls.parsed(await cls.get(scope, f"{cls.at(scope)}/search.json", asked))
        return [
            Finding(text_of(item, "title"), text_of(item, "link"), text_of(item, "snippet"))
            for item in entries(found.get("organic_results"))[:most]
        ]
