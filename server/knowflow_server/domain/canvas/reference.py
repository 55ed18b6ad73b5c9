"""References in the parameters of components: `component_id@output`, or `sys.name`, in braces where text is around."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_NAME = r"[A-Za-z0-9_:.\-]+"
_REFERENCE = rf"(?:[A-Za-z0-9_:\-]+@{_NAME}|sys\.[A-Za-z0-9_.]+)"
PURE = re.compile(rf"^\s*\{{{{0,2}}\s*({_REFERENCE})\s*\}}{{0,2}}\s*$")
IN_TEXT = re.compile(rf"\{{{{1,2}}\s*({_REFERENCE})\s*\}}{{1,2}}")


class Reference(NamedTuple):
    """What a reference names. `component` is empty for a global, whose whole name is then in `output`."""

    component: str
    output: str

    @property
    def text(self) -> str:
        """The reference as it is written."""
        return f"{self.component}@{self.output}" if self.component else self.output


def parse(text: str) -> Reference | None:
    """Return the reference which a whole text is, with or without braces, or None."""
    match = PURE.match(text)
    return _reference(match[1]) if match else None


def references(value: Any) -> Iterator[Reference]:
    """Yield the references inside texts, also those of lists and objects."""
    if isinstance(value, str):
        for match in IN_TEXT.finditer(value):
            yield _reference(match[1])
    elif isinstance(value, dict):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from references(item)


def pieces(text: str) -> Iterator[str | Reference]:
    """Yield what a text consists of, in order: plain texts, and references."""
    place = 0
    for match in IN_TEXT.finditer(text):
        if match.start() > place:
            yield text[place : match.start()]
        yield _reference(match[1])
        place = match.end()
    if place < len(text):
        yield text[place:]


def shown(value: Any) -> str:
    """Return a value as it stands in a text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def parsed_json(text: str | bytes) -> Any:
    """Return the value of a JSON text that others wrote; halves of characters, which UTF-8 cannot keep, become U+FFFD.

    Raises:
        ValueError: It is no JSON, or too deeply nested.
    """
    try:
        return whole_characters(json.loads(text))
    except RecursionError:
        raise ValueError("it is too deeply nested") from None


def whole_characters(value: Any) -> Any:
    """Return a JSON value without halves of characters (surrogates), which JSON can write and UTF-8 cannot keep."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(item) for name, item in value.items()}
    return value


def _reference(text: str) -> Reference:
    component, at, output = text.partition("@")
    return Reference(component, output) if at else Reference("", text)
