"""Tools of RAGFlow which have no public API, or no successor there, one small class each."""

from __future__ import annotations

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.searching import QUERY
from knowflow_server.domain.canvas.tooling import UnavailableTool

INVOKE = "it is not executable in RAGFlow 0.20 either. Use Invoke with an API of the service."


class _Unavailable(UnavailableTool):
    results = ("formalized_content", "json", "content")
    error_output = "formalized_content"


class Bing(_Unavailable):
    """The component."""

    name = "Bing"
    tool = Tool("bing_search", "Searches the web with Bing.", {"query": QUERY})
    reason = "its API has ended. Use TavilySearch or Google."


class AkShare(_Unavailable):
    """The component."""

    name = "AkShare"
    tool = Tool("akshare", "Finds news of Chinese stocks.", {"query": QUERY})
    reason = INVOKE


class Crawler(_Unavailable):
    """The component."""

    name = "Crawler"
    tool = Tool("crawler", "Reads a web page.", {"query": "The address."})
    reason = "use Invoke with `clean_html`, or TavilyExtract."


class DeepL(_Unavailable):
    """The component."""

    name = "DeepL"
    tool = Tool("deepl", "Translates a text.", {"query": "The text."})
    reason = INVOKE


class Jin10(_Unavailable):
    """The component."""

    name = "Jin10"
    tool = Tool("jin10", "Finds financial news.", {"query": QUERY})
    reason = INVOKE


class QWeather(_Unavailable):
    """The component."""

    name = "QWeather"
    tool = Tool("qweather", "Tells the weather.", {"query": "The place."})
    reason = INVOKE


class TuShare(_Unavailable):
    """The component."""

    name = "TuShare"
    tool = Tool("tushare", "Finds news of Chinese stocks.", {"query": QUERY})
    reason = INVOKE
