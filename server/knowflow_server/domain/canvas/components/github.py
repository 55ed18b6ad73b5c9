"""GitHub: its search for repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import QUERY, Finding, SearchComponent, SearchParams, entries, text_of
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, revealed


class GitHubParams(SearchParams):
    """Parameters.

    Attributes:
        api_key: A token, which raises the limit of requests; not needed.
    """

    api_key: Secret = NO_SECRET


class GitHub(SearchComponent):
    """The component."""

    name = "GitHub"
    params = GitHubParams
    service, base_url = "github", "https://api.github.com"
    tool = Tool(
        "github_search", "Searches repositories on GitHub and returns those with the most stars.", {"query": QUERY}
    )

    @classmethod
    async def find(
        cls,
        scope: Scope,
        params: GitHubParams,
        query: str,
        arguments: Mapping[str, Any],  # noqa: ARG003 - as declared
    ) -> Sequence[Finding]:
        """Return repositories, those with the most stars first."""
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if key := await revealed(scope, params.api_key):
            headers["Authorization"] = f"Bearer {key}"
        asked = {"q": query, "sort": "stars", "order": "desc", "per_page": params.top_n}
        found = cls.parsed(await cls.get(scope, f"{cls.at(scope)}/search/repositories", asked, headers))
        return [
            Finding(
                text_of(item, "full_name", "name"),
                text_of(item, "html_url"),
                f"{text_of(item, 'description')}\nStars: {item.get('stargazers_count', 0)}".strip(),
            )
            for item in entries(found.get("items"))[: params.top_n]
        ]
