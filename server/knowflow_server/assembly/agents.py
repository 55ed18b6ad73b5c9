"""Agents, and what their components use of the outside world."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from knowflow_server.assembly.knowledge import Common, Knowledge
from knowflow_server.assembly.models import Models
from knowflow_server.assembly.stores import Stores
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_run import AgentRuns
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.workers.templates import TemplateWorkers


def join_agents(
    stores: Stores, models: Models, common: Common, knowledge: Knowledge, stack: AsyncExitStack
) -> tuple[Agents, AgentRuns]:
    """Return agents and their runs; the stack ends what they have under way."""
    entities, messages, jobs, clock, ids = stores.entities, stores.messages, common.jobs, common.clock, common.ids
    agents = Agents(entities, messages, jobs, clock, ids)
    components = Services(entities, models.table, knowledge.retrieval, agent_tools(stack))
    runs = AgentRuns(entities, messages, agents, components, jobs, common.locks, clock, ids)
    stack.push_async_callback(runs.close)
    return agents, runs


def agent_tools(stack: AsyncExitStack) -> Mapping[str, Any]:
    """Return the tools by the names under which components ask for them; the stack closes them."""
    templates = TemplateWorkers()
    stack.push_async_callback(templates.close)
    return {"templates": templates}
