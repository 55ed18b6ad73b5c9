"""Begin: where a run starts; hands the caller's inputs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from knowflow_server.domain.canvas.asking import values_of
from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.scope import Scope


class BeginParams(Params):
    """Parameters.

    Attributes:
        mode: `conversational`, or `task` for a run without a conversation.
        prologue: The agent's first message in each session.
        enablePrologue: Whether the prologue is said.
        inputs: What the caller gives with a question: `{name: {name, type, optional, options, value}}`.
    """

    mode: Literal["conversational", "task"] = "conversational"
    prologue: str = ""
    enablePrologue: bool = True  # noqa: N815 - the name is the document's
    inputs: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)

    @field_validator("prologue", "mode", mode="before")
    @classmethod
    def _text(cls, value: Any, info: Any) -> Any:
        return value or ("conversational" if info.field_name == "mode" else "")


class Begin(Component):
    """The component."""

    name = "Begin"
    params = BeginParams

    @classmethod
    def outputs(cls, params: BeginParams) -> frozenset[str]:
        """Return the inputs: each is an output of the same name."""
        return super().outputs(params) | set(params.inputs)

    @classmethod
    async def run(cls, scope: Scope, params: BeginParams) -> Result:
        """Hand the inputs on. Those which a session was begun with stay until others are given."""
        kept = scope.turn.state.outputs.get(scope.node.id, {})
        given = {**{name: kept[name] for name in params.inputs if name in kept}, **scope.turn.inputs}
        values = values_of(params.inputs, given)
        scope.inputs.update(values)
        return Result(values)
