"""ArXiv: its search for papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import MAX_TOP, QUERY, Finding, SearchComponent, SearchParams

ATOM = "{http://www.w3.org/2005/Atom}"


class ArXivParams(SearchParams):
    """Parameters.

    Attributes:
        top_n: Most papers.
        sort_by: By what they are sorted, the newest or the best first.
    """

    top_n: int = Field(default=12, ge=1, le=MAX_TOP)
    sort_by: Literal["submittedDate", "lastUpdatedDate", "relevance"] = "submittedDate"


class ArXiv(SearchComponent):
    """The component."""

    name = "ArXiv"
    params = ArXivParams
    service, base_url = "arxiv", "https://export.arxiv.org"
    tool = Tool("arxiv_search", "Searches papers on arXiv and returns their abstracts.", {"query": QUERY})

    @classmethod
    async def find(
        cls,
        scope: Scope,
        params: ArXivParams,
        query: str,
        arguments: Mapping[str, Any],  # noqa: ARG003 - as declared
    ) -> Sequence[Finding]:
        """Return papers with their abstracts."""
        asked = {
            "search_query": query if ":" in query else f"all:{query}",
            "max_results": params.top_n,
            "sortBy": params.sort_by,
            "sortOrder": "descending",
        }
        feed = cls.parsed_xml(await cls.get(scope, f"{cls.at(scope)}/api/query", asked))
        return [
            Finding(
                _text(entry, "title"),
                _text(entry, "id"),
                _text(entry, "summary"),
                {
                    "authors": [_text(author, "name") for author in entry.iter(f"{ATOM}author")],
                    "published": _text(entry, "published"),
                },
            )
            for entry in feed.iter(f"{ATOM}entry")
        ]


def _text(element: Any, name: str) -> str:
    return " ".join((element.findtext(f"{ATOM}{name}") or "").split())
