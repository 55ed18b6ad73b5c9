"""One parse: from the file of a document to its chunks."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk, Position
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain import parser_config
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.family import Family, chunk_id
from knowflow_server.domain.graph.config import graph_config
from knowflow_server.domain.indexing import Indexing, recipe
from knowflow_server.domain.ingest.layout import Layout
from knowflow_server.domain.ingest.pipeline import ChunkDraft
from knowflow_server.domain.labelling import Labelling
from knowflow_server.domain.layouts import Layouts
from knowflow_server.domain.on_disk import on_disk
from knowflow_server.domain.ports import Clock, ParseWorkers
from knowflow_server.domain.tags import TagIndex, kept
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.filters import Scope

# Reading and cutting take little of the time; the bar must not stand at its end while the rest is embedded.
LAST_PERCENT = 99.0
NO_TAGS = "they are not there, or use another embedding model."
# Share of the bar for the work of a layout service.
RECOGNIZED = 0.5
# Where the bar stands when a graph step follows.
GRAPH_PERCENT = 80.0


class Parser:
    """Turns documents into hidden chunks; who calls it makes them visible or removes them.

    Args:
        blobs: Where the files are.
        store: Where the chunks go.
        indexing: Makes the vectors, and labels chunks with tags.
        labelling: Asks a model for keywords and questions, where one is named.
        workers: Read and cut files, in processes of their own.
        layouts: Layout services.
        board: Is told of each step.
        clock: The time.
        folder: Where a file lies while it is being read.
    """

    def __init__(
        self,
        blobs: LanceBlobStore,
        store: ChunkStore,
        indexing: Indexing,
        labelling: Labelling,
        workers: ParseWorkers,
        layouts: Layouts,
        board: Board,
        clock: Clock,
        folder: Path,
    ) -> None:
        self._blobs = blobs
        self._store = store
        self.indexing = indexing
        self.labelling = labelling
        self._workers = workers
        self._layouts = layouts
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
        config = parser_config.plain(document.parser_config)
        writer = _Writer(self, job, dataset, document)
        async with self._file(job, document) as path:
            answer = path.with_name(f"{job.id}.layout")
            layout = await self._layout(document, path, config, answer)
            done = 0.0 if layout is None else RECOGNIZED
            asked = self.labelling.worker_config(config)
            items = self._workers.parse(
                path, name=document.name, method=document.chunk_method, config=asked, layout=layout
            )
            async with aclosing(items), writer:
                async for item in items:
                    if isinstance(item, Sequence):
                        await writer.write(item)
                    else:
                        self._post(document, done + (1 - done) * item.fraction, item.message)
        return writer.dimension, writer.tokens

    def is_remote(self, document: Document) -> bool:
        """Return True when a layout service will be asked for a document."""
        return self._layouts.serves(document.name, parser_config.plain(document.parser_config))

    def _post(self, document: Document, fraction: float, line: str) -> None:
        last = LAST_PERCENT if graph_config(document) is None else GRAPH_PERCENT
        self._board.post(document.id, percent=min(100 * fraction, last), line=line)

    async def _layout(self, document: Document, path: Path, config: Mapping[str, Any], answer: Path) -> Layout | None:
        """Return what the layout service of the document's configuration finds, None where the built-in one serves."""
        layout = None
        found = self._layouts.recognize(path, name=document.name, config=config, answer=answer)
        async with aclosing(found):
            async for item in found:
                if isinstance(item, Layout):
                    layout = item
                else:
                    self._post(document, RECOGNIZED * item.fraction, item.message)
        return layout

    @asynccontextmanager
    async def _file(self, job: Job, document: Document) -> AsyncIterator[Path]:
        """Have the file of a document on disk, for as long as a worker reads it."""
        name = f"{job.id}{PurePath(document.name).suffix}"
        try:
            async with on_disk(self._folder, name, self._blobs.read(document.blob_id)) as path:
                yield path
        finally:
            (self._folder / f"{job.id}.layout").unlink(missing_ok=True)

    async def known(
        self, table: ChunkTable, document: Document, generation: str
    ) -> tuple[set[str], dict[str, NDArray[np.float32]]]:
        """Return the ids which this generation has written already, and the vectors of all texts of the document.

        A vector which holds something else beside its text than it would now is left out, and so are those of parents.
        """
        rows = await table.vectors(Scope(document.organization_id, document_ids=[document.id], live=None))
        written = {chunk.id for chunk, _ in rows if chunk.generation == generation}
        present = recipe(document)
        usable = (row for row in rows if not row[0].is_parent and row[0].vector_recipe == present)
        return written, {chunk.content: vector for chunk, vector in usable}

    async def vectors(
        self, dataset: Dataset, document: Document, texts: Sequence[str], known: dict[str, NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Return the vectors of texts, shape (len(texts), d), embedding only what is not known."""
        new = list(dict.fromkeys(text for text in texts if text not in known))
        fresh = dict(zip(new, await self.indexing.vectors(dataset, document, new), strict=True)) if new else {}
        return np.stack([fresh[text] if text in fresh else known[text] for text in texts])

    async def table(self, dimension: int) -> ChunkTable:
        """Return the table for vectors of a dimension."""
        return await self._store.table(dimension)

    def tell(self, document: Document, line: str) -> None:
        """Write a line into the progress of a document."""
        self._board.post(document.id, line=line)

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
        self._config = parser_config.plain(document.parser_config)
        self._recipe = recipe(document)
        self._tags: TagIndex | None = None
        self._has_tags = False  # whether it is known if there are tags
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
        new = [(draft, head) for draft in drafts if (head := self._head(draft)).id not in self._written]
        if not new:
            return
        labelled = await self._parser.labelling.label([draft for draft, _ in new], self._config)
        # Cutting out the words takes half a millisecond a chunk, and seconds for a chunk that is a whole book.
        families = await asyncio.to_thread(
            lambda: [_family(draft, head) for draft, (_, head) in zip(labelled, new, strict=True)]
        )
        texts = [chunk.content for family in families for chunk in family.searched]
        vectors = await self._parser.vectors(self._dataset, self._document, texts, self._vectors)
        self.dimension = vectors.shape[1]
        table = await self._parser.table(self.dimension)
        rows, row_vectors = await self._labelled(families, vectors)
        if self._writing is not None:
            await self._writing
        self._writing = asyncio.create_task(table.upsert(rows, row_vectors))

    async def _labelled(
        self, families: Sequence[Family], vectors: NDArray[np.float32]
    ) -> tuple[list[Chunk], NDArray[np.float32]]:
        """Return all chunks of families with their vectors and tags, given the vectors of those which are searched."""
        places = np.cumsum([0, *(len(family.searched) for family in families)])
        parts = [family.row_vectors(vectors[a:b]) for family, (a, b) in zip(families, pairwise(places), strict=True)]
        if not self._has_tags:
            self._has_tags = True
            self._tags = await self._parser.indexing.tags(self._dataset, self._document, self.dimension)
            if self._tags is not None and self._tags.missing:
                self._parser.tell(self._document, f"No tags come from {', '.join(self._tags.missing)}: {NO_TAGS}")
        if self._tags is not None:
            # A parent and its children share their tags; a mean vector stands for all of them.
            found = await self._tags.label(np.stack([part[0] for part in parts]))
            for family, tags in zip(families, found, strict=True):
                for chunk in family.rows:
                    chunk.tag_feas = kept(tags)
        return [chunk for family in families for chunk in family.rows], np.concatenate(parts)

    def _head(self, draft: ChunkDraft) -> Chunk:
        """Return the chunk of a draft, without what takes time to find."""
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
            vector_recipe=self._recipe,
            created_at=now,
            updated_at=now,
        )


def _family(draft: ChunkDraft, head: Chunk) -> Family:
    """Fill in the chunk of a draft, and make those of its children."""
    _fill(head, draft)
    head.fields.update(dict(draft.fields))
    family = Family(head, [Chunk() for _ in draft.children])
    for chunk, child in zip(family.children, draft.children, strict=True):
        _fill(chunk, child)
    family.seal()
    return family


def _fill(chunk: Chunk, draft: ChunkDraft) -> None:
    chunk.content = draft.content
    chunk.headings.extend(draft.headings)
    chunk.important_keywords.extend(draft.keywords)
    chunk.questions.extend(draft.questions)
    chunk.positions.extend(Position(values=position) for position in draft.positions)
    chunk.page_number = draft.page_number
    chunk.token_count = draft.token_count


def remove_leftovers(folder: Path) -> None:
    """Delete the files which a killed server left while it read them."""
    if folder.is_dir():
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink(missing_ok=True)
