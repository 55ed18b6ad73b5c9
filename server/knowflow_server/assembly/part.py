"""What the surfaces are joined from, and what each of them gives."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from knowflow_server.assembly.knowledge import Common, Knowledge
from knowflow_server.assembly.models import Models
from knowflow_server.assembly.platform import Platform
from knowflow_server.assembly.stores import Stores
from knowflow_server.assembly.webhooks import Hooks
from knowflow_server.domain.credits import Credits
from knowflow_server.domain.organization import Sweep
from knowflow_server.settings import Settings


@dataclass(frozen=True, slots=True)
class Base:
    """What every surface is joined from."""

    settings: Settings
    stores: Stores
    models: Models
    common: Common
    knowledge: Knowledge
    platform: Platform
    hooks: Hooks
    credits: Credits
    # Ends what was started, in reverse order.
    stack: AsyncExitStack


@dataclass(frozen=True, slots=True)
class Part:
    """What a surface adds to the server.

    Args:
        servicers: One for each service of its protos.
        sweeps: Each deletes one kind of what an organization owns, when the organization goes.
    """

    servicers: Sequence[object]
    sweeps: Sequence[Sweep] = ()
