"""The chunking methods by name."""

from functools import partial

from knowflow_server.domain.ingest.chunkers.book import choose_book, unstructured_book
from knowflow_server.domain.ingest.chunkers.chunker import Chunker
from knowflow_server.domain.ingest.chunkers.email import choose_email
from knowflow_server.domain.ingest.chunkers.laws import choose_laws
from knowflow_server.domain.ingest.chunkers.manual import ManualChunker
from knowflow_server.domain.ingest.chunkers.naive import NaiveChunker
from knowflow_server.domain.ingest.chunkers.one import OneChunker
from knowflow_server.domain.ingest.chunkers.pages import choose_pages
from knowflow_server.domain.ingest.chunkers.paper import choose_paper
from knowflow_server.domain.ingest.chunkers.qa import choose_qa
from knowflow_server.domain.ingest.chunkers.smart import SmartChunker
from knowflow_server.domain.ingest.chunkers.table import choose_table
from knowflow_server.domain.ingest.chunkers.tag import choose_tag
from knowflow_server.domain.ingest.chunkers.undecided import MakeChunker, Method, Undecided

__all__ = ["CHUNKERS", "FALLBACK_METHOD", "REWRITING", "Chunker"]

FALLBACK_METHOD = "naive"
"""Serves the methods which have no chunker of their own, and documents which are not of the method's sort."""

_METHODS = (
    Method("book", "headings or numbered chapters", choose_book, FALLBACK_METHOD, unstructured_book),
    Method("email", "the header of a message at its beginning", choose_email, FALLBACK_METHOD, NaiveChunker),
    Method("laws", "headings or numbered articles", choose_laws, FALLBACK_METHOD, NaiveChunker),
    Method("paper", "an abstract, or sections and references", choose_paper, FALLBACK_METHOD, NaiveChunker),
    Method("picture", "pages", choose_pages, FALLBACK_METHOD, NaiveChunker),
    Method("presentation", "slides or pages", choose_pages, FALLBACK_METHOD, NaiveChunker),
    Method("qa", "questions with answers", choose_qa, FALLBACK_METHOD, NaiveChunker),
    Method("table", "rows below a header", choose_table, FALLBACK_METHOD, NaiveChunker),
    Method("tag", "rows of a description and its tags", choose_tag, FALLBACK_METHOD, NaiveChunker),
)

CHUNKERS: dict[str, MakeChunker] = {
    "manual": ManualChunker,
    "naive": NaiveChunker,
    "one": OneChunker,
    "smart": SmartChunker,
    **{method.name: partial(Undecided, method) for method in _METHODS},
}
REWRITING = frozenset({"qa", "table", "tag"})
"""The methods whose contents are written from the document's text rather than cut out of it."""
