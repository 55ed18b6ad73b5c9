"""Datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowflow._sync.transport import Transport
from knowflow.errors import DatasetNotFoundError
from knowflow.requests import PAGE_SIZE, listed, struct_of
from knowflow.v1 import dataset_service_pb2 as api
from knowflow.v1.dataset_pb2 import Dataset
from knowflow.v1.dataset_service_pb2_grpc import DatasetServiceStub


class Datasets:
    """Datasets: make one, put documents into it, search it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stub = transport.stub(DatasetServiceStub)

    def create(
        self,
        name: str,
        *,
        description: str | None = None,
        chunk_method: str | None = None,
        embedding_model: str | None = None,
        parser_config: Mapping[str, Any] | None = None,
    ) -> Dataset:
        """Create a dataset, and return it."""
        request = api.CreateDatasetRequest(
            name=name,
            description=description,
            chunk_method=chunk_method,
            embedding_model=embedding_model,
            parser_config=struct_of(parser_config),
        )
        answer = self._transport.call(self._stub.CreateDataset, request)
        created: Dataset = answer.data
        return created

    def list(self, *, name: str | None = None) -> Iterator[Dataset]:
        """Yield all datasets, newest first, or those whose name holds a text; pages are fetched as needed."""
        request = api.ListDatasetsRequest(page_size=PAGE_SIZE, name=name)
        return self._transport.pages(
            self._stub.ListDatasets, request, lambda answer: (answer.data.datasets, answer.data.total)
        )

    def get(self, dataset_id: str) -> Dataset:
        """Return a dataset.

        Raises:
            DatasetNotFoundError: There is none with this id.
        """
        answer = self._transport.call(self._stub.ListDatasets, api.ListDatasetsRequest(id=dataset_id))
        if not answer.data.datasets:
            raise DatasetNotFoundError(f"There is no dataset {dataset_id}.", reason=DatasetNotFoundError.REASON)
        found: Dataset = answer.data.datasets[0]
        return found

    def update(
        self,
        dataset_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        chunk_method: str | None = None,
        parser_config: Mapping[str, Any] | None = None,
    ) -> None:
        """Change a dataset; what is None stays."""
        request = api.UpdateDatasetRequest(
            dataset_id=dataset_id,
            name=name,
            description=description,
            chunk_method=chunk_method,
            parser_config=struct_of(parser_config),
        )
        self._transport.call(self._stub.UpdateDataset, request)

    def delete(self, dataset_ids: Sequence[str]) -> None:
        """Delete datasets with everything in them, all or none."""
        self._transport.call(self._stub.DeleteDatasets, api.DeleteDatasetsRequest(ids=listed(dataset_ids)))
