"""GoogleScholar: its search for papers. Google has no API for it; SerpApi has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import ComponentError, Tool
from knowflow_server.domain.canvas.components.google import Google
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import (
    MAX_TOP,
    QUERY,
    Finding,
    SearchComponent,
    SearchParams,
    entries,
    text_of,
)
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, revealed

PAGE = 20


class ScholarParams(SearchParams):
    """Parameters.

    Attributes:
        top_n: Most findings.
        sort_by: `relevance` or `date`.
        year_low: The first year, or None.
        year_high: The last year, or None.
        patents: Whether patents are found, too.
        api_key: The key of SerpApi.
    """

    top_n: int = Field(default=12, ge=1, le=MAX_TOP)
    sort_by: Text = "relevance"
    year_low: int | None = None
    year_high: int | None = None
    patents: bool = True
    api_key: Secret = NO_SECRET


class GoogleScholar(SearchComponent):
    """The component."""

    name = "GoogleScholar"
    params = ScholarParams
    service, base_url = Google.service, Google.base_url
    tool = Tool(
        "google_scholar_search", "Searches scholarly papers and returns them with their abstracts.", {"query": QUERY}
    )

    @classmethod
    async def find(
        cls,
        scope: Scope,
        params: ScholarParams,
        query: str,
        arguments: Mapping[str, Any],  # noqa: ARG003 - as declared
    ) -> Sequence[Finding]:
        """Return what SerpApi finds; fails without `api_key`."""
        key = await revealed(scope, params.api_key)
        if not key:
            raise ComponentError(
                "GoogleScholar is not configured: Google has no API for it, so it needs a key of SerpApi as `api_key`."
            )
        asked = {
            "engine": "google_scholar",
            "q": query,
            "num": min(params.top_n, PAGE),
            "scisbd": 1 if params.sort_by == "date" else "",
            "as_ylo": params.year_low,
            "as_yhi": params.year_high,
            "as_sdt": "7" if params.patents else "0",
            "api_key": key,
        }
        found = cls.parsed(await cls.get(scope, f"{cls.at(scope)}/search.json", asked))
        return [_paper(item) for item in entries(found.get("organic_results"))[: params.top_n]]


def _paper(item: Mapping[str, Any]) -> Finding:
    published = item.get("publication_info")
    where = text_of(published, "summary") if isinstance(published, dict) else ""
    content = "\n".join(part for part in (where, text_of(item, "snippet")) if part)
    return Finding(text_of(item, "title"), text_of(item, "link"), content)
