"""Draws a dataset: what a question finds, as a chart of scores, and the whole dataset as a map of its chunks.

    pip install '.[tables]' 'matplotlib==3.11.*'
    python clients/python/examples/map.py DATASET QUESTION [--out FOLDER]

KNOWFLOW_ADDRESS and KNOWFLOW_API_KEY say which server. The server gives no vectors away, but a search with the text of
a chunk, by meaning alone, gives the cosine of this chunk and each other one. The map is the classical scaling of these
cosines (Torgerson 1952): for vectors of length one, what a principal component analysis of the vectors would draw.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd

from knowflow.client import KnowFlow
from knowflow.tables import to_pandas
from knowflow.v1.chunk_pb2 import Chunk
from knowflow.v1.retrieval_pb2 import RetrievedChunk

mpl.use("Agg")  # Into files, without a screen.
from matplotlib import pyplot as plt

FOUND = ["document_name", "content", "similarity", "vector_similarity", "term_similarity"]
# Each chunk is a search.
MOST_CHUNKS = 300
# What a search may return at once.
MOST_FOUND = 1000


def chunks_of(client: KnowFlow, dataset_id: str) -> pd.DataFrame:
    """Return the chunks of a dataset, at most `MOST_CHUNKS` of them: a row each."""
    chunks: list[Chunk] = []
    names: list[str] = []
    for document in client.documents.list(dataset_id):
        for chunk in client.chunks.list(dataset_id, document.id):
            if len(chunks) < MOST_CHUNKS:
                chunks.append(chunk)
                names.append(document.name)
    return to_pandas(chunks, kind=Chunk, columns=["id", "content", "token_count"]).assign(document=names)


def similarities(client: KnowFlow, dataset_id: str, chunks: pd.DataFrame) -> np.ndarray:
    """Return the cosines between chunks.

    Returns:
        Shape (n, n), float64, in [0, 1]: what is below zero is not found, and counts as zero.
    """
    place = {chunk_id: number for number, chunk_id in enumerate(chunks["id"])}
    matrix = np.eye(len(chunks))
    for row, content in enumerate(chunks["content"]):
        found = client.retrieve(
            content, dataset_ids=[dataset_id], top=MOST_FOUND, similarity_threshold=0.0, vector_similarity_weight=1.0
        )
        for chunk in found:
            if chunk.id in place:
                matrix[row, place[chunk.id]] = chunk.vector_similarity
    return (matrix + matrix.T) / 2


def positions(cosines: np.ndarray) -> np.ndarray:
    """Return where the chunks stand on the map: classical scaling.

    Args:
        cosines: Shape (n, n), symmetric.

    Returns:
        Shape (n, 2), float64; distances on the map are at most those of the vectors.
    """
    centred = cosines - cosines.mean(axis=0) - cosines.mean(axis=1, keepdims=True) + cosines.mean()
    values, vectors = np.linalg.eigh(centred)
    largest = np.argsort(values)[::-1][:2]
    made = np.zeros((len(cosines), 2))
    made[:, : len(largest)] = vectors[:, largest] * np.sqrt(np.maximum(values[largest], 0))
    return made


def draw_scores(found: pd.DataFrame, question: str, path: Path) -> None:
    """Draw the scores of what a question found, best first."""
    labels = [f"{row.document_name}: {' '.join(row.content.split())[:40]}" for row in found.itertuples()]
    figure, axes = plt.subplots(figsize=(9, 1.5 + 0.5 * len(found)), layout="constrained")
    lines = np.arange(len(found))
    for shift, name in enumerate(("similarity", "vector_similarity", "term_similarity")):
        axes.barh(lines + 0.25 * shift, found[name], height=0.25, label=name.replace("_", " "))
    axes.set_yticks(lines + 0.25, labels)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), xlabel="similarity, 0 to 1; higher is closer", title=question)
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


def draw_map(chunks: pd.DataFrame, path: Path) -> None:
    """Draw the chunks where they stand, a colour for each document."""
    figure, axes = plt.subplots(figsize=(9, 7), layout="constrained")
    for name, part in chunks.groupby("document"):
        axes.scatter(part["x"], part["y"], label=name)
    for row in chunks.head(40).itertuples():
        axes.annotate(
            " ".join(row.content.split())[:24], (row.x, row.y), (5, 3), textcoords="offset points", fontsize=7
        )
    axes.set(title="Chunks, near where they mean alike")
    axes.set_aspect("equal", adjustable="datalim")
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


def main() -> None:
    """Draw what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", help="name of the dataset")
    parser.add_argument("question")
    parser.add_argument("--out", type=Path, default=Path(), help="where scores.png and map.png go")
    given = parser.parse_args()
    with KnowFlow() as client:
        dataset = next((one for one in client.datasets.list() if one.name == given.dataset), None)
        if dataset is None:
            parser.error(f"There is no dataset {given.dataset!r}.")
        found = to_pandas(
            client.retrieve(given.question, dataset_ids=[dataset.id], similarity_threshold=0.0),
            kind=RetrievedChunk,
            columns=FOUND,
        )
        chunks = chunks_of(client, dataset.id)
        if chunks.empty:
            parser.error(f"{given.dataset!r} has no chunks yet: have its documents parsed.")
        chunks[["x", "y"]] = positions(similarities(client, dataset.id, chunks))
    given.out.mkdir(parents=True, exist_ok=True)
    print(found.drop(columns="content").to_string(index=False))
    draw_scores(found, given.question, given.out / "scores.png")
    draw_map(chunks, given.out / "map.png")
    drawn = "1 chunk is" if len(chunks) == 1 else f"{len(chunks)} chunks are"
    print(f"{drawn} on {given.out / 'map.png'}, the scores on {given.out / 'scores.png'}.")


if __name__ == "__main__":
    main()
