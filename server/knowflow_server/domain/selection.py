"""Lists of ids as callers give them: absent, null, empty, or full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Value

from knowflow_server.domain import free_json
from knowflow_server.errors.base import InvalidArgumentError

# One call holds the event loop while it looks at its ids.
MAX_IDS = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which things a call is about.

    Args:
        given: Whether the field was there at all.
        everything: Whether it was there and null.
        ids: The ids, without repetition, in the order given.
        duplicates: Ids that were named more than once.
    """

    given: bool
    everything: bool
    ids: tuple[str, ...]
    duplicates: tuple[str, ...]


def only(identifier: str) -> Selection:
    """Return the selection of one thing."""
    return Selection(given=True, everything=False, ids=(identifier,), duplicates=())


def selection_of(request: Message, field: str) -> Selection:
    """Return which things a field of type `google.protobuf.Value` names.

    Raises:
        InvalidArgumentError: The field is neither null nor a list of texts.
    """
    if not request.HasField(field):
        return Selection(given=False, everything=False, ids=(), duplicates=())
    value: Value = getattr(request, field)
    content: Any = free_json.values(value)
    if content is None:
        return Selection(given=True, everything=True, ids=(), duplicates=())
    if not isinstance(content, list) or not all(isinstance(item, str) for item in content):
        raise InvalidArgumentError(f"`{field}` should be a list of ids", field=field)
    return Selection(
        given=True, everything=False, ids=tuple(dict.fromkeys(content)), duplicates=repeated(content, field)
    )


def repeated(ids: Sequence[str], field: str) -> tuple[str, ...]:
    """Return the ids which a list names more than once, in the order of the list.

    Raises:
        InvalidArgumentError: The list is longer than one call may be about.
    """
    if len(ids) > MAX_IDS:
        raise InvalidArgumentError(f"`{field}` should have at most {MAX_IDS} ids", field=field)
    return tuple(identifier for identifier, number in Counter(ids).items() if number > 1)
