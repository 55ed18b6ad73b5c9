"""What a file or a page gives beside its chunks: a title, readable text, and pairs of question and answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, Final

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.formats import Source, identify
from knowflow_server.domain.ingest.pairs.page import MAX_PAIRS, read_page
from knowflow_server.domain.ingest.pairs.pair import Extract, unique
from knowflow_server.domain.ingest.pairs.sections import block_pairs

_HTML: Final = frozenset({".html", ".htm"})


def extract(path: Path, *, name: str, config: Mapping[str, Any], url: str = "", charset: str = "") -> Extract:
    """Return what a file gives.

    Args:
        path: The file on disk, which may have any name.
        name: The name its owner gave it; the ending decides the format.
        config: The document's parser configuration.
        url: Where a page was found; empty for a file.
        charset: The character set which a website declares.

    Raises:
        IngestError: It cannot be read, or holds no text.
    """
    if PurePath(name).suffix.lower() not in _HTML:
        title = PurePath(name).stem.replace("_", " ").replace("-", " ") if not url else ""
        return Extract("", "", "", unique(block_pairs(_blocks(path, name, config), title=title), limit=MAX_PAIRS))
    identify(path, name)
    page = read_page(path, url=url, charset=charset)
    with tempfile.NamedTemporaryFile(suffix=".md") as file:
        file.write(page.text.encode())
        file.flush()
        blocks = _blocks(Path(file.name), "page.md", {})
        pairs = unique(block_pairs(blocks, title=page.title, known=page.pairs), limit=MAX_PAIRS)
    return Extract(page.title, page.canonical_url, page.text, pairs)


def _blocks(path: Path, name: str, config: Mapping[str, Any]) -> Iterator[Block]:
    for item in identify(path, name).read(Source(path, read_config(config), "naive")):
        if not isinstance(item, Progress):
            yield from item
