"""Datasets: what may happen to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import PARSE_STATE_RUNNING, Document
from knowflow_server.domain import parser_config
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock, IdSource, ModelTable, ResolvedEmbedder, UnsupportedModelError
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import Selection
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import (
    DatasetNameExistsError,
    DatasetNotFoundError,
    DatasetNotModifiedError,
    EmbeddingModelLockedError,
    EmbeddingModelUnsupportedError,
)
from knowflow_server.store.entities import EntityStore, ordered
from knowflow_server.store.transaction import Transaction

SORT_FIELDS = {"create_time": "created_at", "update_time": "updated_at"}


def owned(entities: EntityStore | Transaction, principal: Principal, dataset_id: str) -> Dataset:
    """Return a dataset of the caller's organization, read-only.

    Raises:
        DatasetNotFoundError: It does not exist, or belongs to another organization; the two look alike.
    """
    dataset = entities.get(Dataset, dataset_id)
    if dataset is None or dataset.organization_id != principal.organization_id:
        raise DatasetNotFoundError(dataset_id=dataset_id)
    return dataset


class Datasets:
    """The datasets of all organizations; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        jobs: Jobs,
        models: ModelTable,
        clock: Clock,
        ids: IdSource,
        *,
        default_embedding_model: str,
    ) -> None:
        self._entities = entities
        self._jobs = jobs
        self._models = models
        self._clock = clock
        self._ids = ids
        self._default_embedding_model = default_embedding_model

    def resolve(self, model: str) -> ResolvedEmbedder:
        """Return who serves an embedding model.

        Raises:
            EmbeddingModelUnsupportedError: Nobody does.
        """
        try:
            return self._models.resolve_embedder(model)
        except UnsupportedModelError:
            raise EmbeddingModelUnsupportedError(model=model) from None

    def get(self, principal: Principal, dataset_id: str) -> Dataset:
        """Return a dataset, read-only.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
        """
        return owned(self._entities, principal, dataset_id)

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        description: str = "",
        avatar: str = "",
        embedding_model: str | None = None,
        permission: str = "me",
        chunk_method: str = "naive",
        config: Mapping[str, Any] | None = None,
    ) -> Dataset:
        """Create a dataset and return it.

        Args:
            principal: The caller.
            name: Unique in the organization without regard to case; blanks around it are dropped.
            description: What the dataset holds.
            avatar: Picture as a data URI.
            embedding_model: `<model>@<provider>`; None means the default.
            permission: `me` or `team`.
            chunk_method: The chunking method.
            config: The parser configuration; None means the method's defaults.

        Raises:
            DatasetNameExistsError: The name is taken.
            EmbeddingModelUnsupportedError: Nobody serves the model.
            InvalidArgumentError: The parser configuration is wrong.
        """
        parser_config.validate(config or {})
        name = name.strip()
        model = (embedding_model or self._default_embedding_model).strip()
        resolved = self.resolve(model)
        now = microseconds(self._clock)
        dataset = Dataset(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            name=name,
            description=description,
            avatar=avatar,
            embedding_model=model,
            embedding_model_served=resolved.served_by,
            dimension=resolved.embedder.dimension,
            permission=permission,
            chunk_method=chunk_method,
            created_by=principal.organization_id,
            created_at=now,
            updated_at=now,
        )
        kept = parser_config.complete(chunk_method, config)
        if kept is not None:
            dataset.parser_config.CopyFrom(parser_config.struct(kept))

        def work(transaction: Transaction) -> Dataset:
            self._refuse_taken(transaction, principal, name)
            transaction.put(dataset)
            return dataset

        return await self._entities.transact(work)

    def list(
        self,
        principal: Principal,
        page: PageRequest,
        *,
        identifier: str = "",
        name: str = "",
        orderby: str = "create_time",
        desc: bool = True,
    ) -> Page[Dataset]:
        """Return one page of the caller's datasets.

        Args:
            principal: The caller.
            page: Which page.
            identifier: Only the dataset with this id, when not empty.
            name: Only datasets with this in their name, without regard to case, an exact match first, when not empty.
            orderby: `create_time` or `update_time`.
            desc: Whether the newest comes first.
        """
        found = ordered(self._entities.children(Dataset, principal.organization_id), by=SORT_FIELDS[orderby], desc=desc)
        if identifier:
            found = [dataset for dataset in found if dataset.id == identifier]
        if name:
            wanted = name.casefold()
            found = [dataset for dataset in found if wanted in dataset.name.casefold()]
            found.sort(key=lambda dataset: dataset.name.casefold() != wanted)
        return page_of(found, page)

    async def update(
        self, principal: Principal, dataset_id: str, *, config: Mapping[str, Any] | None = None, **changes: Any
    ) -> Dataset:
        """Change a dataset and return it.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            config: Merged into the parser configuration; None or empty leaves it, unless the chunking method changes.
            changes: New values of name, description, avatar, embedding_model, permission, chunk_method, pagerank.

        Raises:
            DatasetNotFoundError, DatasetNotModifiedError, DatasetNameExistsError, EmbeddingModelLockedError,
            EmbeddingModelUnsupportedError, InvalidArgumentError: As their sentences say.
        """
        owned(self._entities, principal, dataset_id)
        if not changes and config is None:
            raise DatasetNotModifiedError
        parser_config.validate(config or {})
        if "name" in changes:
            changes["name"] = changes["name"].strip()
        model = changes.pop("embedding_model", "").strip()
        resolved = self.resolve(model) if model else None

        def work(transaction: Transaction) -> Dataset:
            dataset = transaction.edit(owned(transaction, principal, dataset_id))
            if "name" in changes and changes["name"].casefold() != dataset.name.casefold():
                self._refuse_taken(transaction, principal, changes["name"])
            # Naming the same model again asks anew who serves it, which matters while nothing is embedded yet.
            if resolved is not None and (model != dataset.embedding_model or not dataset.chunk_count):
                documents = transaction.children(Document, principal.organization_id, dataset_id)
                # What is being parsed now will have vectors of the present model.
                if dataset.chunk_count or any(document.state == PARSE_STATE_RUNNING for document in documents):
                    raise EmbeddingModelLockedError(chunk_count=dataset.chunk_count, model=dataset.embedding_model)
                dataset.embedding_model, dataset.embedding_model_served = model, resolved.served_by
                dataset.dimension = resolved.embedder.dimension
            method_changes = changes.get("chunk_method", dataset.chunk_method) != dataset.chunk_method
            for field, value in changes.items():
                setattr(dataset, field, value)
            self._configure(dataset, config, method_changes=method_changes)
            dataset.updated_at = microseconds(self._clock)
            return dataset

        return await self._entities.transact(work)

    async def delete(self, principal: Principal, selection: Selection) -> None:
        """Delete datasets with everything in them: all of the organization for `null`, else those listed, all or none.

        Raises:
            InvalidArgumentError: The list is absent, empty, or names a dataset twice.
            DatasetNotFoundError: A dataset of the list does not exist.
        """
        if not selection.everything and not selection.ids:
            raise InvalidArgumentError(
                "`ids` is required: a list of dataset ids, or null for all datasets", field="ids"
            )
        if selection.duplicates:
            raise InvalidArgumentError(
                parser_config.field_sentence(
                    "ids", f"Duplicate ids: '{', '.join(selection.duplicates)}'", list(selection.ids)
                ),
                field="ids",
            )

        def work(transaction: Transaction) -> None:
            if selection.everything:
                datasets = list(transaction.children(Dataset, principal.organization_id))
            else:
                datasets = [owned(transaction, principal, identifier) for identifier in selection.ids]
            for dataset in datasets:
                self._delete_one(transaction, dataset)

        await self._entities.transact(work)
        self._jobs.wake()

    def _delete_one(self, transaction: Transaction, dataset: Dataset) -> None:
        documents = list(transaction.children(Document, dataset.organization_id, dataset.id))
        for document in documents:
            job = self._jobs.parse_job_of(transaction, document)
            if job is not None:
                transaction.delete(job)
            transaction.delete(document)
        transaction.delete(dataset)
        blob_ids = [document.blob_id for document in documents if document.blob_id]
        self._jobs.add_removal(transaction, dataset, blob_ids=blob_ids)

    @staticmethod
    def _configure(dataset: Dataset, config: Mapping[str, Any] | None, *, method_changes: bool) -> None:
        present = parser_config.plain(dataset.parser_config) if dataset.HasField("parser_config") else {}
        if method_changes:
            kept = parser_config.complete(dataset.chunk_method, config)
        elif config:
            kept = parser_config.merge(present, config)
        else:
            return
        dataset.ClearField("parser_config")
        if kept is not None:
            dataset.parser_config.CopyFrom(parser_config.struct(kept))

    @staticmethod
    def _refuse_taken(transaction: Transaction, principal: Principal, name: str) -> None:
        if transaction.holder(Dataset, organization_id=principal.organization_id, name=name) is not None:
            raise DatasetNameExistsError(name=name)
