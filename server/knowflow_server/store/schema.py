"""What the protos say about records: tables, columns, indexes and unique rules, read from the descriptors."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from knowflow.options.v1 import options_pb2

# Extensions are typed for messages of their own file only.
RECORD: Any = options_pb2.record
COLUMN: Any = options_pb2.column

# Columns which every table of entities has beside those that records declare.
ENTITY_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("pk", pa.string()),
    ("kind", pa.string()),
    ("rev", pa.int64()),
    ("base_rev", pa.int64()),
    ("deleted", pa.bool_()),
    ("payload", pa.binary()),
)

ARROW_TYPES = {
    FieldDescriptor.CPPTYPE_STRING: pa.string(),
    FieldDescriptor.CPPTYPE_BOOL: pa.bool_(),
    FieldDescriptor.CPPTYPE_INT32: pa.int32(),
    FieldDescriptor.CPPTYPE_ENUM: pa.int32(),
    FieldDescriptor.CPPTYPE_INT64: pa.int64(),
    FieldDescriptor.CPPTYPE_DOUBLE: pa.float64(),
}
# What a field holds that was never set, as SQL of the type of its column.
DEFAULTS = {
    pa.string(): "''",
    pa.bool_(): "false",
    pa.int32(): "cast(0 as int)",
    pa.int64(): "cast(0 as bigint)",
    pa.float64(): "cast(0 as double)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A record field that has a column of its own."""

    name: str
    field: str
    type: pa.DataType
    index: int  # a value of options.v1.Index


@dataclass(frozen=True, slots=True)
class Unique:
    """Fields whose values no two records of one organization share; of the server, for kinds of no organization."""

    fields: tuple[str, ...]
    fold_case: bool

    def key(self, kind: str, record: Any) -> tuple[str, ...]:
        """Return what a record takes possession of; two records with equal keys collide."""
        values = (str(getattr(record, field)) for field in self.fields)
        return (
            kind,
            ",".join(self.fields),
            # Users belong to no organization: their values are unique on the whole server.
            getattr(record, "organization_id", ""),
            *(v.casefold() if self.fold_case else v for v in values),
        )


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """How a record message is kept."""

    message: type[Message]
    table: str
    kind: str
    columns: tuple[Column, ...]
    unique: tuple[Unique, ...]

    def column(self, name: str) -> Column | None:
        """Return the column of a name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def _columns(descriptor: Any) -> Iterable[Column]:
    for field in descriptor.fields:
        options: Any = field.GetOptions().Extensions[COLUMN]
        if options.name:
            yield Column(options.name, field.name, ARROW_TYPES[field.cpp_type], options.index)


def _spec_of(message: type[Message]) -> RecordSpec:
    """Return how a record message is kept.

    Raises:
        TypeError: The message carries no record option.
    """
    options: Any = message.DESCRIPTOR.GetOptions().Extensions[RECORD]
    if not options.table:
        raise TypeError(f"{message.DESCRIPTOR.full_name} is no record: it has no option knowflow.options.v1.record.")
    unique = tuple(Unique(tuple(rule.fields), rule.fold_case) for rule in options.unique)
    return RecordSpec(message, options.table, options.kind, tuple(_columns(message.DESCRIPTOR)), unique)


# Message types are hashable, although their stubs deny it.
spec_of = cast("Callable[[type[Message]], RecordSpec]", cache(_spec_of))


def entity_schema(specs: Iterable[RecordSpec]) -> pa.Schema:
    """Return the Arrow schema of a table which holds several kinds of records: the union of their columns."""
    fields = {name: pa.field(name, kind, nullable=name != "pk") for name, kind in ENTITY_COLUMNS}
    for spec in specs:
        for column in spec.columns:
            fields.setdefault(column.name, pa.field(column.name, column.type))
    return pa.schema(list(fields.values()))


def chunk_schema(spec: RecordSpec, dimension: int) -> pa.Schema:
    """Return the Arrow schema of a table of chunks with vectors of `dimension` float32 components."""
    fields = [pa.field(column.name, column.type, nullable=column.name != "id") for column in spec.columns]
    fields += [pa.field("payload", pa.binary()), pa.field("vector", pa.list_(pa.float32(), dimension))]
    return pa.schema(fields)


def added_columns(spec: RecordSpec, present: pa.Schema) -> dict[str, str]:
    """Return the columns which a table from an earlier version lacks, each with its value for old rows as SQL."""
    missing = [column for column in spec.columns if column.name not in present.names]
    return {column.name: DEFAULTS[column.type] for column in missing}


def fact_schema(spec: RecordSpec) -> pa.Schema:
    """Return the Arrow schema of a table of facts: a column per declared field, and the whole record."""
    fields = [pa.field(column.name, column.type, nullable=column.name != "id") for column in spec.columns]
    return pa.schema([*fields, pa.field("payload", pa.binary())])


def index_columns(specs: Iterable[RecordSpec], index: int) -> list[str]:
    """Return the columns which carry an index of a kind, in a stable order."""
    return sorted({column.name for spec in specs for column in spec.columns if column.index == index})


async def missing_indexes(table: Any, columns: Sequence[str]) -> list[str]:
    """Return the columns without an index: a first start that was cut off may have left a part of them."""
    present = {column for index in await table.list_indices() for column in index.columns}
    return [column for column in columns if column not in present]


@cache
def records_of(table: str) -> tuple[type[Message], ...]:
    """Return the record messages which are kept in a table, in the order of their protos."""
    modules: list[Any] = [importlib.import_module(f"knowflow.store.v1.{name}_pb2") for name in _store_protos()]
    found = [getattr(module, name) for module in modules for name in module.DESCRIPTOR.message_types_by_name]
    return tuple(message for message in found if message.DESCRIPTOR.GetOptions().Extensions[RECORD].table == table)


def _store_protos() -> list[str]:
    packed = resources.files("knowflow").joinpath("descriptors.binpb").read_bytes()
    files = descriptor_pb2.FileDescriptorSet.FromString(packed).file
    return [Path(file.name).stem for file in files if file.package == "knowflow.store.v1"]
