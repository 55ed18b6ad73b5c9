"""Retrieval: the chunks that answer a question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain import parser_config
from knowflow_server.domain.analysis import query_words
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.explanation import Explanation, explain
from knowflow_server.domain.graph.passage import GraphPassages
from knowflow_server.domain.grouping import document_counts, fetched, grouped
from knowflow_server.domain.metadata import condition_of
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.ports import ResolvedReranker
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.ranking import Ranking, Scores, Wording, ranking_of
from knowflow_server.domain.reranking import Reranking
from knowflow_server.domain.selection import repeated
from knowflow_server.domain.tags import Tagger, raise_of, read
from knowflow_server.domain.tags import alike as alike_tags
from knowflow_server.domain.translation import NOT_CONFIGURED, Translation
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import DocumentNotFoundError, EmbeddingModelsDifferError
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
        rerank_id: Model whose score takes the place of the vector similarity; empty means none.
        languages: Languages in which the question is asked, too.
        explain: Whether each chunk comes with why it scored what it did.
        use_kg: Whether the first page begins with what the knowledge graph says.
    """

    question: str
    threshold: float = 0.2
    vector_weight: float = 0.3
    top_k: int = 1024
    fuzzy: bool = False
    metadata: Mapping[str, Any] | None = None
    rerank_id: str = ""
    languages: Sequence[str] = ()
    explain: bool = False
    use_kg: bool = False


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A found chunk.

    Args:
        chunk: The chunk.
        document: Its document.
        similarity: Weighted sum of the two below, raised by shared tags, plus the dataset's page rank.
        vector_similarity: Cosine similarity, cut to [0, 1]; the score of the rerank model where one was asked for.
        term_similarity: Scaled BM25, in [0, 1].
        explanation: Why it scored that, when it was asked for; of a parent, why its best child did.
        children: The children that matched, by falling similarity, when the chunk is a parent; its scores are the first
            one's.
    """

    chunk: Chunk
    document: Document
    similarity: float
    vector_similarity: float
    term_similarity: float
    explanation: Explanation | None = None
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
    """Searches the chunks of the caller's datasets.

    Args:
        entities: Datasets and documents.
        store: The chunks.
        embedding: Makes the vectors of questions.
        tagger: Knows the tags of questions.
        graphs: Say what the knowledge graph holds about a question.
        reranking: Scores the best candidates once more, where a caller wants it.
        translation: Asks questions in other languages, too; None refuses that.
    """

    def __init__(
        self,
        entities: EntityStore,
        store: ChunkStore,
        embedding: Embedding,
        tagger: Tagger,
        graphs: GraphPassages,
        reranking: Reranking,
        translation: Translation | None = None,
    ) -> None:
        self._entities = entities
        self._store = store
        self._embedding = embedding
        self._tagger = tagger
        self._graphs = graphs
        self._reranking = reranking
        self._translation = translation

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

        A rerank model reads the best candidates of the search by similarity, as many as `Reranking.candidates` says
        whatever page is asked for; the others are not found then, so that pages stay exact with it, too.

        Raises:
            InvalidArgumentError: The question is blank, neither datasets nor documents are given, a model is unknown.
            DatasetNotFoundError, DocumentNotFoundError, EmbeddingModelsDifferError, ModelUnavailableError: As their
            sentences say.
        """
        _check(query, dataset_ids, document_ids)
        model = self._reranking.resolve(query.rerank_id) if query.rerank_id else None
        if query.languages and self._translation is None:
            raise InvalidArgumentError(NOT_CONFIGURED, field="cross_languages")
        condition = condition_of(query.metadata) if query.metadata else None
        datasets = self._datasets(principal, dataset_ids, document_ids)
        wanted = self._documents(principal, datasets, document_ids)
        if condition is not None:
            pool = wanted if wanted is not None else self._all_documents(principal, datasets)
            wanted = [document for document in pool if condition(parser_config.plain(document.meta_fields))]
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
            return Found([], 0, [], _words(query.question))
        total = _searched(datasets.values() if wanted is None else wanted)
        table = await self._store.table(dimension)
        asked = [self._ask(table, scope, datasets, query, text, total=total) for text in await self._wordings(query)]
        ranking = ranking_of(await asyncio.gather(*asked))
        if model is not None:
            ranking = await self._reranked(table, datasets, query, ranking, model)
        found = await self._page(table, datasets, query, page, ranking)
        return found if page.offset else await self._with_graph(found, datasets, wanted, query)

    async def _with_graph(
        self, found: Found, datasets: Mapping[str, Dataset], wanted: list[Document] | None, query: Query
    ) -> Found:
        """Return the first page with what the knowledge graph says about the question, if that was asked for."""
        if not query.use_kg:
            return found
        return replace(found, graph=await self._graphs.passage(datasets.values(), query.question, documents=wanted))

    async def _wordings(self, query: Query) -> list[str]:
        """Return the question, and its translations where they are wanted."""
        if not query.languages or self._translation is None:
            return [query.question]
        return [query.question, *await self._translation.translate(query.question, query.languages)]

    async def _ask(
        self, table: ChunkTable, scope: Scope, datasets: Mapping[str, Dataset], query: Query, text: str, *, total: int
    ) -> Wording:
        """Return what one wording of the question finds."""
        words = _words(text)
        vector = await self._embedding.query(next(iter(datasets.values())), text)
        found = await search(table, scope, vector, words=words, k=query.top_k, fuzzy=query.fuzzy, total=total)
        alive = self._alive(found.document_ids)
        found.bm25[~np.array([identifier in alive for identifier in found.document_ids], dtype=bool)] = 0.0
        wanted = await self._tagger.of_question(list(datasets.values()), vector)
        shared = np.zeros(len(found.ids))
        if wanted:
            shared = alike_tags([read(kept) for kept in await tags_of(table, found)], wanted)
        return Wording(text, words, found, score(found, datasets, query, words, shared), shared)

    def _alive(self, document_ids: Sequence[str]) -> Mapping[str, Document]:
        """Return the documents with chunks, by id.

        Chunks of a document that was just deleted, or is to be parsed anew, are on their way out of the table.
        """
        documents = {identifier: self._entities.get(Document, identifier) for identifier in set(document_ids)}
        return {identifier: document for identifier, document in documents.items() if document and document.chunk_count}

    async def _reranked(
        self,
        table: ChunkTable,
        datasets: Mapping[str, Dataset],
        query: Query,
        ranking: Ranking,
        model: ResolvedReranker,
    ) -> Ranking:
        """Return the best of a ranking with the scores of a rerank model in place of their cosines."""
        alive = self._alive(ranking.document_ids)
        present = np.flatnonzero(np.array([identifier in alive for identifier in ranking.document_ids], dtype=bool))
        kept = ranking.best(present, self._reranking.candidates)
        chunks = await table.take([ranking.rows[n] for n in kept], [ranking.ids[n] for n in kept])
        texts = {chunk.id: chunk.content for chunk in chunks}
        kept = kept[[ranking.ids[n] in texts for n in kept]]
        columns = [column.copy() for column in ranking.scores]
        for number, wording in enumerate(ranking.wordings):
            mine = kept[ranking.wording[kept] == number]
            if not mine.size:
                continue
            places = ranking.place[mine]
            cosine = wording.candidates.cosine.copy()
            cosine[places] = await self._reranking.scores(model, wording.text, [texts[ranking.ids[n]] for n in mine])
            # All candidates are scored again, because the term similarity is relative to the best of them.
            scored = replace(wording.candidates, cosine=cosine)
            scores = score(scored, datasets, query, wording.words, wording.shared)
            for column, made in zip(columns, scores, strict=True):
                column[mine] = made[places]
        return ranking.only(kept, Scores(*columns))

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
        self, table: ChunkTable, datasets: Mapping[str, Dataset], query: Query, page: PageRequest, ranking: Ranking
    ) -> Found:
        documents = self._alive(ranking.document_ids)
        present = np.array([identifier in documents for identifier in ranking.document_ids], dtype=bool)
        kept = np.flatnonzero(present & (ranking.scores.similarity >= query.threshold))
        groups = grouped(ranking, kept)
        shown = groups[page.offset : page.offset + page.size]
        organization_id = next(iter(datasets.values())).organization_id
        by_id = await fetched(table, organization_id, ranking, shown)
        found = []
        for group in shown:
            members = [
                self._scored(datasets, query, ranking, n, by_id[ranking.ids[n]], documents[ranking.document_ids[n]])
                for n in group.members
                if ranking.ids[n] in by_id
            ]
            if group.id not in by_id or not members:
                continue
            head = replace(members[0], chunk=by_id[group.id], children=members) if group.is_parent else members[0]
            found.append(head)
        hits = [
            (documents[identifier], number) for identifier, number in document_counts(ranking, groups).most_common()
        ]
        words = list(dict.fromkeys(word for wording in ranking.wordings for word in wording.words))
        return Found(found, len(groups), hits, words)

    def _scored(
        self,
        datasets: Mapping[str, Dataset],
        query: Query,
        ranking: Ranking,
        place: int,
        chunk: Chunk,
        document: Document,
    ) -> ScoredChunk:
        why = self._explanation(datasets, query, ranking, place, chunk.tokens) if query.explain else None
        return ScoredChunk(chunk, document, *ranking.scores.at(place), why)

    @staticmethod
    def _explanation(
        datasets: Mapping[str, Dataset], query: Query, ranking: Ranking, place: int, tokens: str
    ) -> Explanation:
        wording = ranking.wordings[int(ranking.wording[place])]
        return explain(
            ranking,
            place,
            tokens,
            vector_weight=query.vector_weight,
            threshold=query.threshold,
            page_rank=datasets[ranking.dataset_ids[place]].pagerank / 100,
            word_share=_word_share(wording.candidates, query, wording.words),
            is_reranked=bool(query.rerank_id),
        )


def _check(query: Query, dataset_ids: Sequence[str], document_ids: Sequence[str]) -> None:
    if not query.question.strip():
        raise InvalidArgumentError("`question` is required.", field="question")
    if len(query.question) > MAX_QUESTION:
        raise InvalidArgumentError(f"`question` should have at most {MAX_QUESTION} characters", field="question")
    repeated(dataset_ids, "dataset_ids")
    repeated(document_ids, "document_ids")
    if not dataset_ids and not document_ids:
        raise InvalidArgumentError("`dataset_ids` is required.", field="dataset_ids")


def _words(question: str) -> list[str]:
    return query_words(question)[:MAX_WORDS]


def _searched(parts: Iterable[Dataset | Document]) -> int:
    """Return the number of chunks of datasets or documents that search looks at."""
    return sum(part.chunk_count + part.search_surplus for part in parts)


def score(
    candidates: Candidates,
    datasets: Mapping[str, Dataset],
    query: Query,
    words: Sequence[str],
    shared: NDArray[np.float64] | None = None,
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
        shared: How alike the tags of each candidate and of the question are, see `tags.alike`; None without tags.
    """
    vector = np.clip(candidates.cosine, 0.0, 1.0)
    best = candidates.bm25.max(initial=0.0)
    share = _word_share(candidates, query, words)
    term = candidates.bm25 / best * share if best else np.zeros_like(vector)
    similarity = query.vector_weight * vector + (1 - query.vector_weight) * term
    if shared is not None and shared.any():
        similarity += raise_of(similarity, shared)
    if any(dataset.pagerank for dataset in datasets.values()):
        similarity += np.array([datasets[identifier].pagerank / 100 for identifier in candidates.dataset_ids])
    return Scores(similarity, vector, term)


def _word_share(candidates: Candidates, query: Query, words: Sequence[str]) -> float:
    """Return which share of the words the chunk with the best BM25 score has."""
    return sum(_holds(candidates.best_words, word, fuzzy=query.fuzzy) for word in words) / max(len(words), 1)


def _holds(words: frozenset[str], wanted: str, *, fuzzy: bool) -> bool:
    """Return whether a chunk has a word, or with `fuzzy` one that begins alike and differs in one letter."""
    if wanted in words:
        return True
    return fuzzy and any(alike(word, wanted) for word in words)
