"""YahooFinance: prices and news of a stock. Its other reports have no public API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from knowflow_server.domain.canvas.component import ComponentError, Params, Result, Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.searching import Finding, SearchComponent, entries, text_of, told
from knowflow_server.domain.canvas.tooling import Text, argument

RANGE = "1mo"
NEWS = 10


class YahooFinanceParams(Params):
    """Parameters.

    Attributes:
        stock_code: The symbol, for example `AAPL`.
        info: Whether the present price is told.
        history: Whether the prices of a month are told.
        news: Whether news are told.
        financials: A report which has no public API; so the four below.
        count: As `financials`.
        income_stmt: As `financials`.
        balance_sheet: As `financials`.
        cash_flow_statement: As `financials`.
    """

    stock_code: Text = "{sys.query}"
    info: bool = True
    history: bool = False
    news: bool = True
    financials: bool = False
    count: bool = False
    income_stmt: bool = False
    balance_sheet: bool = False
    cash_flow_statement: bool = False


class YahooFinance(SearchComponent):
    """The component."""

    name = "YahooFinance"
    params = YahooFinanceParams
    service, base_url = "yahoo_finance", "https://query1.finance.yahoo.com"
    results = ("report", "formalized_content", "json")
    error_output = "report"
    tool = Tool(
        "yahoo_finance", "Returns the price and the news of a stock.", {"stock_code": "The symbol, for example AAPL."}
    )

    @classmethod
    async def call(cls, scope: Scope, params: YahooFinanceParams, arguments: Mapping[str, Any]) -> Result:
        """Return the report; fails when only reports without an API are asked for."""
        code = argument(arguments, "stock_code").upper()
        scope.inputs["stock_code"] = code
        if not code or not code.replace(".", "").replace("-", "").replace("=", "").replace("^", "").isalnum():
            raise ComponentError("YahooFinance needs a symbol as `stock_code`, for example AAPL.")
        if not (params.info or params.history or params.news):
            raise ComponentError(
                "YahooFinance has a public API for `info`, `history` and `news` only; set one of them."
            )
        findings = []
        if params.info or params.history:
            findings += await cls._prices(scope, params, code)
        if params.news:
            found = cls.parsed(
                await cls.get(scope, f"{cls.at(scope)}/v1/finance/search", {"q": code, "newsCount": NEWS})
            )
            findings += [
                Finding(text_of(item, "title"), text_of(item, "link"), text_of(item, "publisher"))
                for item in entries(found.get("news"))
            ]
        result = told(scope, findings)
        return Result({**result.outputs, "report": result.outputs["formalized_content"]})

    @classmethod
    async def _prices(cls, scope: Scope, params: YahooFinanceParams, code: str) -> list[Finding]:
        asked = {"range": RANGE, "interval": "1d"}
        found = cls.parsed(await cls.get(scope, f"{cls.at(scope)}/v8/finance/chart/{code}", asked)).get("chart")
        charts = entries(found.get("result")) if isinstance(found, dict) else []
        if not charts:
            raise ComponentError(f"YahooFinance knows no stock {code}.")
        meta = charts[0].get("meta")
        place = f"https://finance.yahoo.com/quote/{code}"
        made = []
        if params.info and isinstance(meta, dict):
            names = ("regularMarketPrice", "currency", "fiftyTwoWeekHigh", "fiftyTwoWeekLow", "exchangeName")
            lines = [f"{name}: {meta[name]}" for name in names if meta.get(name) is not None]
            made.append(Finding(text_of(meta, "longName", "shortName", "symbol") or code, place, "\n".join(lines)))
        if params.history:
            made.append(Finding(f"{code}: closing prices", f"{place}/history", _history(charts[0])))
        return made


def _history(chart: Mapping[str, Any]) -> str:
    """Return a line per day with its closing price."""
    times = chart.get("timestamp")
    indicators = chart.get("indicators")
    quotes = entries(indicators.get("quote")) if isinstance(indicators, dict) else []
    closes = quotes[0].get("close") if quotes else None
    if not isinstance(times, list) or not isinstance(closes, list):
        return ""
    return "\n".join(
        f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}: {close:.2f}"
        for time, close in zip(times, closes, strict=False)
        if isinstance(time, int) and isinstance(close, int | float)
    )
