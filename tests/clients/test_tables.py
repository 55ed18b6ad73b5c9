"""Answers of the Python client as tables, and the example that draws them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from knowflow.client import KnowFlow
from knowflow.tables import to_arrow, to_pandas
from knowflow.v1.chunk_pb2 import Chunk
from knowflow.v1.dataset_pb2 import Dataset
from knowflow.v1.retrieval_pb2 import RetrievedChunk
from tests.serving import Server

SCRIPT = Path(__file__).parents[2] / "clients" / "python" / "examples" / "map.py"
PNG = b"\x89PNG\r\n"


def test_table_has_a_column_for_each_field_in_the_order_of_the_proto() -> None:
    table = to_arrow([Chunk(id="a", questions=["Why?"], page_number=2, available=True)])
    assert table.column_names == [field.name for field in Chunk.DESCRIPTOR.fields]
    taken = [table.schema.field(name).type for name in ("id", "questions", "page_number", "available")]
    assert taken == [pa.string(), pa.list_(pa.string()), pa.int32(), pa.bool_()]
    assert table.select(["id", "questions"]).to_pylist() == [{"id": "a", "questions": ["Why?"]}]


def test_deeper_values_are_json_and_unset_ones_null() -> None:
    chunk = RetrievedChunk(id="a")
    chunk.positions.add().extend([1, 2.5])
    chunk.tag_feas.update({"sea": 0.5})
    [row] = to_arrow([chunk, RetrievedChunk()], columns=["positions", "tag_feas", "highlight"]).to_pylist()[:1]
    assert (json.loads(row["positions"]), json.loads(row["tag_feas"])) == ([[1, 2.5]], {"sea": 0.5})
    assert row["highlight"] is None
    assert to_arrow([RetrievedChunk()], columns=["positions", "tag_feas"]).to_pylist() == [
        {"positions": "[]", "tag_feas": None}
    ]


def test_empty_answer_has_the_columns_of_its_kind() -> None:
    assert to_arrow([]).num_columns == 0
    assert list(to_pandas([], kind=Chunk, columns=["id", "token_count"]).columns) == ["id", "token_count"]


def test_messages_of_two_types_make_no_table() -> None:
    with pytest.raises(TypeError, match="not of Chunk, Dataset"):
        to_arrow([Chunk(), Dataset()])
    with pytest.raises(KeyError, match="nothing"):
        to_arrow([Chunk()], columns=["nothing"])


def test_map_of_cosines_is_the_principal_component_analysis_of_the_vectors() -> None:
    spec = util.spec_from_file_location("drawn_map", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vectors = np.random.default_rng(7).normal(size=(12, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    drawn = module.positions(vectors @ vectors.T)
    centred = vectors - vectors.mean(axis=0)
    analysed = centred @ np.linalg.svd(centred)[2][:2].T
    # Axes may point the other way.
    np.testing.assert_allclose(np.abs(drawn), np.abs(analysed), atol=1e-9)
    assert module.positions(np.eye(1)).shape == (1, 2)


def test_example_draws_scores_and_map(server: Server, tmp_path: Path) -> None:
    sea, bread = tmp_path / "sea.md", tmp_path / "bread.md"
    sea.write_text("# Tides\n\nThe moon pulls the sea.\n\n# Waves\n\nWind pushes the sea into waves.\n")
    bread.write_text("# Bread\n\nYeast makes the dough rise.\n")
    with KnowFlow(server.grpc_address, server.key) as client:
        dataset = client.datasets.create("drawn", chunk_method="smart")
        ids = [document.id for document in client.documents.upload(dataset.id, [sea, bread])]
        client.documents.parse(dataset.id, ids)
        parsed = client.documents.wait(dataset.id, ids)
        assert {document.run for document in parsed} == {"DONE"}
    environment = os.environ | {
        "KNOWFLOW_ADDRESS": server.grpc_address,
        "KNOWFLOW_API_KEY": server.key,
        "MPLCONFIGDIR": str(tmp_path),
    }
    command = [sys.executable, str(SCRIPT), "drawn", "What makes dough rise?", "--out", str(tmp_path / "out")]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[1].split()[0] == "bread.md", "the best comes first"
    assert lines[-1].startswith(f"{sum(document.chunk_count for document in parsed)} chunks are on")
    assert all((tmp_path / "out" / name).read_bytes().startswith(PNG) for name in ("scores.png", "map.png"))
    command[2] = "unknown"
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (result.returncode, "There is no dataset 'unknown'." in result.stderr) == (2, True)
