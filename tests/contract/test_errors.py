"""Each reason has one error class, and an example whose metadata is what the class is raised with."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import string

import pytest

from knowflow.options.v1 import error_reason_pb2
from knowflow_server import errors
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.rpc import dialect
from tests.contract.sources import descriptors_with_comments, python_files, tree

PREFIX = "ERROR_REASON_"
REASONS = [name.removeprefix(PREFIX) for name, number in error_reason_pb2.ErrorReason.items() if number]
MODULES = [
    importlib.import_module(module.name) for module in pkgutil.iter_modules(errors.__path__, "knowflow_server.errors.")
]
CLASSES = {
    item.__name__: item
    for module in MODULES
    for item in vars(module).values()
    if isinstance(item, type) and issubclass(item, KnowFlowError) and item is not KnowFlowError
}
BY_REASON = {item.reason: item for item in CLASSES.values()}


@pytest.fixture(scope="module")
def examples() -> dict[str, dict[str, object]]:
    """The example of every reason, read from its comment."""
    found = {}
    for file in descriptors_with_comments().file:
        places = {tuple(location.path): location.leading_comments for location in file.source_code_info.location}
        for e, enum in enumerate(file.enum_type):
            if enum.name == "ErrorReason":
                for v, value in enumerate(enum.value):
                    example = re.search(r"Example: `(\{.*\})`", places[5, e, 2, v])
                    if example:
                        found[value.name.removeprefix(PREFIX)] = json.loads(example[1])
    return found


def _raised() -> list[tuple[str, str, set[str]]]:
    """Return where each error class is built: the place, the class, the names of its metadata."""
    found = []
    for path in python_files():
        if "knowflow_server" not in path.parts:
            continue
        for node in ast.walk(tree(path)):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and name in CLASSES:
                keys = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.append((f"{path.name}:{node.lineno}", name, keys))
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in CLASSES:
                found.append((f"{path.name}:{node.lineno}", node.exc.id, set()))
    return found


def test_classes_and_reasons_match_one_to_one() -> None:
    assert sorted(item.reason for item in CLASSES.values()) == sorted(REASONS)


@pytest.mark.parametrize("reason", REASONS)
def test_reason_has_an_example_of_itself(reason: str, examples: dict[str, dict[str, object]]) -> None:
    example = examples[reason]
    assert example.keys() == {"reason", "domain", "metadata"}
    assert (example["reason"], example["domain"]) == (reason, "knowflow")
    assert isinstance(example["metadata"], dict)
    assert all(isinstance(value, str) for value in example["metadata"].values())


@pytest.mark.parametrize("reason", REASONS)
def test_sentence_of_a_class_needs_no_more_than_the_example_has(
    reason: str, examples: dict[str, dict[str, object]]
) -> None:
    template = BY_REASON[reason].template
    needed = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    metadata = examples[reason]["metadata"]
    assert isinstance(metadata, dict)
    assert needed <= metadata.keys()


@pytest.mark.parametrize(("place", "name", "keys"), _raised(), ids=str)
def test_error_is_raised_with_the_metadata_of_its_example(
    place: str, name: str, keys: set[str], examples: dict[str, dict[str, object]]
) -> None:
    metadata = examples[CLASSES[name].reason]["metadata"]
    assert isinstance(metadata, dict)
    assert keys == metadata.keys(), place


@pytest.mark.parametrize("reason", REASONS)
def test_reason_is_raised_somewhere(reason: str) -> None:
    assert BY_REASON[reason].__name__ in {name for _, name, _ in _raised()}


@pytest.mark.parametrize("reason", REASONS)
def test_every_error_has_a_rest_answer_on_the_core_surface(reason: str) -> None:
    error = BY_REASON[reason]
    assert error.http_status or dialect.STATUSES[error.code] in dialect.KNOWFLOW_CODES


@pytest.mark.parametrize("reason", REASONS)
def test_every_error_has_one_of_the_six_codes_on_the_platform(reason: str) -> None:
    status = dialect.STATUSES[BY_REASON[reason].code]
    code = dialect.PLATFORM_CODES.get(status, "validation_error")
    assert status in {400, 409} or code != "validation_error"
