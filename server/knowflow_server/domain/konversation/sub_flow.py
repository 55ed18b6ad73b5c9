"""Sub flows: the graphs which a chatbot can send to a subscriber."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow_server.domain.agent import checked
from knowflow_server.domain.konversation.named import Kind, Named
from knowflow_server.domain.konversation.naming import found, numbered
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import SubFlowNotFoundError
from knowflow_server.store.entities import EntityStore

MAX_SUB_FLOWS = 1000
# What a sub flow does that was made without a definition: nothing.
EMPTY: Mapping[str, Any] = {
    "components": {"begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": []}}
}


class SubFlows(Named[SubFlow]):
    """The sub flows of all chatbots."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        kind = Kind(SubFlow, "sub flow", MAX_SUB_FLOWS, lambda name: SubFlowNotFoundError(sub_flow=name))
        super().__init__(entities, clock, kind)

    def start(self, flow: Flow) -> SubFlow | None:
        """Return the sub flow with which conversations begin, read-only; None where there is no sub flow at all."""
        chosen = found(self._entities, SubFlow, flow, numbered(flow, SubFlow, flow.start_sub_flow))
        # One that was deleted leaves the beginning to the first one there is.
        return chosen or next(iter(self.all(flow)), None)

    async def define(
        self, flow: Flow, *, name: str, definition: Mapping[str, Any] | None = None, description: str = ""
    ) -> SubFlow:
        """Make a sub flow.

        Args:
            flow: The chatbot.
            name: Its name.
            definition: The graph, as agents have it; None makes one that does nothing.
            description: What it is for.

        Raises:
            AgentDslInvalidError: The graph cannot run; the sentence names the component.
            FlowNameTakenError, FlowLimitReachedError, InvalidArgumentError: As their sentences say.
        """
        dsl = await _kept(EMPTY if definition is None else definition)
        return await self.create(flow, name=name, dsl=dsl, description=description)

    async def redefine(
        self, flow: Flow, ns: str, *, definition: Mapping[str, Any] | None = None, **changes: str
    ) -> SubFlow:
        """Change a sub flow's name, description or graph, and return it; None leaves the graph.

        Raises:
            SubFlowNotFoundError, AgentDslInvalidError, FlowNameTakenError, InvalidArgumentError: As they say.
        """
        if definition is not None:
            changes["dsl"] = await _kept(definition)
        return await self.update(flow, ns, **changes)


async def _kept(definition: Mapping[str, Any]) -> str:
    if not definition:
        raise InvalidArgumentError("`definition` must be a graph: an object with `components`.", field="definition")
    return await asyncio.to_thread(checked, definition)
