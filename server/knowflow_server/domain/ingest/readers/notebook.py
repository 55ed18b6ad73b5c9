"""IPYNB: the cells of a notebook, Markdown as such, code and its printed results as code."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers import markdown

# The format's pictures stand in it as text; with more than this, the tree would not fit into a worker's memory.
_LARGEST = 128 * 1024 * 1024
_LONGEST_RESULT = 20_000
_ODD = "The file is not a notebook: it is no JSON with a list of cells."


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the cells of a notebook in their order; see `Reader`. Pictures and other rich results are left out."""
    if source.path.stat().st_size > _LARGEST:
        raise IngestError(f"The notebook is larger than {_LARGEST // 2**20} MB.")
    cells, language = _cells(source.path)
    with TemporaryDirectory(prefix="notebook") as folder:
        part = replace(source, path=Path(folder) / "cell")
        for index, cell in enumerate(cells):
            text = clean(_joined(cell.get("source", cell.get("input")))).strip("\n")
            kind = cell.get("cell_type")
            if text.strip() and kind == "code":
                yield [_code(text, language)]
            elif text.strip():
                part.path.write_text((text if kind == "markdown" else f"```\n{text}\n```") + "\n\n", encoding="utf-8")
                yield from (item for item in markdown.read(part) if not isinstance(item, Progress))
            if kind == "code":
                yield [_code(result, "") for result in _results(cell)]
            yield Progress((index + 1) / len(cells), f"Read cell {index + 1} of {len(cells)}.")


def _cells(path: Path) -> tuple[list[dict[str, Any]], str]:
    """Return the cells and the language of the code."""
    try:
        notebook = json.loads(path.read_bytes())
        cells = notebook.get("cells")
        if cells is None:  # version 3 of the format
            cells = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
        metadata = notebook.get("metadata") or {}
        language = (metadata.get("language_info") or metadata.get("kernelspec") or {}).get("name", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IngestError(_ODD) from error
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise IngestError(_ODD)
    return cells, language if isinstance(language, str) and language.isalnum() else ""


def _joined(text: object) -> str:
    """Return a text of the format, which is one string or a list of them."""
    if isinstance(text, list):
        return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""


def _results(cell: dict[str, Any]) -> Iterator[str]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            data = output.get("data")
            shown = output.get("text") or (data.get("text/plain") if isinstance(data, dict) else None)
            text = clean(_joined(shown)).strip("\n")
            if text.strip():
                yield text if len(text) <= _LONGEST_RESULT else text[:_LONGEST_RESULT] + "\n[…]"


def _code(text: str, language: str) -> Block:
    fence = "```"
    while fence in text:
        fence += "`"
    return Block(Kind.CODE, f"{fence}{language}\n{text}\n{fence}\n\n")
