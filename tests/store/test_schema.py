"""Tables come from the protos: columns, indexes and unique rules are read from descriptors."""

from __future__ import annotations

import pyarrow as pa
import pytest
from google.protobuf.struct_pb2 import Struct

from knowflow.options.v1 import options_pb2
from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.store.entities import MESSAGES, TABLE
from knowflow_server.store.schema import chunk_schema, entity_schema, index_columns, spec_of


def test_spec_of_dataset_is_what_its_proto_says() -> None:
    spec = spec_of(Dataset)
    assert (spec.table, spec.kind) == ("entities", "dataset")
    assert [(column.name, column.field) for column in spec.columns] == [
        ("organization", "organization_id"),
        ("name", "name"),
        ("created_at", "created_at"),
        ("updated_at", "updated_at"),
    ]
    assert [(rule.fields, rule.fold_case) for rule in spec.unique] == [(("name",), True)]


def test_spec_of_document_names_are_unique_in_their_dataset_with_regard_to_case() -> None:
    assert [(rule.fields, rule.fold_case) for rule in spec_of(Document).unique] == [(("dataset_id", "name"), False)]


def test_spec_of_a_message_without_record_option_is_an_error() -> None:
    with pytest.raises(TypeError, match="google.protobuf.Struct is no record"):
        spec_of(Struct)


def test_column_of_an_unknown_name_is_none() -> None:
    assert spec_of(Dataset).column("payload") is None


def test_entity_schema_is_the_union_of_all_columns() -> None:
    schema = entity_schema(map(spec_of, MESSAGES))
    assert schema.field("pk") == pa.field("pk", pa.string(), nullable=False)
    assert schema.field("payload").type == pa.binary()
    assert schema.field("created_at").type == pa.int64()
    declared = {column.name for message in MESSAGES for column in spec_of(message).columns}
    assert declared <= set(schema.names)
    assert len(schema.names) == len(set(schema.names))


def test_entity_messages_all_live_in_the_table_and_differ_in_kind() -> None:
    specs = [spec_of(message) for message in MESSAGES]
    assert {spec.table for spec in specs} == {TABLE}
    assert len({spec.kind for spec in specs}) == len(specs)


def test_chunk_schema_has_the_vector_of_its_dimension() -> None:
    schema = chunk_schema(spec_of(Chunk), 384)
    assert schema.field("vector").type == pa.list_(pa.float32(), 384)
    assert schema.field("id") == pa.field("id", pa.string(), nullable=False)
    assert schema.field("live").type == pa.bool_()


def test_index_columns_of_chunks() -> None:
    specs = [spec_of(Chunk)]
    assert index_columns(specs, options_pb2.INDEX_BTREE) == ["dataset", "document", "id", "organization", "parent"]
    assert index_columns(specs, options_pb2.INDEX_FULL_TEXT) == ["tokens"]


@pytest.mark.parametrize("column", ["pk", "kind", "rev", "base_rev", "deleted", "payload"])
def test_records_do_not_claim_the_store_s_own_columns(column: str) -> None:
    assert all(spec_of(message).column(column) is None for message in MESSAGES)


def test_unique_key_folds_case_only_where_it_is_asked_for() -> None:
    (by_name,) = spec_of(Dataset).unique
    upper, lower = (Dataset(organization_id="o", name=name) for name in ("STRASSE", "straße"))
    assert by_name.key("dataset", upper) == by_name.key("dataset", lower)
    (in_dataset,) = spec_of(Document).unique
    upper, lower = (Document(organization_id="o", dataset_id="d", name=name) for name in ("A.txt", "a.txt"))
    assert in_dataset.key("document", upper) != in_dataset.key("document", lower)
