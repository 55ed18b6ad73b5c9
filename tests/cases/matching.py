"""What an answer must look like: values, partial objects and YAML tags for everything that varies.

An object matches an object which has at least its members; a list matches a list of the same length, item by item. Of
texts, `${name}` stands for a value that an earlier step gave; alone it keeps its type.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import yaml

REFERENCE = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True)
class Tag:
    """A YAML tag: something to compute in a request, or to look for in an answer."""

    name: str
    argument: Any = None

    def __str__(self) -> str:
        return f"!{self.name}" if self.argument is None else f"!{self.name} {self.argument!r}"


class Loader(yaml.CSafeLoader):
    """Reads YAML with our tags."""


def _tag(loader: yaml.CSafeLoader, name: str, node: yaml.Node) -> Tag:
    assert name in KNOWN, f"there is no tag !{name}"
    if isinstance(node, yaml.ScalarNode):
        # A plain scalar has the type it looks like; a quoted one is text.
        plain = node.style in (None, "")
        kind = loader.resolve(yaml.ScalarNode, node.value, (plain, not plain))
        value = loader.construct_object(yaml.ScalarNode(kind, node.value), deep=True) if node.value else None
        return Tag(name, value)
    if isinstance(node, yaml.SequenceNode):
        return Tag(name, loader.construct_sequence(node, deep=True))
    assert isinstance(node, yaml.MappingNode)
    return Tag(name, loader.construct_mapping(node, deep=True))


Loader.add_multi_constructor("!", _tag)


def lookup(path: str, names: Mapping[str, Any]) -> Any:
    """Return the value of a dotted path. Example: `document.id`."""
    value: Any = names
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def resolve(node: Any, names: Mapping[str, Any]) -> Any:
    """Return a tree with references replaced and computing tags computed; other tags stay."""
    if isinstance(node, str):
        if whole := REFERENCE.fullmatch(node):
            return lookup(whole[1], names)
        return REFERENCE.sub(lambda match: str(lookup(match[1], names)), node)
    if isinstance(node, Mapping):
        return {resolve(key, names): resolve(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [resolve(item, names) for item in node]
    if isinstance(node, Tag):
        tag = Tag(node.name, resolve(node.argument, names))
        return COMPUTED[tag.name](tag.argument) if tag.name in COMPUTED else tag
    return node


def _padded(argument: list[Any]) -> str:
    """Return `[start, length, end]` as a text of that length, filled up with x between start and end."""
    start, length, end = [*argument, ""][:3]
    filler: str = "x" * (length - len(start) - len(end))
    return f"{start}{filler}{end}"


COMPUTED: dict[str, Callable[[Any], Any]] = {
    "padded": _padded,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "concat": lambda parts: [item for part in parts for item in part],
    "ids": lambda ids: [{"id": one} for one in ids],
    "count": len,
    "repeat": lambda argument: [argument[0]] * argument[1],
    "merge": lambda parts: {key: value for part in parts for key, value in part.items()},
}


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value) is not None and uuid.UUID(value).version == 1


def _is_time(value: Any) -> bool:
    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the Z is required by the pattern
    except (TypeError, ValueError):
        return False
    return True


def _is_date(value: Any) -> bool:
    try:
        return str(value).endswith(" GMT") and parsedate_to_datetime(value) is not None
    except (TypeError, ValueError):
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


SINGLE: dict[str, Callable[[Any, Any], bool]] = {
    "text": lambda value, _: isinstance(value, str) and value != "",
    "id": lambda value, _: _is_id(value),
    "chunk_id": lambda value, _: isinstance(value, str) and re.fullmatch("[0-9a-f]{16}", value) is not None,
    "time": lambda value, _: _is_time(value),
    "date": lambda value, _: _is_date(value),
    "number": lambda value, _: _is_number(value),
    "at_least": lambda value, least: _is_number(value) and value >= least,
    "between": lambda value, ends: _is_number(value) and ends[0] <= value <= ends[1],
    "near": lambda value, wanted: _is_number(value) and abs(value - wanted) <= 1e-6,
    "regex": lambda value, pattern: isinstance(value, str) and re.search(pattern, value) is not None,
    "contains": lambda value, part: isinstance(value, str) and part in value,
    "length": lambda value, length: isinstance(value, list | str) and len(value) == length,
    "one_of": lambda value, options: value in options,
    "weighted": lambda value, argument: all(_is_weighted(chunk, *argument) for chunk in value) and value != [],
    "unordered_by": lambda value, argument: sorted(item[argument[0]] for item in value) == sorted(argument[1]),
    "falling": lambda value, key: _numbers(value, key) == sorted(_numbers(value, key), reverse=True),
}


def _is_weighted(chunk: Mapping[str, float], weight: float, rank: float) -> bool:
    """Return whether a chunk's similarity is the weighted sum of its parts, plus its dataset's rank."""
    expected = weight * chunk["vector_similarity"] + (1 - weight) * chunk["term_similarity"] + rank
    return abs(chunk["similarity"] - expected) <= 1e-6


def _numbers(items: Any, key: str) -> list[float]:
    return [item[key] for item in items]


KNOWN = {*COMPUTED, *SINGLE, "absent", "all", "each", "exactly", "file", "first", "has", "last", "not", "unordered"}


def differences(expected: Any, actual: Any, place: str = "answer") -> Iterator[str]:
    """Yield a sentence for each place where an answer is not what it must be."""
    if isinstance(expected, Tag):
        yield from _tagged(expected, actual, place)
    elif isinstance(expected, Mapping):
        yield from _members(expected, actual, place)
    elif isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            yield f"{place}: expected a list of {len(expected)}, got {actual!r}"
            return
        for index, (want, have) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(want, have, f"{place}[{index}]")
    elif (
        type(expected) is not type(actual) and not (_is_number(expected) and _is_number(actual))
    ) or expected != actual:
        yield f"{place}: expected {expected!r}, got {actual!r}"


def _members(expected: Mapping[str, Any], actual: Any, place: str) -> Iterator[str]:
    if not isinstance(actual, Mapping):
        yield f"{place}: expected an object, got {actual!r}"
        return
    for key, want in expected.items():
        if isinstance(want, Tag) and want.name == "absent":
            if key in actual:
                yield f"{place}.{key}: expected nothing, got {actual[key]!r}"
        elif key not in actual:
            yield f"{place}.{key}: missing; there are {', '.join(sorted(actual))}"
        else:
            yield from differences(want, actual[key], f"{place}.{key}")


def _tagged(tag: Tag, actual: Any, place: str) -> Iterator[str]:
    match tag.name:
        case "exactly":
            if isinstance(actual, Mapping) and (surplus := actual.keys() - tag.argument.keys()):
                yield f"{place}: unexpected members {', '.join(sorted(surplus))}"
            yield from differences(tag.argument, actual, place)
        case "each":
            if not isinstance(actual, list) or not actual:
                yield f"{place}: expected a list with items, got {actual!r}"
                return
            for index, item in enumerate(actual):
                yield from differences(tag.argument, item, f"{place}[{index}]")
        case "first" | "last":
            if not isinstance(actual, list) or not actual:
                yield f"{place}: expected a list with items, got {actual!r}"
                return
            index = 0 if tag.name == "first" else -1
            yield from differences(tag.argument, actual[index], f"{place}[{index}]")
        case "all":
            for part in tag.argument:
                yield from differences(part, actual, place)
        case "not":
            if not list(differences(tag.argument, actual, place)):
                yield f"{place}: must not be {actual!r}"
        case "unordered":
            yield from _unordered(tag.argument, actual, place)
        case "has":
            for want in tag.argument:
                if not isinstance(actual, list) or all(list(differences(want, item)) for item in actual):
                    yield f"{place}: no item is {want!r} in {actual!r}"
        case _:
            if not SINGLE[tag.name](actual, tag.argument):
                yield f"{place}: expected {tag}, got {actual!r}"


def _unordered(expected: list[Any], actual: Any, place: str) -> Iterator[str]:
    if not isinstance(actual, list) or len(actual) != len(expected):
        yield f"{place}: expected a list of {len(expected)}, got {actual!r}"
        return
    left = list(actual)
    for want in expected:
        fits = next((item for item in left if not list(differences(want, item))), None)
        if fits is None:
            yield f"{place}: no item is {want!r} in {left!r}"
            return
        left.remove(fits)
