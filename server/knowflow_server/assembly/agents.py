"""Agents, and what their components use of the outside world."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from knowflow_server.assembly.knowledge import Common, Knowledge
from knowflow_server.assembly.models import Models
from knowflow_server.assembly.stores import Stores
from knowflow_server.assembly.webhooks import Hooks
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_run import AgentRuns
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.mail import SmtpMailer
from knowflow_server.providers.outgoing import OutgoingGuard, OutgoingLimits
from knowflow_server.providers.sandbox import SandboxService
from knowflow_server.providers.sql import SqlDatabases
from knowflow_server.settings import Settings
from knowflow_server.workers.templates import TemplateWorkers


def join_agents(
    stores: Stores,
    models: Models,
    common: Common,
    knowledge: Knowledge,
    hooks: Hooks,
    tools: Mapping[str, Any],
    stack: AsyncExitStack,
) -> tuple[Agents, AgentRuns]:
    """Return agents and their runs, with the tools of `agent_tools`; the stack ends what they have under way."""
    entities, messages, jobs, clock, ids = stores.entities, stores.messages, common.jobs, common.clock, common.ids
    agents = Agents(entities, messages, jobs, clock, ids)
    components = Services(entities, models.table, knowledge.retrieval, tools)
    runs = AgentRuns(entities, messages, agents, components, hooks.outbox, jobs, common.locks, clock, ids)
    stack.push_async_callback(runs.close)
    return agents, runs


def agent_tools(settings: Settings, stack: AsyncExitStack) -> Mapping[str, Any]:
    """Return the tools by the names under which components ask for them; what is not configured is not there.

    Args:
        settings: All settings.
        stack: Closes what is opened here.
    """
    addresses = Addresses(settings.outgoing_allow)
    stack.callback(addresses.close)
    limits = OutgoingLimits(
        ports=frozenset(settings.outgoing_ports),
        timeout_s=settings.outgoing_timeout_s,
        max_bytes=settings.outgoing_max_bytes,
        proxies=frozenset(settings.outgoing_proxies),
    )
    templates = TemplateWorkers()
    stack.push_async_callback(templates.close)
    tools: dict[str, Any] = {
        "templates": templates,
        "outgoing": OutgoingGuard(addresses, limits),
        "mail": SmtpMailer(addresses, name=socket.gethostname() or "localhost"),
        "sql": SqlDatabases(addresses, sqlite_dir=settings.sqlite_dir),
        "urls": settings.tool_urls,
    }
    if settings.sandbox_url:
        tools["sandbox"] = SandboxService(settings.sandbox_url)
    return tools
