"""Iteration: runs the components inside it once for each item of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.component import Component, ComponentError, Params, Result, pure
from knowflow_server.domain.canvas.reference import Reference, parsed_json
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.size import refuse_above, weight

MAX_ITEMS = 1_000


class IterationParams(Params):
    """Parameters. `outputs` is `{name: {"ref": "child@output"}}`: each collects one value a round.

    Attributes:
        items_ref: The list, a reference; a text may hold a JSON list, or one item a line.
    """

    items_ref: str = Field(min_length=1)


class Iteration(Component):
    """The component."""

    name = "Iteration"
    params = IterationParams
    limit_s = 3600.0

    @classmethod
    def references(cls, params: IterationParams) -> Iterable[Reference]:
        """Return the list, and what is collected."""
        collected = (item.get("ref") for item in params.outputs.values() if isinstance(item, dict))
        return pure(params.items_ref, *collected)

    @classmethod
    async def run(cls, scope: Scope, params: IterationParams) -> Result:
        """Run the body item by item."""
        items = _items(await scope.value(params.items_ref))
        if len(items) > MAX_ITEMS:
            raise ComponentError(f"The list has {len(items)} items; an Iteration takes at most {MAX_ITEMS}.")
        wanted = {
            name: item["ref"]
            for name, item in params.outputs.items()
            if isinstance(item, dict) and isinstance(item.get("ref"), str)
        }
        collected: dict[str, list[Any]] = {name: [] for name in wanted}
        made = 0
        for index, item in enumerate(items):
            await scope.turn.body(scope.node.id, {"item": item, "index": index})
            for name, reference in wanted.items():
                value = await scope.value(reference)
                made += weight(value)
                refuse_above(made)
                collected[name].append(value)
        return Result(collected)


def _items(value: Any) -> list[Any]:
    """Return a value as a list.

    Raises:
        ComponentError: It is none.
    """
    if isinstance(value, str):
        try:
            found = parsed_json(value)
        except ValueError:
            return [line for line in value.splitlines() if line.strip()]
        value = found
    if isinstance(value, list):
        return value
    if value in (None, ""):
        return []
    raise ComponentError(f"An Iteration needs a list, and got {type(value).__name__}.")
