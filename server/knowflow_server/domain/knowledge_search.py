"""Search of a knowledge base by meaning: the nearest references and pieces of text, paid by the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.store.v1.chunk_pb2 import CHUNK_KIND_QA, Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.credits import SEARCH, Credits
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.ports import IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.reference import SOURCES, Pair, pair_of
from knowflow_server.domain.web.items import display_name
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.search import nearest

# Some of the nearest chunks have one parent, or are of a document that was just deleted: more are asked for than shown.
SPARE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found.

    Args:
        id: The chunk.
        pair: Question and answer; of a piece of text the headings above it, or the name of its document, and the text.
        similarity: Cosine similarity of query and text, cut to [0, 1]; higher is closer.
        is_pair: Whether it is a question with its answer, not a piece of text.
        source: `manual`, `webpage` or `document`.
    """

    id: str
    pair: Pair
    similarity: float
    is_pair: bool
    source: str


@dataclass(frozen=True, slots=True)
class Search:
    """The results of a search, and what it cost in credits."""

    hits: list[Hit]
    credits_used: int


class KnowledgeSearch:
    """Searches knowledge bases.

    Args:
        entities: Documents.
        store: The chunks.
        embedding: Makes the vectors of queries.
        credits: What searches are paid from.
        ids: Identifiers of searches.
    """

    def __init__(
        self, entities: EntityStore, store: ChunkStore, embedding: Embedding, credits_: Credits, ids: IdSource
    ) -> None:
        self._entities = entities
        self._store = store
        self._embedding = embedding
        self._credits = credits_
        self._ids = ids

    async def search(
        self, principal: Principal, dataset: Dataset, query: str, *, limit: int, threshold: float, agent_id: str = ""
    ) -> Search:
        """Return what comes nearest to a query, best first; a search that fails costs nothing.

        Args:
            principal: The caller.
            dataset: The dataset, which is the caller's.
            query: The query.
            limit: Most results.
            threshold: Least similarity, in [0, 1].
            agent_id: The agent for which it is; empty when it is for none.

        Raises:
            NoCreditsError, ModelUnavailableError: As their sentences say.
        """
        # To write a charge takes as long as a search: nobody waits for it, and those of a while are one write.
        spending = self._credits.spending(
            principal, operation=SEARCH, agent_id=agent_id, key=self._ids.new_id(), settle_later=True
        )
        async with spending as price:
            hits = await self._hits(dataset, query, limit=limit, threshold=threshold)
        return Search(hits, price)

    async def _hits(self, dataset: Dataset, query: str, *, limit: int, threshold: float) -> list[Hit]:
        if not dataset.chunk_count or not dataset.dimension:
            return []
        vector = await self._embedding.query(dataset, query)
        table = await self._store.table(dataset.dimension)
        # Flags are looked at afterwards: as a part of the query they cost a third of its time. Where they leave too
        # little, it is asked again with them.
        everything = Scope(dataset.organization_id, dataset_ids=[dataset.id], live=None)
        seen = Scope(dataset.organization_id, dataset_ids=[dataset.id], available=True, searched=True)
        total, k = dataset.chunk_count + dataset.search_surplus, limit + SPARE
        found = await nearest(table, everything, vector, k=k, total=total)
        best = self._best(found, threshold)
        if len(best) < limit and len(found) == k and found[-1][1] >= threshold:
            best = self._best(await nearest(table, seen, vector, k=k, total=total), threshold)
        chosen = list(best.items())[:limit]
        parents = await _parents(table, dataset, [key for key, (chunk, _, _) in chosen if chunk.parent_id])
        hits = []
        for key, (chunk, similarity, document) in chosen:
            shown = parents.get(key) if chunk.parent_id else chunk
            if shown is not None:
                hits.append(_hit(shown, document, similarity))
        return hits

    def _best(self, found: Sequence[tuple[Chunk, float]], threshold: float) -> dict[str, tuple[Chunk, float, Document]]:
        """Return what may be shown of the nearest chunks by what is shown of it, its parent or itself, best first."""
        best: dict[str, tuple[Chunk, float, Document]] = {}
        for chunk, cosine in found:
            similarity = min(max(cosine, 0.0), 1.0)
            document = self._entities.get(Document, chunk.document_id)
            is_seen = chunk.live and chunk.available and not chunk.is_parent
            # What a document without chunks still has in the table is on its way out.
            if is_seen and similarity >= threshold and document is not None and document.chunk_count:
                best.setdefault(chunk.parent_id or chunk.id, (chunk, similarity, document))
        return best


async def _parents(table: ChunkTable, dataset: Dataset, ids: list[str]) -> dict[str, Chunk]:
    if not ids:
        return {}
    found = await table.by_ids(Scope(dataset.organization_id, available=True), ids)
    return {chunk.id: chunk for chunk in found}


def _hit(chunk: Chunk, document: Document, similarity: float) -> Hit:
    is_pair = chunk.kind == CHUNK_KIND_QA
    pair = pair_of(chunk) if is_pair else text_as_pair(chunk, document)
    return Hit(chunk.id, pair, similarity, is_pair, SOURCES[document.kind])


def text_as_pair(chunk: Chunk, document: Document) -> Pair:
    """Return a piece of text as if it answered: to the headings above it, or else to the name of its document."""
    return Pair(" > ".join(chunk.headings) or display_name(document), chunk.content)
