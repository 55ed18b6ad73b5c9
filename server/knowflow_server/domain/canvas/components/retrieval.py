"""Retrieval: searches datasets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, field_validator

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.canvas.component import Component, ComponentError, Params, Result, Tool, pure
from knowflow_server.domain.canvas.reference import Reference, parse, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.chat.citation import cited
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.retrieval import Query


class RetrievalParams(Params):
    """Parameters.

    Attributes:
        query: What is searched for, a reference.
        kb_ids: The datasets by id; an entry may be a reference whose value is the name of a dataset.
        similarity_threshold: The least similarity of a chunk.
        keywords_similarity_weight: Weight of the term similarity; the vector similarity has the rest.
        top_n: Most chunks.
        top_k: Most candidates of each search.
        rerank_id: The model which ranks the candidates again.
        empty_response: The output when nothing is found.
        use_kg: Whether the knowledge graph is searched, too.
        cross_languages: Languages into which the query is translated.
    """

    query: str = "sys.query"
    kb_ids: tuple[str, ...] = ()
    similarity_threshold: float = Field(default=0.2, ge=0, le=1)
    keywords_similarity_weight: float = Field(default=0.5, ge=0, le=1)
    top_n: int = Field(default=8, ge=1, le=1000)
    top_k: int = Field(default=1024, ge=1, le=10000)
    rerank_id: str = ""
    empty_response: str = ""
    use_kg: bool = False
    cross_languages: tuple[str, ...] = ()

    @field_validator("kb_ids", "cross_languages", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()

    @field_validator("rerank_id", "empty_response", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return value or ""

    @field_validator("query", mode="before")
    @classmethod
    def _query(cls, value: Any) -> Any:
        return value or "sys.query"


class Retrieval(Component):
    """The component."""

    name = "Retrieval"
    params = RetrievalParams
    results = ("formalized_content", "json")
    error_output = "formalized_content"
    tool = Tool(
        "search_my_dataset",
        "Searches the organization's own documents and returns the passages that answer a question.",
        {"query": "What to search for: a question or key terms, self-contained."},
    )

    @classmethod
    def references(cls, params: RetrievalParams) -> Iterable[Reference]:
        """Return the query, and datasets named by reference."""
        return pure(params.query, *params.kb_ids)

    @classmethod
    async def run(cls, scope: Scope, params: RetrievalParams) -> Result:
        """Search."""
        query = shown(await scope.value(params.query))
        return await cls.search(scope, params, query)

    @classmethod
    async def call(cls, scope: Scope, params: RetrievalParams, arguments: Mapping[str, Any]) -> Result:
        """Search for what a model wants."""
        return await cls.search(scope, params, shown(arguments.get("query")))

    @classmethod
    async def search(cls, scope: Scope, params: RetrievalParams, query: str) -> Result:
        """Search for a query.

        Raises:
            ComponentError: A dataset does not exist.
            KnowFlowError: The search failed.
        """
        scope.inputs["query"] = query
        datasets = [await _dataset(scope, entry) for entry in params.kb_ids]
        if not datasets:
            raise ComponentError("Retrieval has no dataset: `kb_ids` is empty.")
        if not query.strip():
            return Result({"formalized_content": params.empty_response, "json": []})
        found = await scope.services.retrieval.retrieve(
            scope.turn.principal,
            Query(
                query,
                threshold=params.similarity_threshold,
                vector_weight=1 - params.keywords_similarity_weight,
                top_k=params.top_k,
                rerank_id=params.rerank_id,
                languages=params.cross_languages,
                use_kg=params.use_kg,
            ),
            PageRequest(1, params.top_n),
            dataset_ids=list(dict.fromkeys(datasets)),
        )
        chunks = [cited(item) for item in found.chunks]
        if not chunks and not found.graph:
            return Result({"formalized_content": params.empty_response, "json": []})
        numbers = scope.turn.cite(chunks)
        passages = [f"[ID:{n}] {c.document_name}\n{c.content}" for n, c in zip(numbers, chunks, strict=True)]
        plain = [
            {"id": n, "document_name": c.document_name, "content": c.content}
            for n, c in zip(numbers, chunks, strict=True)
        ]
        text = "\n\n".join([*([found.graph] if found.graph else []), *passages])
        return Result({"formalized_content": text, "json": plain})


async def _dataset(scope: Scope, entry: str) -> str:
    """Return the id of a dataset of the caller's organization, named by id, by name or by reference."""
    name = shown(await scope.value(entry)) if parse(entry) else entry
    organization = scope.turn.principal.organization_id
    found = scope.services.entities.get(Dataset, name)
    if found is not None and found.organization_id == organization:
        return name
    for dataset in scope.services.entities.children(Dataset, organization):
        if dataset.name.casefold() == name.casefold():
            return dataset.id
    raise ComponentError(f"The dataset {name} does not exist.")
