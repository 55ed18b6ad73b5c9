"""The client."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TypeVar

from knowflow._async.agents import AsyncAgents
from knowflow._async.chats import AsyncChats
from knowflow._async.datasets import AsyncDatasets
from knowflow._async.documents import AsyncChunks, AsyncDocuments
from knowflow._async.keys import AsyncKeys
from knowflow._async.transport import AsyncTransport
from knowflow.channel import Target
from knowflow.requests import struct_of
from knowflow.v1 import retrieval_service_pb2, retrieval_service_pb2_grpc, system_service_pb2, system_service_pb2_grpc

S = TypeVar("S")


class AsyncKnowFlow:
    """Everything a program does with KnowFlow, over one connection.

    Args:
        address: `host:port` of the gRPC port, or of the gateway. Default: KNOWFLOW_ADDRESS, else `localhost:9390`.
        api_key: Default: KNOWFLOW_API_KEY.
        secure: Whether the connection is encrypted (TLS).
        timeout_s: How long a call may take. Streams have no limit.
        retries: How often calls that only read are tried again while the server cannot be reached.

    Raises:
        knowflow.errors: Each method raises the class of the reason for which the server refused it; a server that
            cannot be reached is an `ApiError` with the code UNAVAILABLE.
    """

    def __init__(
        self,
        address: str | None = None,
        api_key: str | None = None,
        *,
        secure: bool = False,
        timeout_s: float = 60.0,
        retries: int = 3,
    ) -> None:
        self.transport = AsyncTransport(
            Target.of(address, api_key, secure=secure), timeout_s=timeout_s, retries=retries
        )
        self.datasets = AsyncDatasets(self.transport)
        self.documents = AsyncDocuments(self.transport)
        self.chunks = AsyncChunks(self.transport)
        self.chats = AsyncChats(self.transport)
        self.agents = AsyncAgents(self.transport)
        self.keys = AsyncKeys(self.transport)

    def stub(self, kind: type[S]) -> S:
        """Return a generated stub on this connection, for what has no method here; call it with `transport.call`."""
        return self.transport.stub(kind)

    async def retrieve(
        self,
        question: str,
        *,
        dataset_ids: list[str] | None = None,
        document_ids: list[str] | None = None,
        top: int = 10,
        similarity_threshold: float | None = None,
        vector_similarity_weight: float | None = None,
        metadata_condition: dict[str, object] | None = None,
        explain: bool = False,
    ) -> list[retrieval_service_pb2.retrieval__pb2.RetrievedChunk]:
        """Return the chunks which answer a question, best first.

        Args:
            question: What to search for.
            dataset_ids: Where to search; this or `document_ids` is required.
            document_ids: Where to search.
            top: Most chunks to return, up to 1,000.
            similarity_threshold: The least similarity, 0 to 1. Default: 0.2.
            vector_similarity_weight: Weight of meaning against words, 0 to 1. Default: 0.3.
            metadata_condition: What the metadata of the documents must be.
            explain: Whether each chunk says how its score came about.
        """
        request = retrieval_service_pb2.RetrieveRequest(
            question=question,
            dataset_ids=dataset_ids or [],
            document_ids=document_ids or [],
            page_size=top,
            similarity_threshold=similarity_threshold,
            vector_similarity_weight=vector_similarity_weight,
            metadata_condition=struct_of(metadata_condition),
            explain=explain or None,
        )
        stub = self.stub(retrieval_service_pb2_grpc.RetrievalServiceStub)
        answer = await self.transport.call(stub.Retrieve, request)
        return list(answer.data.chunks)

    async def health(self) -> system_service_pb2.CheckHealthResponse:
        """Return whether the server works; needs no key."""
        stub = self.stub(system_service_pb2_grpc.SystemServiceStub)
        answer: system_service_pb2.CheckHealthResponse = await self.transport.call(
            stub.CheckHealth, system_service_pb2.CheckHealthRequest()
        )
        return answer

    async def close(self) -> None:
        """Close the connection."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self.close()
