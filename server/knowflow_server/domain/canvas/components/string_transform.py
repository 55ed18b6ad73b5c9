"""StringTransform: splits a text into a list, or merges values into a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import field_validator

from knowflow_server.domain.canvas.component import Component, Params, Result, pure
from knowflow_server.domain.canvas.reference import Reference, pieces, references, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.size import refuse_above
from knowflow_server.domain.canvas.template import is_template, rendered


class TransformParams(Params):
    """Parameters.

    Attributes:
        method: `split` or `merge`.
        split_ref: What is split, a reference.
        script: What is merged: a text with references, or a template.
        delimiters: What parts a text; lists are joined by the first.
    """

    method: Literal["split", "merge"] = "split"
    split_ref: str = ""
    script: str = ""
    delimiters: tuple[str, ...] = (",",)

    @field_validator("delimiters", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else tuple(item for item in value or () if item) or (",",)

    @field_validator("split_ref", "script", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return value or ""


class StringTransform(Component):
    """The component."""

    name = "StringTransform"
    params = TransformParams
    results = ("result",)

    @classmethod
    def references(cls, params: TransformParams) -> Iterable[Reference]:
        """Return what is split or merged."""
        return pure(params.split_ref) if params.method == "split" else references(params.script)

    @classmethod
    async def run(cls, scope: Scope, params: TransformParams) -> Result:
        """Split or merge."""
        if params.method == "split":
            text = shown(await scope.value(params.split_ref)) if params.split_ref else ""
            # Longer delimiters first, so that one which begins like another is found.
            marks = sorted(params.delimiters, key=len, reverse=True)
            return Result({"result": re.split("|".join(map(re.escape, marks)), text)})
        if is_template(params.script):
            return Result({"result": await rendered(scope, params.script)})
        made: list[str] = []
        length = 0
        for piece in pieces(params.script):
            refuse_above(length)
            value = piece if isinstance(piece, str) else await scope.value(piece)
            made.append(params.delimiters[0].join(map(shown, value)) if isinstance(value, list) else shown(value))
            length += len(made[-1])
        return Result({"result": "".join(made)})
