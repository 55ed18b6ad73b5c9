"""Retrieval: the chunks that answer a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain import parser_config
from knowflow_server.domain.analysis import query_words
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.graph.passage import GraphPassages
from knowflow_server.domain.grouping import document_counts, fetched, grouped
from knowflow_server.domain.metadata import condition_of
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import repeated
from knowflow_server.domain.tags import Tagger, raised, read
from knowflow_server.errors import DocumentNotFoundError, EmbeddingModelsDifferError, InvalidArgumentError
from knowflow_server.store.bm25 import alike
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.search import Candidates, search, tags_of

MAX_QUESTION = 32_768
# Words beyond these add time to a search, and nothing to what it finds.
MAX_WORDS = 256


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for, and how.

    Args:
        question: The question.
        threshold: Least similarity to return, in [0, 1].
        vector_weight: Weight of the vector similarity, in [0, 1]; the term similarity has the rest.
        top_k: Most candidates taken from the vector search and from the word search each.
        fuzzy: Whether words also match when one letter differs.
        metadata: Condition on the documents' metadata; None means none.
        use_kg: Whether the first page comes with what the knowledge graph says.
    """

    question: str
    threshold: float = 0.2
    vector_weight: float = 0.3
    top_k: int = 1024
    fuzzy: bool = False
    metadata: Mapping[str, Any] | None = None
    use_kg: bool = False


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A found chunk.

    Args:
        chunk: The chunk.
        document: Its document.
        similarity: Weighted sum of the two below plus the dataset's page rank; higher is closer.
        vector_similarity: Cosine similarity, cut to [0, 1].
        term_similarity: Scaled BM25, in [0, 1].
        children: The children that matched, by falling similarity, when the chunk is a parent; its scores are the first
            one's.
    """

    chunk: Chunk
    document: Document
    similarity: float
    vector_similarity: float
    term_similarity: float
    children: Sequence[ScoredChunk] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of found chunks.

    Args:
        chunks: The chunks of the page, by falling similarity, ties by id.
        total: Number of chunks on all pages.
        documents: All documents with found chunks and their number, by falling number.
        words: The words that were looked for.
        graph: What the knowledge graph says about the question; empty when it was not asked for, on later pages, and
            when the question names none of its entities.
    """

    chunks: Sequence[ScoredChunk]
    total: int
    documents: Sequence[tuple[Document, int]]
    words: Sequence[str]
    graph: str = ""


class Retrieval:
    """Searches the chunks of the caller's datasets."""

    def __init__(
        self,
        entities: EntityStore,
        store: ChunkStore,
        embedding: Embedding,
        tagger: Tagger,
        graphs: GraphPassages,
    ) -> None:
        self._entities = entities
        self._store = store
        self._embedding = embedding
        self._tagger = tagger
        self._graphs = graphs

    async def retrieve(
        self,
        principal: Principal,
        query: Query,
        page: PageRequest,
        *,
        dataset_ids: Sequence[str] = (),
        document_ids: Sequence[str] = (),
    ) -> Found:
        """Return one page of the chunks that answer a question.

        All candidates are scored before the page is cut, so pages neither overlap nor miss a chunk.

        Args:
            principal: The caller.
            query: What to search for.
            page: Which page.
            dataset_ids: Datasets to search in; all must use the same embedding model.
            document_ids: Documents to search in; with `dataset_ids` they must belong to those.

        Raises:
            InvalidArgumentError: The question is blank, or neither datasets nor documents are given.
            DatasetNotFoundError, DocumentNotFoundError, EmbeddingModelsDifferError, ModelUnavailableError: As their
            sentences say.
        """
        if not query.question.strip():
            raise InvalidArgumentError("`question` is required.", field="question")
        if len(query.question) > MAX_QUESTION:
            raise InvalidArgumentError(f"`question` should have at most {MAX_QUESTION} characters", field="question")
        repeated(dataset_ids, "dataset_ids")
        repeated(document_ids, "document_ids")
        if not dataset_ids and not document_ids:
            raise InvalidArgumentError("`dataset_ids` is required.", field="dataset_ids")
        condition = condition_of(query.metadata) if query.metadata else None
        datasets = self._datasets(principal, dataset_ids, document_ids)
        wanted = self._documents(principal, datasets, document_ids)
        if condition is not None:
            pool = wanted if wanted is not None else self._all_documents(principal, datasets)
            wanted = [document for document in pool if condition(parser_config.plain(document.meta_fields))]
        first = next(iter(datasets.values()))
        words = query_words(query.question)[:MAX_WORDS]
        scope = Scope(
            principal.organization_id,
            dataset_ids=list(datasets),
            document_ids=None if wanted is None else [document.id for document in wanted],
            available=True,
            searched=True,
        )
        # A dataset knows its dimension from its first chunk on; before that there is nothing to find.
        dimension = max(dataset.dimension for dataset in datasets.values())
        if not dimension or wanted == []:
            return Found([], 0, [], words)
        parts = datasets.values() if wanted is None else wanted
        total = sum(part.chunk_count + part.search_surplus for part in parts)
        table = await self._store.table(dimension)
        vector = await self._embedding.query(first, query.question)
        candidates = await search(table, scope, vector, words=words, k=query.top_k, fuzzy=query.fuzzy, total=total)
        tags = await self._tagger.of_question(list(datasets.values()), vector)
        found = await self._page(table, datasets, query, page, candidates, words, tags)
        if not query.use_kg or page.offset:
            return found
        return replace(found, graph=await self._graphs.passage(datasets.values(), query.question, documents=wanted))

    def _datasets(
        self, principal: Principal, dataset_ids: Sequence[str], document_ids: Sequence[str]
    ) -> dict[str, Dataset]:
        identifiers = list(dict.fromkeys(dataset_ids))
        if not identifiers:
            documents = [self._entities.get(Document, identifier) for identifier in document_ids]
            for identifier, document in zip(document_ids, documents, strict=True):
                if document is None or document.organization_id != principal.organization_id:
                    raise DocumentNotFoundError(
                        f"The datasets don't own the document {identifier}", document_id=identifier
                    )
            identifiers = list(dict.fromkeys(document.dataset_id for document in documents if document is not None))
        datasets = {identifier: owned(self._entities, principal, identifier) for identifier in identifiers}
        if len({dataset.embedding_model_served for dataset in datasets.values()}) > 1:
            raise EmbeddingModelsDifferError
        return datasets

    def _documents(
        self, principal: Principal, datasets: Mapping[str, Dataset], document_ids: Sequence[str]
    ) -> list[Document] | None:
        if not document_ids:
            return None
        found = []
        for identifier in dict.fromkeys(document_ids):
            document = self._entities.get(Document, identifier)
            if (
                document is None
                or document.organization_id != principal.organization_id
                or document.dataset_id not in datasets
            ):
                raise DocumentNotFoundError(f"The datasets don't own the document {identifier}", document_id=identifier)
            found.append(document)
        return found

    def _all_documents(self, principal: Principal, datasets: Mapping[str, Dataset]) -> list[Document]:
        return [
            d
            for identifier in datasets
            for d in self._entities.children(Document, principal.organization_id, identifier)
        ]

    async def _page(
        self,
        table: ChunkTable,
        datasets: Mapping[str, Dataset],
        query: Query,
        page: PageRequest,
        candidates: Candidates,
        words: Sequence[str],
        tags: Mapping[str, float],
    ) -> Found:
        # Chunks of a document that was just deleted, or is to be parsed anew, are on their way out of the table.
        documents = {
            identifier: self._entities.get(Document, identifier) for identifier in set(candidates.document_ids)
        }
        alive = {identifier for identifier, document in documents.items() if document and document.chunk_count}
        present = np.array([identifier in alive for identifier in candidates.document_ids], dtype=bool)
        candidates.bm25[~present] = 0.0
        shared = [read(text) for text in await tags_of(table, candidates)] if tags else None
        scores = score(candidates, datasets, query, words, tags=(shared, tags) if shared is not None else None)
        kept = np.flatnonzero(present & (scores.similarity >= query.threshold))
        groups = grouped(candidates, scores.similarity, kept)
        shown = groups[page.offset : page.offset + page.size]
        organization_id = next(iter(datasets.values())).organization_id
        by_id = await fetched(table, organization_id, candidates, shown)
        found = []
        for group in shown:
            document = documents[candidates.document_ids[group.members[0]]]
            if document is None or group.id not in by_id:
                continue
            members = [
                ScoredChunk(by_id[candidates.ids[n]], document, *scores.at(n))
                for n in group.members
                if candidates.ids[n] in by_id
            ]
            best = scores.at(group.members[0])
            found.append(ScoredChunk(by_id[group.id], document, *best, members) if group.is_parent else members[0])
        hits = [
            (documents[identifier], number) for identifier, number in document_counts(candidates, groups).most_common()
        ]
        return Found(found, len(groups), [(document, number) for document, number in hits if document], words)


class Scores(NamedTuple):
    """The scores of candidates, as in ScoredChunk; each of shape (n,), float64."""

    similarity: NDArray[np.float64]
    vector: NDArray[np.float64]
    term: NDArray[np.float64]

    def at(self, place: int) -> tuple[float, float, float]:
        """Return the scores of one candidate."""
        return float(self.similarity[place]), float(self.vector[place]), float(self.term[place])


def score(
    candidates: Candidates,
    datasets: Mapping[str, Dataset],
    query: Query,
    words: Sequence[str],
    *,
    tags: tuple[Sequence[Mapping[str, float]], Mapping[str, float]] | None = None,
) -> Scores:
    """Return the scores of candidates.

    similarity = w * vector + (1 - w) * term, raised by shared tags, + page rank / 100, with w the vector weight.
    vector is the cosine, cut to [0, 1]. term is BM25 over the best BM25 of the search, times the share of the
    question's words which the best hit holds: relative scores alone would give the best hit 1 even when it shares one
    word of ten, and the threshold would mean nothing.

    Args:
        candidates: What the two searches found, of datasets in `datasets`.
        datasets: The datasets by id, for their page rank.
        query: The weights.
        words: The words that were looked for, each once.
        tags: The tags of each candidate and of the question, see `tags.raised`; None where there are none.
    """
    vector = np.clip(candidates.cosine, 0.0, 1.0)
    best = candidates.bm25.max(initial=0.0)
    share = sum(_holds(candidates.best_words, word, fuzzy=query.fuzzy) for word in words) / max(len(words), 1)
    term = candidates.bm25 / best * share if best else np.zeros_like(vector)
    similarity = query.vector_weight * vector + (1 - query.vector_weight) * term
    if tags is not None:
        similarity = raised(similarity, *tags)
    if any(dataset.pagerank for dataset in datasets.values()):
        similarity += np.array([datasets[identifier].pagerank / 100 for identifier in candidates.dataset_ids])
    return Scores(similarity, vector, term)


def _holds(words: frozenset[str], wanted: str, *, fuzzy: bool) -> bool:
    """Return whether a chunk has a word, or with `fuzzy` one that begins alike and differs in one letter."""
    if wanted in words:
        return True
    return fuzzy and any(alike(word, wanted) for word in words)
