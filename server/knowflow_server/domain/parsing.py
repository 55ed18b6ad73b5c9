"""One parse: from the file of a document to its chunks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk, Position
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain import parser_config
from knowflow_server.domain.analysis import index_words
from knowflow_server.domain.board import Board
from knowflow_server.domain.chunk import chunk_id
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.graph.config import graph_config
from knowflow_server.domain.ingest.pipeline import ChunkDraft
from knowflow_server.domain.ports import Clock, ParseWorkers
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.filters import Scope

# Reading and cutting take little of the time; the bar must not stand at its end while the rest is embedded.
LAST_PERCENT = 99.0
# Where the bar stands when a graph step follows.
GRAPH_PERCENT = 80.0


class Parser:
    """Turns documents into hidden chunks; who calls it makes them visible or removes them.

    Args:
        blobs: Where the files are.
        store: Where the chunks go.
        embedding: Makes the vectors.
        workers: Read and cut files, in processes of their own.
        board: Is told of each step.
        clock: The time.
        folder: Where a file lies while it is being read.
    """

    def __init__(
        self,
        blobs: LanceBlobStore,
        store: ChunkStore,
        embedding: Embedding,
        workers: ParseWorkers,
        board: Board,
        clock: Clock,
        folder: Path,
    ) -> None:
        self._blobs = blobs
        self._store = store
        self._embedding = embedding
        self._workers = workers
        self._board = board
        self._clock = clock
        self._folder = folder

    async def parse(self, job: Job, dataset: Dataset, document: Document) -> tuple[int, int]:
        """Write the chunks of a document.

        Returns the dimension of their vectors, 0 when it is unknown, and the number of their tokens. Chunks which an
        earlier attempt of the same job wrote are kept, and texts which the document had before keep their vectors.

        Raises:
            IngestError: The file cannot be parsed; its sentence says why.
            ModelUnavailableError, EmbeddingModelUnsupportedError, StoreUnavailableError: As their sentences say.
        """
        config = parser_config.plain(document.parser_config) if document.HasField("parser_config") else {}
        last = LAST_PERCENT if graph_config(document) is None else GRAPH_PERCENT
        writer = _Writer(self, job, dataset, document)
        async with self._file(job, document) as path:
            items = self._workers.parse(path, name=document.name, method=document.chunk_method, config=config)
            async with aclosing(items), writer:
                async for item in items:
                    if isinstance(item, Sequence):
                        await writer.write(item)
                    else:
                        self._board.post(document.id, percent=min(100 * item.fraction, last), line=item.message)
        return writer.dimension, writer.tokens

    @asynccontextmanager
    async def _file(self, job: Job, document: Document) -> AsyncIterator[Path]:
        """Have the file of a document on disk, for as long as a worker reads it."""
        path = self._folder / f"{job.id}{PurePath(document.name).suffix}"
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("wb") as file:
                async with aclosing(self._blobs.read(document.blob_id)) as pieces:
                    async for piece in pieces:
                        await asyncio.to_thread(file.write, piece)
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def known(
        self, table: ChunkTable, document: Document, generation: str
    ) -> tuple[set[str], dict[str, NDArray[np.float32]]]:
        """Return the ids which this generation has written already, and the vectors of all texts of the document."""
        rows = await table.vectors(Scope(document.organization_id, document_ids=[document.id], live=None))
        written = {chunk.id for chunk, _ in rows if chunk.generation == generation}
        return written, {chunk.content: vector for chunk, vector in rows}

    async def vectors(
        self, dataset: Dataset, texts: Sequence[str], known: dict[str, NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Return the vectors of texts, shape (len(texts), d), embedding only what is not known."""
        new = list(dict.fromkeys(text for text in texts if text not in known))
        fresh = dict(zip(new, await self._embedding.texts(dataset, new), strict=True)) if new else {}
        return np.stack([fresh[text] if text in fresh else known[text] for text in texts])

    async def table(self, dimension: int) -> ChunkTable:
        """Return the table for vectors of a dimension."""
        return await self._store.table(dimension)

    def now(self) -> int:
        """Return the present time in microseconds since 1970."""
        return microseconds(self._clock)


class _Writer:
    """Embeds batches of chunks and writes them; one write runs while the next batch is embedded."""

    def __init__(self, parser: Parser, job: Job, dataset: Dataset, document: Document) -> None:
        self._parser = parser
        self._job = job
        self._dataset = dataset
        self._document = document
        self._ordinal = 0
        self._written: set[str] | None = None
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._writing: asyncio.Task[None] | None = None
        self.dimension = dataset.dimension
        self.tokens = 0

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for the last write: none may land after its job has ended."""
        if self._writing is not None:
            results = await asyncio.gather(self._writing, return_exceptions=True)
            if kind is None and isinstance(results[0], BaseException):
                raise results[0]

    async def write(self, drafts: Sequence[ChunkDraft]) -> None:
        """Write a batch of chunks in the order of the text."""
        if self._written is None:
            self._written = set()
            if self.dimension:
                table = await self._parser.table(self.dimension)
                self._written, self._vectors = await self._parser.known(table, self._document, self._job.id)
        # Cutting out the words takes half a millisecond a chunk, and seconds for a chunk that is a whole book.
        drafted = await asyncio.to_thread(lambda: [self._chunk(draft) for draft in drafts])
        chunks = [chunk for chunk in drafted if chunk.id not in self._written]
        if not chunks:
            return
        vectors = await self._parser.vectors(self._dataset, [chunk.content for chunk in chunks], self._vectors)
        self.dimension = vectors.shape[1]
        table = await self._parser.table(self.dimension)
        if self._writing is not None:
            await self._writing
        self._writing = asyncio.create_task(table.upsert(chunks, vectors))

    def _chunk(self, draft: ChunkDraft) -> Chunk:
        ordinal = self._ordinal
        self._ordinal += 1
        self.tokens += draft.token_count
        now = self._parser.now()
        return Chunk(
            id=chunk_id(self._job.id, str(ordinal), draft.content),
            organization_id=self._document.organization_id,
            dataset_id=self._document.dataset_id,
            document_id=self._document.id,
            generation=self._job.id,
            live=False,
            available=True,
            ordinal=ordinal,
            content=draft.content,
            tokens=index_words(draft.content, *draft.headings, *draft.keywords, *draft.questions),
            important_keywords=draft.keywords,
            questions=draft.questions,
            positions=[Position(values=position) for position in draft.positions],
            page_number=draft.page_number,
            token_count=draft.token_count,
            created_at=now,
            updated_at=now,
        )


def remove_leftovers(folder: Path) -> None:
    """Delete the files which a killed server left while it read them."""
    if folder.is_dir():
        for entry in os.scandir(folder):
            Path(entry.path).unlink(missing_ok=True)
