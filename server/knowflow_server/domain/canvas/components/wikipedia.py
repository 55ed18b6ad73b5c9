"""Wikipedia: its search, with the beginnings of the articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import QUERY, Finding, SearchComponent, SearchParams, entries, text_of

# What the API gives the beginnings of at a time.
MAX_PAGES = 20


class WikipediaParams(SearchParams):
    """Parameters.

    Attributes:
        top_n: Most articles.
        language: The Wikipedia, by its part of the address.
    """

    top_n: int = Field(default=10, ge=1, le=MAX_PAGES)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[a-z]{2,12})*$")


class Wikipedia(SearchComponent):
    """The component."""

    name = "Wikipedia"
    params = WikipediaParams
    service, base_url = "wikipedia", ""
    tool = Tool(
        "wikipedia_search", "Searches Wikipedia and returns the beginnings of the articles that fit.", {"query": QUERY}
    )

    @classmethod
    async def find(
        cls,
        scope: Scope,
        params: WikipediaParams,
        query: str,
        arguments: Mapping[str, Any],  # noqa: ARG003 - as declared
    ) -> Sequence[Finding]:
        """Return the articles in the order of the search."""
        asked = {
            "action": "query",
            "format": "json",
            "formatversion": 2,
            "generator": "search",
            "gsrsearch": query[:300],
            "gsrlimit": params.top_n,
            "prop": "extracts|info",
            "exintro": 1,
            "explaintext": 1,
            "exlimit": "max",
            "inprop": "url",
        }
        place = cls.at(scope, f"https://{params.language}.wikipedia.org")
        found = cls.parsed(await cls.get(scope, f"{place}/w/api.php", asked))
        query_part = found.get("query")
        pages = entries(query_part.get("pages")) if isinstance(query_part, dict) else []
        pages.sort(key=_place)
        return [
            Finding(text_of(page, "title"), text_of(page, "canonicalurl", "fullurl"), text_of(page, "extract"))
            for page in pages
        ]


def _place(page: Mapping[str, Any]) -> int:
    """Return the place of an article in the search; the API lists them by number of the page."""
    index = page.get("index")
    return index if isinstance(index, int) else MAX_PAGES
