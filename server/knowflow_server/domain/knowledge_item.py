"""Knowledge items: what callers may do with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.knowledge_item_pb2 import (
    KnowledgeChange,
    KnowledgeItem,
    KnowledgePlacement,
    KnowledgeShelf,
    KnowledgeStep,
)
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.family import chunk_id
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.page import Page, PageRequest, newest, page_of
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.reference import References
from knowflow_server.domain.shelving import Shelving, lock_of
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import DatasetNameExistsError
from knowflow_server.errors.knowledge_item import (
    KnowledgeAgentForeignError,
    KnowledgeAgentsMissingError,
    KnowledgeContentMissingError,
    KnowledgeContentTooLongError,
    KnowledgeItemNotFoundError,
    KnowledgeLimitReachedError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_CONTENT = 4_000
MAX_NAME = 255
MAX_AGENTS = 100
# Of the content, where a name is not given.
NAME_LENGTH = 60
# Names of datasets have at most 128 characters.
MAX_TITLE = 100
# Plans from the smallest to the one which allows everything.
PLANS = ("free", "pro", "enterprise", "unlimited")
UNLIMITED = 2**31


@dataclass(frozen=True, slots=True)
class ItemLimits:
    """How many items a knowledge base may hold.

    Args:
        plan: The plan of the server.
        items: Most items by plan; one that is missing allows any number.
    """

    plan: str
    items: Mapping[str, int]

    def most(self, plan: str) -> int:
        """Return the most items of a knowledge base on a plan."""
        return self.items.get(plan, UNLIMITED)

    def minimal_plan(self, number: int) -> str:
        """Return the smallest plan which allows so many items in a knowledge base."""
        return next((plan for plan in PLANS if self.most(plan) >= number), PLANS[-1])


def linked(entities: EntityStore, item: KnowledgeItem) -> list[str]:
    """Return the agents an item was given to, without those which are gone."""
    return [identifier for identifier in item.agent_ids if entities.get(Agent, identifier) is not None]


class KnowledgeItems:
    """The knowledge items of all organizations; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        agents: SimpleAgents,
        links: AgentLinks,
        datasets: Datasets,
        references: References,
        shelving: Shelving,
        limits: ItemLimits,
        locks: NamedLocks,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._agents = agents
        self._links = links
        self._datasets = datasets
        self._references = references
        self._shelving = shelving
        self._limits = limits
        self._locks = locks
        self._clock = clock
        self._ids = ids
        entities.observe(self._observe)

    def linked(self, item: KnowledgeItem) -> Sequence[str]:
        """Return the agents an item was given to, without those which are gone."""
        return linked(self._entities, item)

    async def create(
        self, principal: Principal, *, content: str, name: str, agent_ids: Sequence[str], description: str = ""
    ) -> KnowledgeItem:
        """Create an item, give it to agents, and return it.

        Args:
            principal: The caller.
            content: What is known.
            name: Name for people; empty means the beginning of the content.
            agent_ids: The agents.
            description: What is embedded in place of the content; empty means the content.

        Raises:
            KnowledgeContentMissingError, KnowledgeAgentsMissingError, KnowledgeContentTooLongError,
            KnowledgeAgentForeignError, KnowledgeLimitReachedError, InvalidArgumentError, ModelUnavailableError: As
                their sentences say.
        """
        if not content.strip():
            raise KnowledgeContentMissingError(field="content")
        if not agent_ids:
            raise KnowledgeAgentsMissingError(field="agent_ids")
        _check_lengths(content, name, description, agent_ids)
        agents = self._owned(principal, agent_ids)
        now = microseconds(self._clock)
        item = KnowledgeItem(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            name=name.strip() or _beginning(content),
            content=content,
            description=description.strip(),
            agent_ids=[agent.id for agent in agents],
            created_at=now,
            updated_at=now,
        )
        async with self._locks.hold(lock_of(item.id)):
            return await self._write(principal, item, None, agents)

    def get(self, principal: Principal, item_id: str) -> KnowledgeItem:
        """Return an item, read-only.

        Raises:
            KnowledgeItemNotFoundError: It does not exist for the caller.
        """
        return _owned_item(self._entities, principal, item_id)

    def list(self, principal: Principal, page: PageRequest, *, agent_id: str = "") -> Page[KnowledgeItem]:
        """Return one page of the items of the caller's organization, newest first, read-only.

        Args:
            principal: The caller.
            page: Which page.
            agent_id: Only items that were given to this agent, when not empty.

        Raises:
            KnowledgeAgentForeignError: The agent does not exist for the caller.
        """
        if agent_id:
            agent = self._entities.get(Agent, agent_id)
            if agent is None or agent.organization_id != principal.organization_id:
                raise KnowledgeAgentForeignError("Agent does not belong to your organisation")
            return page_of(self._links.knowledge(agent)[::-1], page)
        return newest(self._entities, KnowledgeItem, page, principal.organization_id)

    async def update(
        self,
        principal: Principal,
        item_id: str,
        *,
        name: str | None = None,
        content: str | None = None,
        agent_ids: Sequence[str] | None = None,
        description: str | None = None,
    ) -> KnowledgeItem:
        """Change an item and return it; what is None stays, but new content drops the description.

        Raises:
            KnowledgeItemNotFoundError, KnowledgeContentTooLongError, KnowledgeAgentForeignError,
            KnowledgeLimitReachedError, InvalidArgumentError, ModelUnavailableError: As their sentences say.
        """
        self.get(principal, item_id)
        given = {"name": name, "content": content, "agent_ids": agent_ids}
        for field, value in given.items():
            if value is not None and not (value.strip() if isinstance(value, str) else value):
                kind = "string or array" if field == "agent_ids" else "string"
                raise InvalidArgumentError(f'If provided, "{field}" must be a non-empty {kind}.', field=field)
        _check_lengths(content or "", name or "", description or "", agent_ids or ())
        if agent_ids is not None:
            self._owned(principal, agent_ids)
        async with self._locks.hold(lock_of(item_id)):
            await self._shelving.finish(item_id)
            present = self.get(principal, item_id)
            item = KnowledgeItem()
            item.CopyFrom(present)
            item.name = name.strip() if name is not None else item.name
            item.content = content if content is not None else item.content
            if description is not None or content is not None:
                item.description = (description or "").strip()
            # Agents which are gone do not come back.
            wanted = linked(self._entities, item) if agent_ids is None else agent_ids
            agents = self._owned(principal, wanted)
            item.agent_ids[:] = [agent.id for agent in agents]
            item.updated_at = max(microseconds(self._clock), item.updated_at + 1)
            return await self._write(principal, item, present, agents)

    async def delete(self, principal: Principal, item_id: str) -> None:
        """Delete an item, for all agents.

        Raises:
            KnowledgeItemNotFoundError: It does not exist for the caller.
        """
        self.get(principal, item_id)
        async with self._locks.hold(lock_of(item_id)):
            await self._shelving.finish(item_id)
            present = self.get(principal, item_id)
            removed = [await self._step(present, placement) for placement in present.placements]
            change = KnowledgeChange(
                id=item_id,
                organization_id=present.organization_id,
                removed=removed,
                created_at=microseconds(self._clock),
            )

            def begin(transaction: Transaction) -> None:
                transaction.delete(_owned_item(transaction, principal, item_id))
                self._shelve(transaction, present.organization_id, out={one.dataset_id for one in present.placements})

            await self._shelving.carry_out(change, [], begin)

    async def _write(
        self, principal: Principal, item: KnowledgeItem, present: KnowledgeItem | None, agents: Sequence[Agent]
    ) -> KnowledgeItem:
        """Have the datasets of agents, and no others, hold an item as it is now; return it.

        Args:
            principal: The caller.
            item: The item as it will be.
            present: The item as it is; None for a new one.
            agents: The agents it is given to.
        """
        self._refuse_full(present, agents)
        documents = [
            await self._references.manual(principal, (await self._knowledge_base(principal, agent)).id)
            for agent in agents
        ]
        documents = list({document.id: document for document in documents}.values())
        before = {placement.document_id: placement for placement in present.placements} if present else {}
        is_same = present is not None and all(
            getattr(present, field) == getattr(item, field) for field in ("name", "content", "description")
        )
        stays = [document for document in documents if is_same and document.id in before]
        writes = [document for document in documents if document not in stays]
        shelved = await self._shelving.chunks_of(item, writes)
        goes = [placement for key, placement in before.items() if key not in {one.id for one in documents}]
        del item.placements[:]
        item.placements.extend(before[document.id] for document in stays)
        change = KnowledgeChange(
            id=item.id,
            organization_id=item.organization_id,
            item=item,
            written=[
                # Where it has not been there is nothing to look for.
                await self._step(item, placement)
                if placement.document_id in before
                else KnowledgeStep(placement=placement)
                for placement in (_placement(item, document) for document in writes)
            ],
            removed=[await self._step(item, placement) for placement in goes],
            created_at=microseconds(self._clock),
        )
        held = {placement.dataset_id for placement in before.values()}
        wanted = {document.dataset_id for document in documents}

        def begin(transaction: Transaction) -> None:
            if present is not None:
                _owned_item(transaction, principal, item.id)
            self._shelve(transaction, item.organization_id, put=wanted - held, out=held - wanted)

        return await self._shelving.carry_out(change, shelved, begin)

    async def _step(self, item: KnowledgeItem, placement: KnowledgePlacement) -> KnowledgeStep:
        tokens = await self._shelving.tokens_now(placement, item.organization_id)
        return KnowledgeStep(placement=placement, existed=tokens is not None, tokens_before=tokens or 0)

    def _shelve(
        self,
        transaction: Transaction,
        organization_id: str,
        *,
        put: Collection[str] = (),
        out: Collection[str] = (),
    ) -> None:
        """Count the items of datasets.

        Raises:
            KnowledgeLimitReachedError: One of them is full.
        """
        for dataset_id, more in [*((one, 1) for one in put), *((one, -1) for one in out)]:
            if transaction.get(Dataset, dataset_id) is None:
                # It went, and its number with it.
                continue
            shelf = transaction.get(KnowledgeShelf, dataset_id) or KnowledgeShelf(
                id=dataset_id, organization_id=organization_id, created_at=microseconds(self._clock)
            )
            number = shelf.item_count + more
            if more > 0:
                self._refuse(number)
            transaction.edit(shelf).item_count = max(0, number)

    def _refuse_full(self, present: KnowledgeItem | None, agents: Sequence[Agent]) -> None:
        """Refuse what the limits do not allow before anything is made or embedded for it."""
        held = {placement.dataset_id for placement in present.placements} if present else set()
        for agent in agents:
            dataset = self._agents.knowledge_base_of(agent)
            if dataset is not None and dataset.id in held:
                continue
            shelf = self._entities.get(KnowledgeShelf, dataset.id) if dataset is not None else None
            self._refuse((shelf.item_count if shelf is not None else 0) + 1)

    def _observe(self, transaction: Transaction) -> None:
        """Forget how many items a dataset held that goes."""
        for before, after in transaction.changes():
            if isinstance(before, Dataset) and after is None:
                shelf = transaction.get(KnowledgeShelf, before.id)
                if shelf is not None:
                    transaction.delete(shelf)

    def _refuse(self, number: int) -> None:
        if number > self._limits.most(self._limits.plan):
            raise KnowledgeLimitReachedError(minimal_plan=self._limits.minimal_plan(number))

    def _owned(self, principal: Principal, agent_ids: Sequence[str]) -> Sequence[Agent]:
        """Return agents, each once.

        Raises:
            KnowledgeAgentForeignError: One does not exist for the caller.
        """
        agents = [self._entities.get(Agent, identifier) for identifier in dict.fromkeys(agent_ids)]
        found = [agent for agent in agents if agent and agent.organization_id == principal.organization_id]
        if len(found) < len(agents):
            raise KnowledgeAgentForeignError
        return found

    async def _knowledge_base(self, principal: Principal, agent: Agent) -> Dataset:
        """Return the dataset of an agent, which gets one when it has none."""
        async with self._locks.hold(f"knowledge base/{agent.id}"):
            present = self._agents.knowledge_base_of(self._agents.get(principal, agent.id))
            if present is not None:
                return present
            dataset = await self._new_dataset(principal, agent)
            await self._agents.assign_knowledge_base(principal, agent.id, dataset.id)
            return dataset

    async def _new_dataset(self, principal: Principal, agent: Agent) -> Dataset:
        title = agent.title.strip()[:MAX_TITLE] or "Agent"
        description = f"What the agent {title} knows."
        try:
            return await self._datasets.create(principal, name=title, description=description)
        except DatasetNameExistsError:
            # No two names with this end are the same.
            name = f"{title} {agent.id[:8]}{self._ids.new_id()[:8]}"
            return await self._datasets.create(principal, name=name, description=description)


def _owned_item(entities: EntityStore | Transaction, principal: Principal, item_id: str) -> KnowledgeItem:
    item = entities.get(KnowledgeItem, item_id)
    if item is None or item.organization_id != principal.organization_id:
        raise KnowledgeItemNotFoundError(id=item_id)
    return item


def _placement(item: KnowledgeItem, document: Document) -> KnowledgePlacement:
    identifier = chunk_id(document.id, item.id, "knowledge")
    return KnowledgePlacement(dataset_id=document.dataset_id, document_id=document.id, chunk_id=identifier)


def _beginning(content: str) -> str:
    """Return the first words of a text, as a name."""
    words = " ".join(content.split())
    return words if len(words) <= NAME_LENGTH else words[:NAME_LENGTH].rsplit(" ", 1)[0].rstrip() + "…"


def _check_lengths(content: str, name: str, description: str, agent_ids: Sequence[str]) -> None:
    if len(content) > MAX_CONTENT:
        raise KnowledgeContentTooLongError(field="content")
    for field, text, most in (("name", name, MAX_NAME), ("description_to_index_on", description, MAX_CONTENT)):
        if len(text) > most:
            raise InvalidArgumentError(f'"{field}" must be {most} characters or less.', field=field)
    if len(agent_ids) > MAX_AGENTS:
        raise InvalidArgumentError(f'"agent_ids" must have {MAX_AGENTS} items or less.', field="agent_ids")
