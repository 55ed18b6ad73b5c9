"""The audit log: who changed what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from knowflow.store.v1.audit_pb2 import AuditEntry
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.living import living
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import AUDIT, MessageStore

logger = logging.getLogger(__name__)

# Entries are written together, so that no change waits for a second write to the disk.
INTERVAL_S = 0.25
WAITING = 10_000


class Audit:
    """The audit log of all organizations. Entries are on the disk a moment after the change that they tell of."""

    def __init__(self, entities: EntityStore, messages: MessageStore, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._messages = messages
        self._clock = clock
        self._ids = ids
        self._waiting: list[AuditEntry] = []
        self._some = asyncio.Event()
        self._writer = asyncio.create_task(self._run(), name="audit")

    def note(
        self, principal: Principal, action: str, resources: Mapping[str, str], *, request_id: str, address: str
    ) -> None:
        """Have a change written down.

        Args:
            principal: Who made it.
            action: The method.
            resources: The ids which the request named, by field.
            request_id: Name of the call.
            address: Address of the caller.
        """
        if len(self._waiting) >= WAITING:
            logger.error("An entry of the audit log is lost: the store is too slow.", extra={"method": action})
            return
        entry = AuditEntry(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            session_id=AUDIT,
            user_id=principal.user_id,
            api_key_id=principal.api_key_id,
            action=action,
            resources=resources,
            request_id=request_id,
            address=address,
            created_at=microseconds(self._clock),
        )
        self._waiting.append(entry)
        self._some.set()

    async def list(self, principal: Principal, page: PageRequest) -> Page[AuditEntry]:
        """Return one page of the log of the caller's organization, newest first."""
        entries, total = await self._messages.newest(
            AuditEntry, principal.organization_id, AUDIT, offset=page.offset, size=page.size, before=page.after
        )
        return Page(entries, total, page)

    async def close(self) -> None:
        """Write what waits, and stop."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        await self._write()

    async def _run(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(INTERVAL_S)
            await self._write()

    async def _write(self) -> None:
        # Of an organization which was deleted meanwhile nothing is kept.
        entries = [entry for entry in self._waiting if living(self._entities, entry.organization_id) is not None]
        self._waiting = []
        self._some.clear()
        if not entries:
            return
        try:
            await self._messages.add(entries)
        except KnowFlowError:
            logger.exception("Entries of the audit log are lost.", extra={"rows": len(entries)})
