"""Predicates over tables are built in one module, never by joining strings of callers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sources import ROOT, python_files, relative, tree

SERVER = ROOT / "server" / "knowflow_server"
FILTERS = SERVER / "store" / "filters.py"
# Methods of LanceDB and Lance that take a predicate, with the place and the keyword of it.
FILTERING = {
    "where": (0, "where"),
    "delete": (0, "where"),
    "count_rows": (0, "filter"),
    "update": (None, "where"),
    "when_matched_update_all": (0, "where"),
    "when_not_matched_by_source_delete": (0, "condition"),
    "to_table": (None, "filter"),
    "scanner": (None, "filter"),
    "to_batches": (None, "filter"),
}


def _predicates(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """Yield line and expression of every predicate that a file hands to LanceDB."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FILTERING:
            place, name = FILTERING[node.func.attr]
            given = [keyword.value for keyword in node.keywords if keyword.arg == name]
            given += node.args[place : place + 1] if place is not None else []
            yield from ((node.lineno, argument) for argument in given)


def _is_text(node: ast.expr) -> bool:
    """Return whether an expression makes a text: literal, formatted, joined or formatted by a method."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "join", "replace"}
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def _assigned(path: Path, name: str) -> list[ast.expr]:
    """Return what is assigned to a name anywhere in a file."""
    return [
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id == name
    ]


def _joined(path: Path) -> list[str]:
    """Return the predicates of a file that are made by joining texts; a constant text is a predicate of ours."""
    found = []
    for line, predicate in _predicates(path):
        candidates = _assigned(path, predicate.id) if isinstance(predicate, ast.Name) else [predicate]
        texts = [one for one in candidates if _is_text(one) and not isinstance(one, ast.Constant)]
        found += [f"line {line}: {ast.unparse(text)}" for text in texts]
    return found


@pytest.mark.parametrize(
    "path", [path for path in python_files() if path.is_relative_to(SERVER) and path != FILTERS], ids=relative
)
def test_no_text_reaches_a_filter(path: Path) -> None:
    assert _joined(path) == []


@pytest.mark.parametrize(
    "line",
    [
        "table.delete(f\"id = '{given}'\")",
        "table.query().where('id = ' + given)",
        "table.count_rows(filter='id = %s' % given)",
        "table.delete(' OR '.join(given))",
        "clause = f'{given}'; table.where(clause)",
    ],
)
def test_text_which_reaches_a_filter_is_found(line: str, tmp_path: Path) -> None:
    path = tmp_path / "store.py"
    path.write_text(line)
    assert len(_joined(path)) == 1


# Parquet is the form in which datasets are given away.
ARROW_OUTSIDE = SERVER / "cli" / "transfer.py"


def test_only_the_store_imports_lancedb_and_arrow() -> None:
    for path in python_files():
        if path.is_relative_to(SERVER) and not path.is_relative_to(SERVER / "store") and path != ARROW_OUTSIDE:
            for node in ast.walk(tree(path)):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                heads = {name.partition(".")[0] for name in names}
                assert not heads & {"lancedb", "lance", "pyarrow"}, f"{relative(path)}:{node.lineno}"  # type: ignore[attr-defined]


def test_predicates_are_found_where_they_are() -> None:
    found = [
        relative(path) for path in python_files() if path.is_relative_to(SERVER / "store") and [*_predicates(path)]
    ]
    assert "server/knowflow_server/store/search.py" in found
    assert "server/knowflow_server/store/chunks.py" in found
