"""Where shops are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.shop_pb2 import ShopLocation
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.place import LOCATION, Place, give_up, next_number
from knowflow_server.errors.shop import LocationNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


class Locations:
    """The locations of all shops; each method acts for one."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def list(self, place: Place, page: PageRequest, *, part: str = "") -> Page[ShopLocation]:
        """Return one page of the locations whose names contain a text, oldest first."""
        found = self._entities.children(ShopLocation, place.organization_id, place.flow_id)
        return page_of([one for one in found if part.casefold() in one.name.casefold()], page)

    def get(self, place: Place, number: int) -> ShopLocation:
        """Return a location, read-only.

        Raises:
            LocationNotFoundError: It does not exist in the chatbot.
        """
        return _owned(self._entities, place, number)

    async def create(self, place: Place, values: Mapping[str, Any]) -> ShopLocation:
        """Make a location and return it.

        Raises:
            ShopLimitReachedError: The shop has too many.
        """

        def work(transaction: Transaction) -> ShopLocation:
            now = microseconds(self._clock)
            number = next_number(transaction, place, LOCATION, now)
            record = ShopLocation(
                id=place.record_id(number),
                organization_id=place.organization_id,
                flow_id=place.flow_id,
                number=number,
                created_at=now,
                updated_at=now,
                **values,
            )
            transaction.put(record)
            return record

        return await self._entities.transact(work)

    async def update(self, place: Place, number: int, values: Mapping[str, Any]) -> ShopLocation:
        """Change a location and return it.

        Raises:
            LocationNotFoundError: It does not exist in the chatbot.
        """

        def work(transaction: Transaction) -> ShopLocation:
            record = transaction.edit(_owned(transaction, place, number))
            for name, value in values.items():
                setattr(record, name, value)
            record.updated_at = microseconds(self._clock)
            return record

        return await self._entities.transact(work)

    async def delete(self, place: Place, number: int) -> None:
        """Delete a location.

        Raises:
            LocationNotFoundError: It does not exist in the chatbot.
        """

        def work(transaction: Transaction) -> None:
            transaction.delete(_owned(transaction, place, number))
            give_up(transaction, place, LOCATION, microseconds(self._clock))

        await self._entities.transact(work)


def _owned(entities: EntityStore | Transaction, place: Place, number: int) -> ShopLocation:
    record = entities.get(ShopLocation, place.record_id(number))
    if record is None:
        raise LocationNotFoundError(location_id=number)
    return record
