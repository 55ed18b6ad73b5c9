"""Yes and no, which callers of this surface write as `1` and `0` as well as `true` and `false`."""

from __future__ import annotations

import json
from typing import Any

from knowflow_server.domain import free_json
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.errors.base import InvalidArgumentError

MEANINGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": None}


def flag(request: Any, name: str, *, where: str = "") -> bool | None:
    """Return what a field of type Value says; None when it is absent, null or an empty text.

    Args:
        request: The message.
        name: The field.
        where: Where the message stands in the request, for the error. Example: `variants.0.`.

    Raises:
        InvalidArgumentError: It says neither yes nor no.
    """
    value = getattr(request, name)
    match value.WhichOneof("kind"):
        case "bool_value":
            return bool(value.bool_value)
        case "number_value" if value.number_value in (0, 1):
            return bool(value.number_value)
        case "string_value" if value.string_value.casefold() in MEANINGS:
            return MEANINGS[value.string_value.casefold()]
        case None | "null_value":
            return None
    path = where + name
    given = free_json.whole(free_json.values(value, path))
    shown = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    raise InvalidArgumentError(field_sentence(path, "Input should be 1, 0, true or false", shown), field=path)
