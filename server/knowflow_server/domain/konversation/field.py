"""User fields, of which subscribers have values, and bot fields, of which chatbots have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from google.protobuf.message import Message

from knowflow.store.v1.flow_field_pb2 import BotField, UserField
from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.field_value import TYPES, canonical
from knowflow_server.domain.konversation.named import Kind, Named
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import FlowFieldNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_FIELDS = 1000
# A field and a value as JSON has it; which of ns and name is given differs by caller.
Assignment = tuple[str, Any]

F = TypeVar("F", bound=Message)


class _Fields(Named[F]):
    """The fields of one kind."""

    def __init__(self, entities: EntityStore, clock: Clock, message: type[F], word: str) -> None:
        kind = Kind(message, word, MAX_FIELDS, lambda name: FlowFieldNotFoundError(kind=word, field=name))
        super().__init__(entities, clock, kind)

    async def define(self, flow: Flow, *, name: str, var_type: str, value: Any = None, description: str = "") -> F:
        """Make a field.

        Args:
            flow: The chatbot.
            name: Its name.
            var_type: One of `TYPES`.
            value: Its value; an example, where subscribers have values of their own.
            description: What it is for.

        Raises:
            FlowNameTakenError, FlowLimitReachedError, FlowFieldValueInvalidError, InvalidArgumentError: As their
                sentences say.
        """
        kind = type_of(var_type)
        text = canonical(kind, value, name=name)
        return await self.create(flow, name=name, type=kind, value=text, description=description)


class UserFields(_Fields[UserField]):
    """The user fields of all chatbots. A deleted field has no values any more: its number is never given again."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        super().__init__(entities, clock, UserField, "user field")


class BotFields(_Fields[BotField]):
    """The bot fields of all chatbots."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        super().__init__(entities, clock, BotField, "bot field")

    async def assign(self, flow: Flow, values: Sequence[Assignment], *, by_name: bool = False) -> Sequence[BotField]:
        """Give fields values, all or none, and return the fields.

        Args:
            flow: The chatbot.
            values: Fields with their values; of a field that comes twice the last value counts.
            by_name: Whether the fields are given by name, else by ns.

        Raises:
            FlowFieldNotFoundError, FlowFieldValueInvalidError: As their sentences say.
        """

        def work(transaction: Transaction) -> list[BotField]:
            changed = []
            for key, value in values:
                find = self.by_name if by_name else self.get
                field = transaction.edit(find(flow, key, entities=transaction))
                field.value = canonical(field.type, value, name=field.name)
                field.updated_at = microseconds(self._clock)
                changed.append(field)
            return changed

        return await self._entities.transact(work)


def type_of(name: str) -> int:
    """Return the type of a name.

    Raises:
        InvalidArgumentError: There is no such type.
    """
    if name not in TYPES:
        raise InvalidArgumentError(f"`var_type` must be one of {', '.join(TYPES)}.", field="var_type")
    return TYPES[name]
