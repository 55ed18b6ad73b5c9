"""Datasets on the core surface."""

from __future__ import annotations

from typing import Any

from knowflow.store.v1 import dataset_pb2 as store
from knowflow.v1 import dataset_pb2, dataset_service_pb2, dataset_service_pb2_grpc
from knowflow_server.domain import parser_config
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.selection import selection_of
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.times import iso, milliseconds, rfc1123

PAGE_SIZE = 30
CHANGEABLE = ("name", "description", "avatar", "embedding_model", "permission", "chunk_method", "pagerank")


def view(record: store.Dataset) -> dataset_pb2.Dataset:
    """Return a dataset as this surface shows it."""
    return dataset_pb2.Dataset(
        id=record.id,
        name=record.name,
        description=record.description,
        avatar=record.avatar,
        embedding_model=record.embedding_model,
        embedding_model_served=record.embedding_model_served,
        permission=record.permission,
        chunk_method=record.chunk_method,
        parser_id=record.chunk_method,
        parser_config=record.parser_config if record.HasField("parser_config") else None,
        pagerank=record.pagerank,
        document_count=record.document_count,
        chunk_count=record.chunk_count,
        token_num=record.token_count,
        language="English",
        similarity_threshold=0.2,
        vector_similarity_weight=0.3,
        status="1",
        tenant_id=record.organization_id,
        created_by=record.created_by,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
        create_time=milliseconds(record.created_at),
        update_time=milliseconds(record.updated_at),
        create_date=rfc1123(record.created_at),
        update_date=rfc1123(record.updated_at),
    )


class DatasetService(dataset_service_pb2_grpc.DatasetServiceServicer):
    """Answers for datasets."""

    def __init__(self, datasets: Datasets) -> None:
        self._datasets = datasets

    async def CreateDataset(
        self, request: dataset_service_pb2.CreateDatasetRequest, context: Any
    ) -> dataset_service_pb2.CreateDatasetResponse:
        """Create a dataset."""
        record = await self._datasets.create(
            caller(),
            name=request.name,
            description=request.description,
            avatar=request.avatar,
            embedding_model=request.embedding_model if request.HasField("embedding_model") else None,
            permission=request.permission or "me",
            chunk_method=request.chunk_method or "naive",
            config=parser_config.plain(request.parser_config),
        )
        return dataset_service_pb2.CreateDatasetResponse(code=0, message="success", data=view(record))

    async def ListDatasets(
        self, request: dataset_service_pb2.ListDatasetsRequest, context: Any
    ) -> dataset_service_pb2.ListDatasetsResponse:
        """List datasets."""
        number, size = request.page or 1, request.page_size or PAGE_SIZE
        page = self._datasets.list(
            caller(),
            PageRequest(number, size),
            identifier=request.id,
            name=request.name,
            orderby=request.orderby or "create_time",
            desc=request.desc if request.HasField("desc") else True,
        )
        data = dataset_service_pb2.DatasetPage(
            datasets=map(view, page.items), total=page.total, page=number, page_size=size
        )
        return dataset_service_pb2.ListDatasetsResponse(code=0, data=data)

    async def UpdateDataset(
        self, request: dataset_service_pb2.UpdateDatasetRequest, context: Any
    ) -> dataset_service_pb2.UpdateDatasetResponse:
        """Change a dataset."""
        changes = {field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)}
        config = parser_config.plain(request.parser_config) if request.HasField("parser_config") else None
        record = await self._datasets.update(caller(), request.dataset_id, config=config, **changes)
        return dataset_service_pb2.UpdateDatasetResponse(code=0, data=view(record))

    async def DeleteDatasets(
        self, request: dataset_service_pb2.DeleteDatasetsRequest, context: Any
    ) -> dataset_service_pb2.DeleteDatasetsResponse:
        """Delete datasets."""
        await self._datasets.delete(caller(), selection_of(request, "ids"))
        return dataset_service_pb2.DeleteDatasetsResponse(code=0)
