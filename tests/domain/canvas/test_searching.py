"""Components that search the web: their requests, and what they make of the answers of each service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from knowflow_server.domain.canvas.component import ComponentError, registry
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.domain.canvas.tooling import UnavailableTool
from knowflow_server.errors.core import AgentDslInvalidError
from tests.domain.canvas.outside import Api, called, ran, services

NAMES = ("tavily", "serpapi", "duckduckgo", "wikipedia", "arxiv", "pubmed", "github", "yahoo_finance")
KEY = "secret-key"
FEED = """<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1</id><title>On
 pens</title><summary>They write. &x;</summary><published>2026-01-01</published>
<author><name>A. Writer</name></author></entry></feed>"""
PAPERS = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article><Journal><Title>J</Title></Journal>
<ArticleTitle>On <i>ink</i></ArticleTitle><Abstract><AbstractText Label="AIM">Blue.</AbstractText>
<AbstractText>Red.</AbstractText></Abstract><AuthorList><Author><LastName>Writer</LastName><ForeName>Ann</ForeName>
</Author></AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""


@pytest.fixture
def api() -> Iterator[Api]:
    made = Api()
    with made.server:
        yield made


@pytest.fixture
def used(api: Api) -> Services:
    return services(api.server.port, urls=dict.fromkeys(NAMES, api.url))


def asked(api: Api, place: int = 0) -> dict[str, str]:
    """Return the parameters of a request."""
    return {name: values[0] for name, values in parse_qs(urlsplit(api.asked[place].path).query).items()}


def has(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    return expected.items() <= actual.items()


async def test_tavily_search(api: Api, used: Services) -> None:
    result = {"title": "Pens", "url": "https://pens.example", "content": "They write.", "score": 0.9}
    api.json("/search", {"answer": None, "results": [result]})
    params = {"api_key": KEY, "topic": "news", "include_domains": "a.example, b.example"}

    done = await ran("TavilySearch", params, used, "pens")

    assert f"Bearer {KEY}" == api.asked[0].headers["Authorization"]
    body = {
        "query": "pens",
        "topic": "news",
        "days": 14,
        "max_results": 6,
        "include_domains": ["a.example", "b.example"],
    }
    assert has(body, api.body())
    assert "[ID:0] Pens\nURL: https://pens.example\nThey write." == done.outputs["formalized_content"]
    assert [{"id": 0, **result}] == done.outputs["json"]
    assert ["https://pens.example"] == [chunk.document_id for chunk in done.run.chunks]
    assert KEY not in done.everything


async def test_tavily_extract(api: Api, used: Services) -> None:
    page = {"url": "https://a.example", "raw_content": "# A"}
    api.json("/extract", {"results": [page], "failed_results": [{"url": "https://b.example", "error": "x"}]})
    params = {"api_key": "{begin@key}", "urls": "https://a.example, https://b.example"}

    done = await ran("TavilyExtract", params, used, key=KEY)
    api.json("/extract", {"results": [], "failed_results": [{"url": "https://b.example"}]})
    failed = await ran("TavilyExtract", params, used, key=KEY)

    assert f"Bearer {KEY}" == api.asked[0].headers["Authorization"]
    assert has({"urls": ["https://a.example", "https://b.example"], "format": "markdown"}, api.body())
    assert "[ID:0] https://a.example\nURL: https://a.example\n# A" == done.outputs["formalized_content"]
    assert "TavilyExtract could not read https://b.example." == failed.error
    assert KEY not in repr(done.step.inputs)


async def test_google(api: Api, used: Services) -> None:
    api.json("/search.json", {"organic_results": [{"title": "Pens", "link": "https://p.example", "snippet": "S."}]})

    outputs = await called("Google", {"api_key": KEY, "country": "de"}, used, q="pens", num=3)

    assert {"engine": "google", "q": "pens", "num": "3", "gl": "de", "hl": "en", "api_key": KEY} == asked(api)
    assert "[ID:0] Pens\nURL: https://p.example\nS." == outputs["formalized_content"]


async def test_halves_of_characters_become_whole_ones(api: Api, used: Services) -> None:
    # JSON can write them, UTF-8 cannot keep them.
    api.answers["/search"] = (
        200,
        b'{"results": [{"title": "\\ud83d\\ude00 \\ud800", "content": "x"}]}',
        "application/json",
    )

    done = await ran("TavilySearch", {"api_key": KEY}, used, "pens")

    assert "\U0001f600 \ufffd" == done.outputs["json"][0]["title"]


async def test_google_passes_over_results(api: Api, used: Services) -> None:
    api.json("/search.json", {})

    await ran("Google", {"api_key": KEY, "start": 20, "q": "pens"}, used)

    assert "20" == asked(api)["start"]


async def test_google_scholar(api: Api, used: Services) -> None:
    paper = {"title": "P", "link": "https://p.example", "snippet": "S.", "publication_info": {"summary": "A - 2020"}}
    api.json("/search.json", {"organic_results": [paper]})
    params = {"api_key": KEY, "year_low": 2019, "patents": False, "sort_by": "date"}

    done = await ran("GoogleScholar", params, used, "pens")

    assert has({"engine": "google_scholar", "as_ylo": "2019", "as_sdt": "0", "scisbd": "1"}, asked(api))
    assert done.outputs["formalized_content"].endswith("A - 2020\nS.")


async def test_duck_duck_go(api: Api, used: Services) -> None:
    topics = [
        {"Text": "Ink - a fluid", "FirstURL": "https://d.example/Ink"},
        {"Topics": [{"Text": "Nib", "FirstURL": "u"}]},
    ]
    answer = {
        "Heading": "Pen",
        "AbstractText": "It writes.",
        "AbstractURL": "https://w.example",
        "RelatedTopics": topics,
    }
    api.json("/", answer)

    done = await ran("DuckDuckGo", {"top_n": 3}, used, "pen")
    news = await ran("DuckDuckGo", {"channel": "news"}, used, "pen")

    assert has({"q": "pen", "format": "json"}, asked(api))
    assert ["Pen", "Ink", "Nib"] == [item["title"] for item in done.outputs["json"]]
    assert "no public API for news" in news.error


async def test_wikipedia(api: Api, used: Services) -> None:
    pages = [
        {"title": "B", "extract": "Second.", "canonicalurl": "https://w.example/B", "index": 2},
        {"title": "A", "extract": "First.", "canonicalurl": "https://w.example/A", "index": 1},
    ]
    api.json("/w/api.php", {"query": {"pages": pages}})

    done = await ran("Wikipedia", {"top_n": 2}, used, "pens")
    with pytest.raises(AgentDslInvalidError):
        await ran("Wikipedia", {"language": "evil.example/"}, used, "pens")

    assert has({"gsrsearch": "pens", "gsrlimit": "2"}, asked(api))
    assert ["A", "B"] == [item["title"] for item in done.outputs["json"]]


async def test_arxiv(api: Api, used: Services) -> None:
    api.page("/api/query", FEED, "application/atom+xml")

    done = await ran("ArXiv", {"sort_by": "relevance"}, used, "pens")

    assert has({"search_query": "all:pens", "sortBy": "relevance", "max_results": "12"}, asked(api))
    found = done.outputs["json"][0]
    assert has({"title": "On pens", "url": "http://arxiv.org/abs/1", "authors": ["A. Writer"]}, found)
    # An entity of the answer reads no file.
    assert "They write." == found["content"].strip()


async def test_pub_med(api: Api, used: Services) -> None:
    api.json("/entrez/eutils/esearch.fcgi", {"esearchresult": {"idlist": ["7", "evil&x=1"]}})
    api.page("/entrez/eutils/efetch.fcgi", PAPERS, "text/xml")

    done = await ran("PubMed", {"email": "me@x.example"}, used, "ink")

    assert has({"term": "ink", "retmax": "12", "email": "me@x.example"}, asked(api))
    assert has({"id": "7", "db": "pubmed"}, asked(api, 1))
    found = done.outputs["json"][0]
    assert has({"title": "On ink", "content": "AIM: Blue.\nRed.", "authors": ["Ann Writer"], "journal": "J"}, found)
    assert "https://pubmed.ncbi.nlm.nih.gov/7/" == found["url"]


async def test_github(api: Api, used: Services) -> None:
    item = {"full_name": "a/pen", "html_url": "https://g.example/a/pen", "description": "Writes", "stargazers_count": 5}
    api.json("/search/repositories", {"items": [item]})

    done = await ran("GitHub", {"top_n": 2}, used, "pens")

    assert {"q": "pens", "sort": "stars", "order": "desc", "per_page": "2"} == asked(api)
    assert None is api.asked[0].headers["Authorization"]
    assert "[ID:0] a/pen\nURL: https://g.example/a/pen\nWrites\nStars: 5" == done.outputs["formalized_content"]


async def test_yahoo_finance(api: Api, used: Services) -> None:
    quote = {"close": [1.0, None, 2.5]}
    meta = {"longName": "Pens Inc.", "regularMarketPrice": 2.5, "currency": "USD"}
    chart = {"meta": meta, "timestamp": [0, 86400, 172800], "indicators": {"quote": [quote]}}
    api.json("/v8/finance/chart/PEN", {"chart": {"result": [chart]}})
    api.json("/v1/finance/search", {"news": [{"title": "Pens rise", "link": "https://n.example", "publisher": "N"}]})

    done = await ran("YahooFinance", {"history": True}, used, "pen")
    bad = await ran("YahooFinance", {}, used, "../x")
    only = await ran("YahooFinance", {"info": False, "news": False, "financials": True}, used, "pen")

    report = done.outputs["report"]
    assert "Pens Inc." in report
    assert "regularMarketPrice: 2.5\ncurrency: USD" in report
    assert "1970-01-01: 1.00\n1970-01-03: 2.50" in report
    assert "Pens rise" in report
    assert "needs a symbol" in bad.error
    assert "`info`, `history` and `news` only" in only.error


SEARCHES = ("TavilySearch", "Google", "GoogleScholar", "DuckDuckGo", "Wikipedia", "ArXiv", "PubMed", "GitHub")


@pytest.mark.parametrize("name", ["TavilySearch", "TavilyExtract", "Google", "GoogleScholar"])
async def test_service_without_its_key_says_so(api: Api, used: Services, name: str) -> None:
    done = await ran(name, {}, used, "pens")

    assert f"{name} is not configured" in done.error
    assert not api.asked


@pytest.mark.parametrize("name", SEARCHES)
async def test_empty_query_asks_nobody(api: Api, used: Services, name: str) -> None:
    done = await ran(name, {}, used, "")

    assert ("", []) == (done.outputs["formalized_content"], done.outputs["json"])
    assert not api.asked


@pytest.mark.parametrize(
    ("status", "sentence"), [(401, "status 401: check the `api_key`"), (429, "429: it limits"), (500, "status 500")]
)
async def test_service_that_refuses_is_an_error_without_its_text(
    api: Api, used: Services, status: int, sentence: str
) -> None:
    api.json("/search", {"error": "internal text"}, status)

    done = await ran("TavilySearch", {"api_key": KEY}, used, "pens")

    assert sentence in done.error
    assert "internal text" not in done.everything


@pytest.mark.parametrize("name", ["Wikipedia", "ArXiv", "PubMed"])
@pytest.mark.parametrize("text", ["", "no format", "[1]", "<x", "[" * 100_000])
async def test_answer_of_another_form_is_an_error_or_empty(api: Api, used: Services, name: str, text: str) -> None:
    for path in ("/w/api.php", "/api/query", "/entrez/eutils/esearch.fcgi"):
        api.page(path, text)

    done = await ran(name, {}, used, "pens")

    assert f"{name} was answered with something that is no" in done.error


async def test_service_that_is_not_allowed_is_not_asked(api: Api) -> None:
    done = await ran("GitHub", {}, services(urls={"github": api.url}), "pens")

    assert "does not allow it" in done.error
    assert not api.asked


UNAVAILABLE = [name for name, component in registry().items() if issubclass(component, UnavailableTool)]


@pytest.mark.parametrize("name", UNAVAILABLE)
async def test_tool_without_api_loads_and_fails_with_a_sentence(used: Services, name: str) -> None:
    done = await ran(name, {"anything": 1}, used, "pens")
    with pytest.raises(ComponentError):
        await called(name, {}, used, query="pens")

    assert f"{name} is not available on this server: " in done.error
    assert done.error == done.outputs["_ERROR"]


def test_all_tools_of_ragflow_are_there() -> None:
    expected = {
        *SEARCHES,
        "TavilyExtract",
        "YahooFinance",
        "WenCai",
        "Retrieval",
        "CodeExec",
        "ExeSQL",
        "Email",
        "Agent",
    }

    assert expected <= {name for name, component in registry().items() if component.tool}
    assert {"Bing", "WenCai", "AkShare", "Crawler", "DeepL", "Jin10", "QWeather", "TuShare"} == set(UNAVAILABLE)
