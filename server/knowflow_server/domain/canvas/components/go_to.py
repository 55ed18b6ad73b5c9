"""GoTo: goes on with another sub flow, or with a component of one."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import model_validator

from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.conversing import conversing
from knowflow_server.domain.canvas.reference import Reference
from knowflow_server.domain.canvas.scope import Scope


class GoToParams(Params):
    """Parameters.

    Attributes:
        sub_flow: The sub flow, by its id or its name.
        node: The component, by its id, in place of a sub flow.
    """

    sub_flow: str = ""
    node: str = ""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> GoToParams:
        if bool(self.sub_flow) == bool(self.node):
            raise ValueError("either `sub_flow` or `node` says where to go")
        return self


class GoTo(Component):
    """The component; nothing that follows it runs."""

    name = "GoTo"
    params = GoToParams

    @classmethod
    def references(cls, params: GoToParams) -> Iterable[Reference]:  # noqa: ARG003 - of all components
        """Return nothing: where it goes is fixed."""
        return ()

    @classmethod
    async def run(cls, scope: Scope, params: GoToParams) -> Result:
        """Note where it goes on; this sub flow ends first."""
        place = params.sub_flow or params.node
        scope.inputs["place"] = place
        await conversing(scope).go_to(place)
        return Result(next=())
