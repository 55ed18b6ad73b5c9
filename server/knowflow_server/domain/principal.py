"""Who calls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one call.

    Args:
        organization_id: The organization for which the caller acts; everything it reads or writes belongs to it.
        api_key_id: The API key it showed.
    """

    organization_id: str
    api_key_id: str
