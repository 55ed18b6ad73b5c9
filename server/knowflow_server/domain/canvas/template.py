"""Templates: texts with Jinja2 marks, rendered in a sandbox with the values of their references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.reference import IN_TEXT, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.ports import TemplateFailedError, Templates

MARKS = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)


def is_template(text: str) -> bool:
    """Return whether a text holds marks of Jinja2 beside references."""
    return any(not IN_TEXT.fullmatch(match[0]) for match in MARKS.finditer(text))


async def rendered(scope: Scope, text: str, further: Mapping[str, Any] | None = None) -> str:
    """Return a template, rendered. References stand in it as `{component@output}`, or inside marks by themselves.

    Raises:
        ComponentError: It is no valid template, or takes too long.
    """
    values: dict[str, Any] = dict(further or {})
    names: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return names.setdefault(match[1], f"value_{len(names)}")

    def printed(match: re.Match[str]) -> str:
        return f"{{{{ {named(match)}_shown }}}}"

    # Inside marks a reference becomes a name, as Jinja2 knows no `@`; outside, a mark that prints it.
    inside = re.compile(r"([A-Za-z0-9_:\-]+@[A-Za-z0-9_:.\-]+|sys\.[A-Za-z0-9_.]+)")
    parts: list[str] = []
    place = 0
    for mark in MARKS.finditer(text):
        if IN_TEXT.fullmatch(mark[0]):
            continue
        parts.append(IN_TEXT.sub(printed, text[place : mark.start()]))
        parts.append(inside.sub(named, mark[0]))
        place = mark.end()
    parts.append(IN_TEXT.sub(printed, text[place:]))
    for reference, name in names.items():
        value = await scope.value(reference)
        values[name], values[f"{name}_shown"] = value, shown(value)
    templates: Templates = scope.tool("templates")
    try:
        return await templates.render("".join(parts), values)
    except TemplateFailedError as error:
        raise ComponentError(f"The template is wrong: {error.sentence}.") from None
