"""Visitors: clients of subscribers of the channel `web`, and the tokens with which they talk as these."""

from __future__ import annotations

import secrets
from hashlib import sha256
from hmac import compare_digest

from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.talk_pb2 import WebVisitor
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.permission import VISITING
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import ApiKeyInvalidError
from knowflow_server.errors.konversation import SubscriberNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

# Tokens begin with this, and then name their subscriber.
PREFIX = "visitor-"


class Visitors:
    """The visitors of all chatbots."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    async def renew(self, subscriber: Subscriber) -> str:
        """Return a new token of a subscriber; older ones end.

        Raises:
            SubscriberNotFoundError: The subscriber was deleted meanwhile, and nothing may be left of it.
        """
        token = f"{PREFIX}{subscriber.id}-{secrets.token_urlsafe(32)}"
        visitor = WebVisitor(
            id=subscriber.id,
            organization_id=subscriber.organization_id,
            token_hash=_hash(token),
            created_at=microseconds(self._clock),
        )

        def work(transaction: Transaction) -> None:
            if transaction.get(Subscriber, subscriber.id) is None:
                raise SubscriberNotFoundError(subscriber=name_of(subscriber))
            transaction.put(visitor)

        await self._entities.transact(work)
        return token

    def token_of(self, subscriber: Subscriber) -> bytes:
        """Return the hash of a subscriber's token; empty when there is none."""
        visitor = self._entities.get(WebVisitor, subscriber.id)
        return b"" if visitor is None else visitor.token_hash

    def authenticate(self, token: str) -> Principal:
        """Return for whom a token acts.

        Raises:
            ApiKeyInvalidError: It is none, or has ended.
        """
        identifier = token.removeprefix(PREFIX).partition("-")[0]
        visitor = self._entities.get(WebVisitor, identifier)
        # Compared in constant time: the name before it is no secret.
        if visitor is None or not compare_digest(visitor.token_hash, _hash(token)):
            raise ApiKeyInvalidError
        return Principal(visitor.organization_id, subscriber_id=visitor.id, permissions=VISITING)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
