"""UserFillUp: asks the user for something, and goes on when the answer is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from knowflow_server.domain.canvas.asking import values_of
from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.scope import Scope


class FillUpParams(Params):
    """Parameters.

    Attributes:
        enable_tips: Whether the user is told something.
        tips: What the user is told; it may hold references.
        inputs: The form: `{name: {name, type, optional, options, value}}`.
    """

    enable_tips: bool = True
    tips: str = "Please fill up the form."
    inputs: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)


class UserFillUp(Component):
    """The component. The engine stops before it; it runs when the next question brings its inputs."""

    name = "UserFillUp"
    params = FillUpParams

    @classmethod
    def outputs(cls, params: FillUpParams) -> frozenset[str]:
        """Return the inputs: each is an output of the same name."""
        return super().outputs(params) | set(params.inputs)

    @classmethod
    async def run(cls, scope: Scope, params: FillUpParams) -> Result:
        """Hand the user's inputs on; a form of one field takes the question itself when no input is given."""
        given = dict(scope.turn.inputs)
        question = scope.turn.state.globals.get("sys.query")
        if not given and len(params.inputs) == 1 and question:
            given = {next(iter(params.inputs)): question}
        values = values_of(params.inputs, given)
        scope.inputs.update(values)
        return Result(values)
