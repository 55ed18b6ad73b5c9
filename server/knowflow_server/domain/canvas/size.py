"""How much a run may make: what its outputs weigh together, and how long its texts are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowflow_server.domain.canvas.component import ComponentError

# Characters of all outputs of a run, and of one text; they are kept with the session.
MAX_MADE = 32_000_000
# Characters which a run says.
MAX_SAID = 4_000_000
# What an item of a list or an object weighs beside its characters, in characters.
ITEM = 16


def weight(value: Any) -> int:
    """Return the characters of a value; counting ends soon after more than `MAX_MADE`.

    What lists hold several times counts several times, as it does when it is written down.
    """
    total, rest = 0, [value]
    while rest and total <= MAX_MADE:
        item = rest.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, Mapping):
            total += sum(map(len, map(str, item)))
            rest.extend(item.values())
        elif isinstance(item, list | tuple):
            rest.extend(item)
        total += ITEM
    return total


def refuse_above(made: int, most: int = MAX_MADE) -> None:
    """Refuse to go on beyond a limit.

    Raises:
        ComponentError: Too much was made.
    """
    if made > most:
        raise ComponentError(f"It makes too much: the limit is {most:,} characters.")
