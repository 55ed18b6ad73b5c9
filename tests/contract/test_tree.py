"""What the style asks of files: sizes, a sentence per package, one way of imports, nothing generated that is stale."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.contract.sources import ROOT, functions, generator, kept_files, python_files, relative, run, tree

MAX_LINES = 500
MAX_FUNCTION_LINES = 60
OURS = ("server", "gateway", "tests", "clients")
LUA = "gateway/knowflow_gateway/rest.lua"
# What only a machine at hand has, and what points out of the tree to things which its readers cannot see.
FOREIGN = {
    "a path of a machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users)/[\w.-]+"),
    "a reference to a tracker": re.compile(r"\b(?:issues?|tickets?|PR|pull request|bug) ?#\d+|\bGH-\d+", re.IGNORECASE),
}


@pytest.mark.parametrize("path", [path for path in python_files() if path.parts[len(ROOT.parts)] in OURS], ids=relative)
def test_python_file_and_its_functions_are_of_readable_size(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES
    for function in functions(path):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        assert lines <= MAX_FUNCTION_LINES, f"{function.name} has {lines} lines"


def test_other_sources_are_of_readable_size() -> None:
    for path in kept_files():
        if path.suffix in {".lua", ".proto", ".yaml"}:
            assert len(path.read_text().splitlines()) <= MAX_LINES, relative(path)


@pytest.mark.parametrize("path", [path for path in python_files() if path.name == "__init__.py"], ids=relative)
def test_package_says_in_one_sentence_what_lives_there(path: Path) -> None:
    body = tree(path).body
    text = ast.get_docstring(tree(path)) or ""
    assert re.fullmatch(r"[A-Z][^\n]*\.", text), "one sentence"
    assert ". " not in text, "one sentence"
    # A command's package may name its entry point, nothing else.
    assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in body[1:])


def test_nothing_but_the_docstring_is_in_a_package_besides_the_entry_point() -> None:
    longer = [relative(path) for path in python_files() if path.name == "__init__.py" and len(tree(path).body) > 1]
    assert longer == ["server/knowflow_server/cli/__init__.py"]


def test_generated_code_is_current() -> None:
    generator().check()


def test_protos_are_linted_and_formatted() -> None:
    result = run("python", "clients/generate.py", "--lint")
    assert result.returncode == 0, result.stdout + result.stderr


def test_rooms_import_one_way() -> None:
    result = run("lint-imports", "--no-cache")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("what", FOREIGN)
def test_tracked_files_hold_nothing_foreign(what: str) -> None:
    found = []
    for path in kept_files():
        if path.suffix == ".binpb" or path.is_relative_to(ROOT / "tests" / "contract"):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if match := FOREIGN[what].search(line):
                found.append(f"{relative(path)}:{number}: {match[0]}")
    assert not found


def test_only_expected_files_lie_at_the_top() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in kept_files()}
    expected = {"proto", "server", "gateway", "clients", "tests", ".ci"} | {
        *("buf.yaml", "pyproject.toml", "Makefile", "README.md", ".gitignore", "LICENSE", "CHANGELOG.md")
    }
    assert folders <= expected
