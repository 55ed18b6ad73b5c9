"""JSON of any shape in requests and answers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from pydantic import ValidationError

from knowflow_server.errors.base import InvalidArgumentError

# Messages inside each other which readers of protobuf accept are 100; an answer has some around its Structs.
LEVELS = 96
LEVELS_OF_OBJECT = 3
LEVELS_OF_LIST = 2
# What the library calls by names of Python.
KINDS = {
    "tuple_type": "Input should be a valid list",
    "model_type": "Input should be a valid object",
    "model_attributes_type": "Input should be a valid object",
    "dict_type": "Input should be a valid object",
    "mapping_type": "Input should be a valid object",
}
# Larger integers are no floats, which all numbers of JSON are here.
FLOAT_BITS = 1024


def values(message: Message, field: str = "") -> Any:
    """Return the JSON value that a Struct, a Value or a ListValue holds; numbers are floats.

    Args:
        message: The message.
        field: Where it stands in the request, for the error; empty means the whole body.

    Raises:
        InvalidArgumentError: It holds NaN or an infinity, which callers over gRPC can send and JSON cannot say.
    """
    try:
        return json_format.MessageToDict(message)
    except (json_format.SerializeToJsonError, ValueError):
        raise InvalidArgumentError("A number is NaN or infinite, which JSON cannot say.", field=field) from None


def whole(value: Any) -> Any:
    """Return a JSON value whose whole numbers are integers, as whoever wrote it most likely had them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return value


def mistake(error: ValidationError) -> tuple[str, str]:
    """Return where the first mistake in a JSON value is, with dots between the names, and what it is."""
    first = error.errors()[0]
    kind, context = first["type"], first.get("ctx", {})
    message = KINDS.get(kind) or first["msg"].removeprefix("Value error, ")
    if kind == "too_short":
        message = f"List should have at least {context['min_length']} items, not {context['actual_length']}"
    elif kind == "too_long":
        message = f"List should have at most {context['max_length']} items"
    return ".".join(map(str, first["loc"])), message


def struct(given: Mapping[str, Any]) -> Struct:
    """Return values that were made by models, tools and callers as a message which every client can read.

    What JSON or protobuf cannot say is shown as near as possible: NaN and infinities as null, halves of characters as
    question marks, values nested too deeply, numbers too large and other things as text.
    """
    message = Struct()
    message.update({str(name): _carried(value, LEVELS - LEVELS_OF_OBJECT) for name, value in given.items()})
    return message


def _carried(value: Any, levels: int) -> Any:
    if isinstance(value, Mapping) and levels >= LEVELS_OF_OBJECT:
        return {_text(name): _carried(item, levels - LEVELS_OF_OBJECT) for name, item in value.items()}
    if isinstance(value, list | tuple) and levels >= LEVELS_OF_LIST:
        return [_carried(item, levels - LEVELS_OF_LIST) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or (isinstance(value, int) and value.bit_length() < FLOAT_BITS):
        return value
    return _text(value)


def _text(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        text = "…"
    return text.encode(errors="replace").decode()
