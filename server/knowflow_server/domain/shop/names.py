"""Tags, types and vendors of products: lists of names."""

from __future__ import annotations

from collections.abc import Iterable

from knowflow.store.v1.shop_pb2 import ShopName
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.flow import shown_name
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.place import Place, give_up, next_number
from knowflow_server.errors.shop import ShopNameNotFoundError, ShopNameTakenError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


def list_id(place: Place, kind: str) -> str:
    """Return the identifier of a list of names. Example: `4345aa0ea1a311f0b45566fc51ac58df.f1.tag`."""
    return f"{place.flow_id}.{kind.removeprefix('product ')}"


def name_of(entities: EntityStore | Transaction, place: Place, kind: str, number: int) -> ShopName | None:
    """Return the name with a number, read-only, or None."""
    return entities.get(ShopName, f"{list_id(place, kind)}.{number}")


def numbers_of(transaction: Transaction, place: Place, kind: str, names: Iterable[str], now: int) -> list[int]:
    """Return the numbers of names, each once; names that are not in the list yet are put in it."""
    found: dict[int, None] = {}
    for name in names:
        holder = transaction.holder(
            ShopName, organization_id=place.organization_id, list_id=list_id(place, kind), name=name
        )
        number = int(holder.rpartition(".")[2]) if holder else _made(transaction, place, kind, name, now).number
        found[number] = None
    return list(found)


def _made(transaction: Transaction, place: Place, kind: str, name: str, now: int) -> ShopName:
    number = next_number(transaction, place, kind, now)
    record = ShopName(
        id=f"{list_id(place, kind)}.{number}",
        organization_id=place.organization_id,
        list_id=list_id(place, kind),
        number=number,
        name=name,
        created_at=now,
        updated_at=now,
    )
    transaction.put(record)
    return record


class ShopNames:
    """One of the three lists of every shop.

    Args:
        entities: Keeps them.
        clock: Tells the time.
        kind: `product tag`, `product type` or `product vendor`.
    """

    def __init__(self, entities: EntityStore, clock: Clock, kind: str) -> None:
        self._entities = entities
        self._clock = clock
        self._kind = kind

    def list(self, place: Place, page: PageRequest, *, part: str = "") -> Page[ShopName]:
        """Return one page of the names which contain a text, oldest first."""
        records = self._entities.children(ShopName, place.organization_id, list_id(place, self._kind))
        return page_of([record for record in records if part.casefold() in record.name.casefold()], page)

    def get(self, place: Place, number: int) -> ShopName:
        """Return a name, read-only.

        Raises:
            ShopNameNotFoundError: It does not exist in the chatbot.
        """
        return self._owned(self._entities, place, number)

    async def create(self, place: Place, name: str) -> ShopName:
        """Put a name in the list and return it.

        Raises:
            InvalidArgumentError, ShopNameTakenError, ShopLimitReachedError: As their sentences say.
        """
        shown = shown_name(name)

        def work(transaction: Transaction) -> ShopName:
            self._check(transaction, place, shown)
            return _made(transaction, place, self._kind, shown, microseconds(self._clock))

        return await self._entities.transact(work)

    async def update(self, place: Place, number: int, name: str | None) -> ShopName:
        """Change a name, for all products that carry it, and return it; None leaves it.

        Raises:
            InvalidArgumentError, ShopNameNotFoundError, ShopNameTakenError: As their sentences say.
        """
        shown = None if name is None else shown_name(name)

        def work(transaction: Transaction) -> ShopName:
            record = transaction.edit(self._owned(transaction, place, number))
            if shown is not None:
                self._check(transaction, place, shown, but=record.id)
                record.name = shown
                record.updated_at = microseconds(self._clock)
            return record

        return await self._entities.transact(work)

    async def delete(self, place: Place, number: int) -> None:
        """Take a name out of the list; products do not carry it any more.

        Raises:
            ShopNameNotFoundError: It does not exist in the chatbot.
        """

        def work(transaction: Transaction) -> None:
            transaction.delete(self._owned(transaction, place, number))
            give_up(transaction, place, self._kind, microseconds(self._clock))

        await self._entities.transact(work)

    def _owned(self, entities: EntityStore | Transaction, place: Place, number: int) -> ShopName:
        record = name_of(entities, place, self._kind, number)
        if record is None:
            raise ShopNameNotFoundError(kind=self._kind, id=number)
        return record

    def _check(self, transaction: Transaction, place: Place, name: str, but: str = "") -> None:
        holder = transaction.holder(
            ShopName, organization_id=place.organization_id, list_id=list_id(place, self._kind), name=name
        )
        if holder not in (None, but):
            raise ShopNameTakenError(kind=self._kind, id=str(holder).rpartition(".")[2])
