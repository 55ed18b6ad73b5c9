"""Answers as tables, for notebooks: chunks, documents or datasets in Arrow or pandas. Needs the extra `tables`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def to_arrow(
    messages: Iterable[Message], *, kind: type[Message] | None = None, columns: Sequence[str] | None = None
) -> pa.Table:
    """Return messages as an Arrow table: a row each, and a column for each field, in the order of the proto.

    Numbers, truth values and texts keep their types, lists of them are lists. What is deeper, as `positions` or an
    `explanation`, is JSON text. An optional field which is not set is null.

    Args:
        messages: Of one type; for example what `retrieve` or `chunks.list` returns.
        kind: Their type, which gives an empty table its columns.
        columns: The fields to take, in this order. Default: all.

    Raises:
        TypeError: The messages are of different types.
        KeyError: There is no such field.
        ModuleNotFoundError: The extra `tables` is not installed.
    """
    import pyarrow as pa

    rows = list(messages)
    kinds = {type(row) for row in rows} | ({kind} if kind is not None else set())
    if len(kinds) > 1:
        raise TypeError(
            f"Messages of one type make a table, not of {', '.join(sorted(one.__name__ for one in kinds))}."
        )
    if not kinds:
        return pa.table({})
    descriptor: Any = kinds.pop().DESCRIPTOR
    fields = [descriptor.fields_by_name[name] for name in columns] if columns is not None else descriptor.fields
    arrays = [pa.array([_value(row, field) for row in rows], _type(field)) for field in fields]
    return pa.Table.from_arrays(arrays, names=[field.name for field in fields])


def to_pandas(
    messages: Iterable[Message], *, kind: type[Message] | None = None, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return messages as a DataFrame; arguments, columns and errors as of `to_arrow`."""
    return to_arrow(messages, kind=kind, columns=columns).to_pandas()


def _type(field: FieldDescriptor) -> pa.DataType:
    import pyarrow as pa

    kinds = {
        FieldDescriptor.CPPTYPE_INT32: pa.int32(),
        FieldDescriptor.CPPTYPE_INT64: pa.int64(),
        FieldDescriptor.CPPTYPE_UINT32: pa.uint32(),
        FieldDescriptor.CPPTYPE_UINT64: pa.uint64(),
        FieldDescriptor.CPPTYPE_DOUBLE: pa.float64(),
        FieldDescriptor.CPPTYPE_FLOAT: pa.float32(),
        FieldDescriptor.CPPTYPE_BOOL: pa.bool_(),
        FieldDescriptor.CPPTYPE_ENUM: pa.int32(),
        FieldDescriptor.CPPTYPE_STRING: pa.binary() if field.type == FieldDescriptor.TYPE_BYTES else pa.string(),
    }
    if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        return pa.string()
    one = kinds[field.cpp_type]
    return pa.list_(one) if field.is_repeated else one


def _value(message: Message, field: FieldDescriptor) -> Any:
    if field.has_presence and not message.HasField(field.name):
        return None
    value = getattr(message, field.name)
    if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        parent = json_format.MessageToDict(message, preserving_proto_field_name=True)
        return json.dumps(parent.get(field.name, []), ensure_ascii=False)
    return list(value) if field.is_repeated else value
