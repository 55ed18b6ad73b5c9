"""Instructions of agents in plain words, with the versions they had."""

from __future__ import annotations

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.instructions_pb2 import InstructionsVersion
from knowflow_server.domain.agent import owned_agent
from knowflow_server.domain.ports import IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.errors.knowledgebase import InstructionsVersionNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

KEPT_VERSIONS = 20
NOT_FOUND = "Agent not found"


class Instructions:
    """The instructions of all agents; each method acts for one caller.

    A version is written in the transaction that changes the agent, whichever surface does it.

    Args:
        entities: Where versions are kept, beside the agents.
        agents: Change agents.
        ids: Identifiers.
    """

    def __init__(self, entities: EntityStore, agents: SimpleAgents, ids: IdSource) -> None:
        self._entities = entities
        self._agents = agents
        self._ids = ids
        entities.observe(self._observe)

    def get(self, principal: Principal, agent_id: str) -> Agent:
        """Return an agent, read-only.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
        """
        return owned_agent(self._entities, principal, agent_id, NOT_FOUND)

    async def update(self, principal: Principal, agent_id: str, instructions: str) -> Agent:
        """Give an agent new instructions, and return it.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
            AgentGraphEditedError: Its graph was made or edited by hand, and has its instructions there.
        """
        self.get(principal, agent_id)
        return await self._agents.update(principal, agent_id, instructions=instructions)

    def versions(self, principal: Principal, agent_id: str) -> list[InstructionsVersion]:
        """Return the kept versions of an agent's instructions, newest first, read-only.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
        """
        agent = self.get(principal, agent_id)
        return self._entities.children(InstructionsVersion, agent.organization_id, agent.id)[::-1]

    async def restore(self, principal: Principal, agent_id: str, number: int) -> Agent:
        """Give an agent the instructions of an earlier version again, and return it.

        Raises:
            AgentNotFoundError, AgentGraphEditedError: As of `update`.
            InstructionsVersionNotFoundError: There is no such version any more.
        """
        for version in self.versions(principal, agent_id):
            if version.number == number:
                return await self.update(principal, agent_id, version.instructions)
        raise InstructionsVersionNotFoundError(agent_id=agent_id, version=number)

    def _observe(self, transaction: Transaction) -> None:
        for before, after in transaction.changes():
            if isinstance(after, Agent):
                old = before.simple.instructions if before is not None else ""
                if after.simple.instructions != old:
                    self._add(transaction, after, old)
            elif isinstance(before, Agent) and after is None:
                for version in list(transaction.children(InstructionsVersion, before.organization_id, before.id)):
                    transaction.delete(version)

    def _add(self, transaction: Transaction, agent: Agent, old: str) -> None:
        kept = sorted(
            transaction.children(InstructionsVersion, agent.organization_id, agent.id), key=lambda one: one.number
        )
        texts = [agent.simple.instructions]
        if not kept and old:
            # An agent of an earlier version of the server: what it had until now is its first.
            texts.insert(0, old)
        number = kept[-1].number if kept else 0
        # Their order is that of their times.
        at = max(agent.updated_at, kept[-1].created_at + 1 if kept else 0)
        for place, text in enumerate(texts):
            made = InstructionsVersion(
                id=self._ids.new_id(),
                organization_id=agent.organization_id,
                agent_id=agent.id,
                number=number + 1 + place,
                instructions=text,
                created_at=at + place,
            )
            transaction.put(made)
            kept.append(made)
        for version in kept[:-KEPT_VERSIONS]:
            transaction.delete(version)
