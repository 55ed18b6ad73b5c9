"""`knowflow export` and `knowflow import`: a dataset as two Parquet files, which any tool of the field reads."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
from google.protobuf import json_format
from rich.markup import escape

from knowflow.client import ApiError, KnowFlow
from knowflow_server.cli.finding import dataset_named, known_dataset
from knowflow_server.cli.options import counted
from knowflow_server.cli.remote import Remote, remote

DOCUMENTS = pa.schema(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("chunk_method", pa.string()),
        ("parser_config", pa.string()),
        ("meta_fields", pa.string()),
        ("file", pa.large_binary()),
    ]
)
CHUNKS = pa.schema(
    [
        ("id", pa.string()),
        ("document_id", pa.string()),
        ("document_name", pa.string()),
        ("content", pa.large_string()),
        ("important_keywords", pa.list_(pa.string())),
        ("questions", pa.list_(pa.string())),
        ("available", pa.bool_()),
    ]
)
BATCH = 1000


@click.command("export")
@click.argument("dataset")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@remote
def export_dataset(target: Remote, dataset: str, folder: Path) -> None:
    """Write DATASET to FOLDER: documents.parquet with the files, chunks.parquet with the chunks."""
    folder.mkdir(parents=True, exist_ok=True)
    with target.client() as client:
        base = known_dataset(client, dataset)
        counts = {"documents": 0, "chunks": 0}
        with (
            pq.ParquetWriter(folder / "documents.parquet", DOCUMENTS) as documents,
            pq.ParquetWriter(folder / "chunks.parquet", CHUNKS) as chunks,
        ):
            for document in client.documents.list(base.id):
                row = {
                    "id": document.id,
                    "name": document.name,
                    "chunk_method": document.chunk_method,
                    "parser_config": json.dumps(json_format.MessageToDict(document.parser_config)),
                    "meta_fields": json.dumps(json_format.MessageToDict(document.meta_fields)),
                    "file": b"".join(client.documents.download(base.id, document.id)),
                }
                # One row group a document: a file as large as the memory allows does not meet its neighbours there.
                documents.write_table(pa.Table.from_pylist([row], schema=DOCUMENTS))
                counts["documents"] += 1
                for batch in _batches(client, base.id, document.id, document.name):
                    chunks.write_table(pa.Table.from_pylist(batch, schema=CHUNKS))
                    counts["chunks"] += len(batch)
    _say(target, {"dataset": base.name, "folder": str(folder), **counts}, f"{base.name!r} is in {folder}")


def _batches(client: KnowFlow, dataset_id: str, document_id: str, name: str) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for chunk in client.chunks.list(dataset_id, document_id):
        row = {
            "id": chunk.id,
            "document_id": document_id,
            "document_name": name,
            "content": chunk.content,
            "important_keywords": list(chunk.important_keywords),
            "questions": list(chunk.questions),
            "available": chunk.available,
        }
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="Name of the dataset to make; it must be a new one.")
@remote
def import_dataset(target: Remote, folder: Path, dataset: str) -> None:
    """Make a dataset of what `knowflow export` wrote to FOLDER. Chunks come as they are, and are embedded anew."""
    documents, chunks = _opened(folder / "documents.parquet", DOCUMENTS), _opened(folder / "chunks.parquet", CHUNKS)
    with target.client() as client:
        if dataset_named(client, dataset) is not None:
            raise click.ClickException(f"There is a dataset {dataset!r} already; choose another name.")
        base = client.datasets.create(dataset)
        try:
            ids = _import_documents(client, base.id, documents)
            counts = {"documents": len(ids), "chunks": _import_chunks(client, base.id, chunks, ids)}
        except Exception:
            # All or none: the next attempt would find the name taken.
            with suppress(ApiError):
                client.datasets.delete([base.id])
            raise
    _say(target, {"dataset_id": base.id, "dataset": base.name, **counts}, f"{base.name!r} is made")


def _opened(path: Path, schema: pa.Schema) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path)
    except (FileNotFoundError, pa.ArrowInvalid):
        file = None
    if file is None or not set(schema.names) <= set(file.schema_arrow.names):
        raise click.ClickException(f"{path} is none that `knowflow export` wrote; name a folder which it did.")
    return file


def _import_documents(client: KnowFlow, dataset_id: str, parquet: pq.ParquetFile) -> dict[str, str]:
    """Return the ids of the new documents by the old ones."""
    ids: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        for batch in parquet.iter_batches(batch_size=1):
            [row] = batch.to_pylist()
            # Names come from a file: of a path in one only the last part counts.
            file = Path(name) / Path(row["name"]).name
            if not row["file"] and not file.suffix:
                # What was written by hand has no file, all of it is in its chunks.
                file = file.with_suffix(".txt")
            file.write_bytes(row["file"])
            [document] = client.documents.upload(dataset_id, [file])
            file.unlink()
            meta = json.loads(row["meta_fields"])
            config = json.loads(row["parser_config"])
            method = row["chunk_method"]
            client.documents.update(
                dataset_id, document.id, chunk_method=method, parser_config=config or None, meta_fields=meta or None
            )
            ids[row["id"]] = document.id
    return ids


def _import_chunks(client: KnowFlow, dataset_id: str, parquet: pq.ParquetFile, ids: dict[str, str]) -> int:
    count = 0
    for batch in parquet.iter_batches(batch_size=BATCH):
        for row in batch.to_pylist():
            document_id = ids[row["document_id"]]
            chunk_id = client.chunks.create(
                dataset_id,
                document_id,
                row["content"],
                important_keywords=row["important_keywords"] or (),
                questions=row["questions"] or (),
            )
            if not row["available"]:
                client.chunks.update(dataset_id, document_id, chunk_id, available=False)
            count += 1
    return count


def _say(target: Remote, content: dict[str, Any], done: str) -> None:
    if target.as_json:
        target.print_json(content)
    else:
        counts = f"{counted(content['documents'], 'document')}, {counted(content['chunks'], 'chunk')}"
        target.console.print(escape(f"{done}: {counts}."))
