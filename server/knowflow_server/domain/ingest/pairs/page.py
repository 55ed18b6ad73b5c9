"""An HTML page: its readable text without the furniture of the site, its title, its canonical address."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from knowflow_server.domain.ingest.blocks import clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.pairs.html_text import SILENT, text_of
from knowflow_server.domain.ingest.pairs.marked import FURNITURE, marked_pairs
from knowflow_server.domain.ingest.pairs.pair import Pair, key, plain, unique
from knowflow_server.domain.ingest.pairs.wording import vocabulary_of
from knowflow_server.domain.ingest.readers import encoding
from knowflow_server.domain.ingest.readers.html import declared_encoding

MAX_TITLE: Final = 255
MAX_PAIRS: Final = 5_000
NO_TEXT: Final = "The page holds no text."


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes:
        title: At most 255 characters; empty when the page has none.
        canonical_url: The address which the page itself names, on the same host; empty when it names none.
        text: Its readable text in Markdown, with the pairs it marks.
        pairs: The pairs it marks.
    """

    title: str
    canonical_url: str
    text: str
    pairs: list[Pair]


def read_page(path: Path, *, url: str, charset: str) -> Page:
    """Read a page.

    Args:
        path: The page as it came.
        url: Where it was found; empty for a file.
        charset: The character set which the website declares; empty when it declares none.

    Raises:
        IngestError: It holds no text.
    """
    source = _decoded(path, charset)
    tree = _tree(source)
    vocabulary = vocabulary_of(text_of(tree))
    pairs = unique(marked_pairs(tree, vocabulary), limit=MAX_PAIRS)
    title, canonical_url = _title(tree), _canonical_url(tree, url)
    text = _readable(source, tree, url)
    shown = key(text)
    missing = [pair for pair in pairs if key(pair.question) not in shown]
    if missing:
        # Markup for machines only, and folded parts, are often not taken for readable text.
        text = "\n\n".join([text, *(f"## {pair.question}\n\n{pair.answer}" for pair in missing)]).strip()
    if not text:
        raise IngestError(NO_TEXT)
    return Page(title, canonical_url, text + "\n", pairs)


def _decoded(path: Path, charset: str) -> str:
    # What is valid UTF-8 is UTF-8, whatever is declared; what declares UTF-8 and is not may say better inside.
    declared = charset if charset and charset.lower().replace("-", "") != "utf8" else declared_encoding(path)
    name = encoding.detect(path, declared=declared).name
    return clean(path.read_bytes().decode(name, "replace"))


def _tree(source: str) -> Any:
    from lxml import etree, html  # type: ignore[import-untyped]

    try:
        # As bytes: a declaration of another encoding inside is refused in a text.
        return html.document_fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        raise IngestError(NO_TEXT) from None


def _readable(source: str, tree: Any, url: str) -> str:
    """Return the main text of a page; of one which has no main part, all of it."""
    import trafilatura

    # It tells of every page without a main part, with the address.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura.extract(
        trafilatura.load_html(source.encode()),
        url=url or None,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_links=False,
        include_images=False,
        favor_recall=True,
    )
    body = tree.find("body")
    everything = text_of(body if body is not None else tree, without=FURNITURE | SILENT)
    # An extractor that keeps nearly nothing has mistaken the page.
    return clean(text) if text and 10 * len(text) >= len(everything) else plain(everything)


def _title(tree: Any) -> str:
    found = (
        *tree.xpath("//meta[@property='og:title']/@content"),
        *(text_of(node) for node in tree.xpath("//h1")[:1]),
        *(text_of(node) for node in tree.xpath("//head/title|//body/title")[:1]),
    )
    return next((line for one in found if (line := " ".join(clean(str(one)).split()))), "")[:MAX_TITLE].strip()


def _canonical_url(tree: Any, url: str) -> str:
    given = next(iter(tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")), "")
    if not given or not url:
        return ""
    try:
        found = urljoin(url, str(given).strip())
        parts = urlsplit(found)
        same = parts.scheme in {"http", "https"} and parts.netloc == urlsplit(url).netloc
    except ValueError:
        return ""
    return found if same and len(found) <= 2_048 else ""
