"""IterationItem: where the body of an Iteration starts; holds the item."""

from __future__ import annotations

from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.scope import Scope


class IterationItem(Component):
    """The component."""

    name = "IterationItem"
    results = ("item", "index")

    @classmethod
    async def run(cls, scope: Scope, params: Params) -> Result:  # noqa: ARG003 - it has none
        """Hand the item on, which the Iteration has put there."""
        values = scope.turn.state.outputs.get(scope.node.id, {})
        return Result({name: values.get(name) for name in cls.results})
