"""FlowGent, joined: agents in plain words, chats, callbacks and credits."""

from __future__ import annotations

from knowflow_server.assembly.core import Core
from knowflow_server.assembly.part import Base, Part
from knowflow_server.domain.agent_chat import AgentChats
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.callback import Callbacks, CallbackSigners
from knowflow_server.domain.operator import Operators
from knowflow_server.rpc.flowgent.agent import AgentService
from knowflow_server.rpc.flowgent.chat import ChatService
from knowflow_server.rpc.flowgent.credit import CreditService


def join_flowgent(base: Base, core: Core, links: AgentLinks) -> Part:
    """Return the surface; the stack stops the callbacks."""
    stores, clock, ids = base.stores, base.common.clock, base.common.ids
    chats = AgentChats(stores.entities, stores.messages, core.agent_runs, base.credits, ids)
    signers = CallbackSigners(stores.entities, base.hooks.box, clock)
    callbacks = Callbacks(
        stores.entities,
        stores.messages,
        core.agents,
        chats,
        base.credits,
        signers,
        base.hooks.sender,
        clock,
        ids,
    )
    callbacks.start()
    base.stack.push_async_callback(callbacks.close)
    key = base.settings.operator_key
    operators = Operators(key.get_secret_value() if key else None)
    return Part(
        [
            AgentService(core.simple_agents, chats, links),
            ChatService(chats, callbacks, signers),
            CreditService(base.credits, core.simple_agents, operators, clock),
        ],
        [callbacks.delete_all],
    )
