"""What was measured, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what it is, its value, its baseline and their ratio, each as it is printed."""

    what: str
    value: str
    baseline: str = ""
    ratio: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table."""
    lines = ["| what | KnowFlow | baseline | ratio |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.value} | {row.baseline} | {row.ratio} |" for row in rows]
    return "\n".join(lines)
