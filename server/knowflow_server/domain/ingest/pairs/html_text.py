"""The text of a part of an HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from knowflow_server.domain.ingest.pairs.pair import plain

SILENT: Final = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "object", "head", "button"})
_BLOCKS: Final = frozenset(
    """
    address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr main nav ol p pre section summary table tbody thead tr ul
    """.split()  # noqa: SIM905 - a list of forty quoted words reads worse
)
_PARAGRAPHS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"}
)


def text_of(element: Any, *, without: frozenset[str] = SILENT) -> str:
    """Return the text of an element as a reader sees it: paragraphs, items of lists, rows of tables.

    It walks without recursion, so that no depth of nesting costs the stack.

    Args:
        element: An lxml element.
        without: Tags whose text is left out.
    """
    return plain("".join(_pieces(element, without)))


def _pieces(element: Any, without: frozenset[str]) -> Iterator[str]:
    from lxml import etree  # type: ignore[import-untyped]

    skipped = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event in {"comment", "pi"}:
            if not skipped and node is not element:
                yield node.tail or ""
            continue
        is_silent = tag in without and node is not element
        if event == "start":
            if is_silent:
                skipped += 1
            if not skipped:
                yield _before(tag)
                yield _folded(node.text, tag)
            continue
        if not skipped:
            yield _after(tag)
        if is_silent:
            skipped -= 1
        if not skipped and node is not element:
            yield _folded(node.tail, "")


def _folded(text: str | None, tag: str) -> str:
    if not text:
        return ""
    return text if tag == "pre" else text.replace("\n", " ").replace("\r", " ")


def _before(tag: str) -> str:
    if tag == "li":
        return "\n- "
    return "\n" if tag in _BLOCKS or tag == "br" else ""


def _after(tag: str) -> str:
    if tag in {"td", "th"}:
        return " | "
    if tag in _PARAGRAPHS:
        return "\n\n"
    return "\n" if tag in _BLOCKS else ""
