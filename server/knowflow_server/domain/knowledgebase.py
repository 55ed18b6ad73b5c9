"""Knowledge bases: datasets as the Knowledgebase API has them, by their own id or by that of an agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_UNSPECIFIED, DOCUMENT_KIND_WEBPAGE, Document
from knowflow_server.domain.agent import owned_agent
from knowflow_server.domain.dataset import Datasets, owned
from knowflow_server.domain.page import Page, PageRequest, sorted_page
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.reference import References
from knowflow_server.domain.selection import only
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import DatasetNameExistsError, DatasetNotFoundError
from knowflow_server.errors.knowledgebase import KnowledgebaseNotAssignedError
from knowflow_server.store.entities import EntityStore

# Most items of one sort which a knowledge base is shown with, and most characters of its references together.
SHOWN_ITEMS = 1_000
SHOWN_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Contents:
    """A knowledge base with its items, each sort oldest first.

    Args:
        dataset: The dataset.
        webpages: Its webpages.
        documents: Its uploaded files.
        references: Its references that were written by hand.
        is_truncated: Whether something was left out, because there is too much for one answer.
    """

    dataset: Dataset
    webpages: Sequence[Document]
    documents: Sequence[Document]
    references: Sequence[Chunk]
    is_truncated: bool


class Knowledgebases:
    """The knowledge bases of all organizations; each method acts for one caller.

    Args:
        entities: Datasets, documents and agents.
        datasets: What may happen to datasets.
        references: Their references.
        agents: Know which dataset is assigned to an agent.
    """

    def __init__(self, entities: EntityStore, datasets: Datasets, references: References, agents: SimpleAgents) -> None:
        self._entities = entities
        self._datasets = datasets
        self._references = references
        self._agents = agents

    def dataset(self, principal: Principal, dataset_id: str) -> Dataset:
        """Return the dataset of a knowledge base, read-only.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
        """
        try:
            return owned(self._entities, principal, dataset_id)
        except DatasetNotFoundError:
            raise DatasetNotFoundError("Knowledgebase not found", dataset_id=dataset_id) from None

    def agent(self, principal: Principal, agent_id: str) -> Agent:
        """Return an agent, read-only.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
        """
        return owned_agent(self._entities, principal, agent_id, "Agent not found")

    def of_agent(self, principal: Principal, agent_id: str) -> tuple[Agent, Dataset]:
        """Return an agent and the dataset which is assigned to it, read-only.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
            KnowledgebaseNotAssignedError: None is.
        """
        agent = self.agent(principal, agent_id)
        dataset = self._agents.knowledge_base_of(agent)
        if dataset is None:
            raise KnowledgebaseNotAssignedError(agent_id=agent_id)
        return agent, dataset

    def place(self, principal: Principal, *, knowledgebase_id: str, agent_id: str) -> Dataset:
        """Return the dataset which a request names, by its own id or by that of an agent, read-only.

        Raises:
            InvalidArgumentError: It names both, or none.
            DatasetNotFoundError, AgentNotFoundError, KnowledgebaseNotAssignedError: As their sentences say.
        """
        if bool(knowledgebase_id) == bool(agent_id):
            sentence = "Either knowledgebaseId or agentId is required"
            raise InvalidArgumentError(sentence, field="knowledgebase_id")
        return self.of_agent(principal, agent_id)[1] if agent_id else self.dataset(principal, knowledgebase_id)

    def list(
        self, principal: Principal, page: PageRequest, *, sort_by: str = "createdAt", desc: bool = True
    ) -> Page[Dataset]:
        """Return one page of the datasets of the caller's organization.

        Args:
            principal: The caller.
            page: Which page.
            sort_by: `name`, `createdAt` or `updatedAt`.
            desc: Whether the last name, or the newest, comes first.
        """
        datasets = self._entities.children(Dataset, principal.organization_id)
        return sorted_page(datasets, page, sort_by=sort_by, desc=desc, name=lambda dataset: dataset.name)

    async def contents(self, principal: Principal, dataset: Dataset) -> Contents:
        """Return a knowledge base with its items."""
        documents = self._entities.children(Document, principal.organization_id, dataset.id)
        webpages = [document for document in documents if document.kind == DOCUMENT_KIND_WEBPAGE]
        files = [document for document in documents if document.kind == DOCUMENT_KIND_UNSPECIFIED]
        first = PageRequest(1, SHOWN_ITEMS)
        references = await self._references.page(principal, dataset.id, first, source="manual")
        shown, size = [], 0
        for chunk in references.items:
            size += len(chunk.content)
            if size > SHOWN_CHARACTERS:
                break
            shown.append(chunk)
        is_truncated = max(len(webpages), len(files)) > SHOWN_ITEMS or references.total > len(shown)
        return Contents(
            dataset, list(islice(webpages, SHOWN_ITEMS)), list(islice(files, SHOWN_ITEMS)), shown, is_truncated
        )

    async def create(self, principal: Principal, *, name: str, description: str = "") -> Dataset:
        """Create a knowledge base and return its dataset.

        Raises:
            DatasetNameExistsError: The name is taken.
        """
        try:
            return await self._datasets.create(principal, name=name, description=description)
        except DatasetNameExistsError:
            raise _taken(name) from None

    async def update(
        self, principal: Principal, dataset_id: str, *, name: str | None = None, description: str | None = None
    ) -> Dataset:
        """Change a knowledge base and return its dataset; what is None stays.

        Raises:
            DatasetNotFoundError, DatasetNameExistsError: As their sentences say.
        """
        present = self.dataset(principal, dataset_id)
        given = {"name": name, "description": description}
        changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
        if not changes:
            return present
        try:
            return await self._datasets.update(principal, dataset_id, **changes)
        except DatasetNameExistsError:
            raise _taken(changes["name"]) from None

    async def delete(self, principal: Principal, dataset_id: str) -> None:
        """Delete a knowledge base with everything in it.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
        """
        self.dataset(principal, dataset_id)
        await self._datasets.delete(principal, only(dataset_id))

    async def assign(self, principal: Principal, agent_id: str, dataset_id: str) -> tuple[Agent, Dataset | None]:
        """Give an agent a knowledge base, or none when the id is empty; return the agent with what it has.

        Raises:
            AgentNotFoundError, DatasetNotFoundError: They do not exist for the caller.
        """
        self.agent(principal, agent_id)
        dataset = self.dataset(principal, dataset_id) if dataset_id else None
        return await self._agents.assign_knowledge_base(principal, agent_id, dataset_id), dataset


def _taken(name: str) -> DatasetNameExistsError:
    return DatasetNameExistsError("A knowledgebase with this name already exists", name=name)
