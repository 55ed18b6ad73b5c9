"""PubMed: its search for papers of medicine, through the E-utilities of the NCBI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import MAX_TOP, QUERY, Finding, SearchComponent, SearchParams
from knowflow_server.domain.canvas.tooling import Text


class PubMedParams(SearchParams):
    """Parameters.

    Attributes:
        top_n: Most papers.
        email: An address under which the NCBI reaches whoever asks; it asks for one.
    """

    top_n: int = Field(default=12, ge=1, le=MAX_TOP)
    email: Text = ""


class PubMed(SearchComponent):
    """The component."""

    name = "PubMed"
    params = PubMedParams
    service, base_url = "pubmed", "https://eutils.ncbi.nlm.nih.gov"
    tool = Tool(
        "pubmed_search", "Searches papers of medicine and biology and returns their abstracts.", {"query": QUERY}
    )

    @classmethod
    async def find(
        cls,
        scope: Scope,
        params: PubMedParams,
        query: str,
        arguments: Mapping[str, Any],  # noqa: ARG003 - as declared
    ) -> Sequence[Finding]:
        """Return papers with their abstracts: one request finds them, a second one reads them."""
        place = f"{cls.at(scope)}/entrez/eutils"
        shared = {"db": "pubmed", "tool": "knowflow", "email": params.email}
        asked = {**shared, "term": query, "retmax": params.top_n, "retmode": "json", "sort": "relevance"}
        found = cls.parsed(await cls.get(scope, f"{place}/esearch.fcgi", asked)).get("esearchresult")
        listed = found.get("idlist") if isinstance(found, dict) else None
        ids = [str(item) for item in listed if str(item).isdigit()] if isinstance(listed, list) else []
        if not ids:
            return []
        asked = {**shared, "id": ",".join(ids[: params.top_n]), "retmode": "xml"}
        papers = cls.parsed_xml(await cls.get(scope, f"{place}/efetch.fcgi", asked))
        return [_paper(article) for article in papers.iter("PubmedArticle")]


def _paper(article: Any) -> Finding:
    identifier = (article.findtext(".//PMID") or "").strip()
    abstract = "\n".join(
        f"{part.get('Label')}: {_text(part)}" if part.get("Label") else _text(part)
        for part in article.iter("AbstractText")
    )
    authors = [
        " ".join(name for name in (author.findtext("ForeName"), author.findtext("LastName")) if name)
        for author in article.iter("Author")
    ]
    title = _text(article.find(".//ArticleTitle"))
    journal = (article.findtext(".//Journal/Title") or "").strip()
    return Finding(
        title,
        f"https://pubmed.ncbi.nlm.nih.gov/{identifier}/",
        abstract or title,
        {"authors": [author for author in authors if author], "journal": journal},
    )


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
