"""WenCai: a service for Chinese stocks without a public API."""

from __future__ import annotations

from knowflow_server.domain.canvas.component import Tool
from knowflow_server.domain.canvas.tooling import UnavailableTool


class WenCai(UnavailableTool):
    """The component."""

    name = "WenCai"
    results = ("report",)
    error_output = "report"
    tool = Tool("iwencai", "Answers questions about Chinese stocks.", {"query": "The question."})
    reason = "the service has no public API. Use Invoke with a service that has one."
