"""Health: whether the store takes reads and writes."""

from __future__ import annotations

import asyncio

from knowflow_server.errors.base import KnowFlowError, StoreUnavailableError
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore

TIMEOUT_S = 5.0


class Health:
    """Looks after the store."""

    def __init__(self, database: Database, entities: EntityStore) -> None:
        self._database = database
        self._entities = entities

    async def check(self) -> None:
        """Return when all is well.

        Raises:
            StoreUnavailableError: The store does not take reads or writes; the sentence has the reason.
        """
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await asyncio.to_thread(self._database.writable)
                # An empty transaction shows that the actor lives.
                await self._entities.transact(lambda _: None)
        except KnowFlowError:
            raise
        except TimeoutError:
            raise StoreUnavailableError(
                f"{StoreUnavailableError.template}: no answer within {TIMEOUT_S:.0f} seconds"
            ) from None
        except OSError as error:
            raise StoreUnavailableError(f"{StoreUnavailableError.template}: {error.strerror}") from None
