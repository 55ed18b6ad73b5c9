"""Pairs which an HTML page marks as such: schema.org in JSON-LD and microdata, details, definition lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from knowflow_server.domain.ingest.pairs.html_text import SILENT, text_of
from knowflow_server.domain.ingest.pairs.pair import Pair, is_question
from knowflow_server.domain.ingest.pairs.wording import about

# What stands in these is about the site and not the page.
FURNITURE: Final = frozenset({"nav", "header", "footer", "aside", "form", "menu"})
# JSON-LD of a page is no longer than that.
MAX_JSON: Final = 2_000_000
_TAG = re.compile(r"<[a-zA-Z/!]")


def marked_pairs(tree: Any, vocabulary: frozenset[str]) -> Iterator[Pair]:
    """Yield the pairs which a page marks: what is meant for machines first, then what readers see.

    Args:
        tree: The root element of the page, from lxml.
        vocabulary: The words which the page writes in lower case; they word questions.
    """
    yield from _json_ld(tree)
    yield from _microdata(tree)
    yield from _details(tree)
    yield from _definitions(tree, vocabulary)


def _json_ld(tree: Any) -> Iterator[Pair]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        text = script.text or ""
        if kind != "application/ld+json" or len(text) > MAX_JSON:
            continue
        try:
            # Line breaks inside of texts are a common mistake.
            found = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _questions(found)


def _questions(value: Any) -> Iterator[Pair]:
    """Yield the pairs of all objects of type Question, wherever they stand."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            if "Question" in _types(item):
                answer = "\n\n".join(filter(None, map(_answer, _list(item.get("acceptedAnswer")))))
                answer = answer or next(filter(None, map(_answer, _list(item.get("suggestedAnswer")))), "")
                yield Pair(_visible(item.get("name") or item.get("text")), answer)
            else:
                waiting.extend(reversed(list(item.values())))


def _types(item: dict[str, Any]) -> set[str]:
    return {str(one).rpartition("/")[2] for one in _list(item.get("@type"))}


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _answer(value: Any) -> str:
    return _visible(value.get("text") or value.get("description")) if isinstance(value, dict) else _visible(value)


def _visible(value: Any) -> str:
    """Return a text of JSON-LD, which may hold HTML, as a reader sees it."""
    if not isinstance(value, str):
        return ""
    if not _TAG.search(value):
        return unescape(value)
    from lxml import etree, html  # type: ignore[import-untyped]

    try:
        return text_of(html.fragment_fromstring(value, create_parent="div"))
    except (etree.ParserError, ValueError):
        return ""


def _microdata(tree: Any) -> Iterator[Pair]:
    for item in tree.iterfind(".//*[@itemscope]"):
        if not (item.get("itemtype") or "").rstrip("/").endswith("schema.org/Question"):
            continue
        name = next(iter(item.xpath(".//*[@itemprop='name']")), None)
        answers = item.xpath(".//*[@itemprop='acceptedAnswer']") or item.xpath(".//*[@itemprop='suggestedAnswer']")[:1]
        texts = [next(iter(answer.xpath(".//*[@itemprop='text']")), answer) for answer in answers]
        if name is not None:
            yield Pair(name.get("content") or text_of(name), "\n\n".join(map(text_of, texts)))


def _details(tree: Any) -> Iterator[Pair]:
    for details in tree.iter("details"):
        summary = details.find("summary")
        if summary is None or _is_furniture(details):
            continue
        question = text_of(summary)
        # Folded lists of links are menus, whatever stands around them.
        if question and (is_question(question) or not _is_menu(details)):
            yield Pair(question, text_of(details, without=SILENT | {"summary"}))


def _is_menu(element: Any) -> bool:
    text = text_of(element)
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return 2 * linked > len(text)


def _definitions(tree: Any, vocabulary: frozenset[str]) -> Iterator[Pair]:
    for definitions in tree.iter("dl"):
        if _is_furniture(definitions) or _is_menu(definitions):
            continue
        term, texts = "", list[str]()
        # Groups of a term and its texts may be wrapped in <div>.
        for node in definitions.iter("dt", "dd"):
            if node.tag == "dt":
                yield from _definition(term, texts, vocabulary)
                term, texts = text_of(node), []
            else:
                texts.append(text_of(node))
        yield from _definition(term, texts, vocabulary)


def _definition(term: str, texts: list[str], vocabulary: frozenset[str]) -> Iterator[Pair]:
    answer = "\n\n".join(texts)
    if term and answer:
        yield Pair(term if is_question(term) else about(term, answer, vocabulary), answer)


def _is_furniture(element: Any) -> bool:
    return any(parent.tag in FURNITURE for parent in element.iterancestors())
