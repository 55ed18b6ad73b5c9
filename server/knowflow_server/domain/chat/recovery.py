"""What a killed server left half done in conversations: messages are kept before their session counts them."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence

from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# Sessions read and written together.
BATCH = 100


async def recover_messages(entities: EntityStore, messages: MessageStore, outbox: Outbox) -> None:
    """Count the messages which an earlier server had kept when it was killed, and tell of them."""
    counts = await messages.counts()
    short: defaultdict[str, list[str]] = defaultdict(list)
    for session in entities.all(Session):
        if counts[session.id] > session.message_count:
            short[session.organization_id].append(session.id)
    for organization_id, identifiers in short.items():
        logger.warning("Some sessions lacked messages they had.", extra={"sessions": len(identifiers)})
        for start in range(0, len(identifiers), BATCH):
            said = await messages.of(organization_id, identifiers[start : start + BATCH])
            await entities.transact(lambda transaction, said=said: _count(transaction, said, outbox))  # type: ignore[misc]


def _count(transaction: Transaction, said: dict[str, list[Message]], outbox: Outbox) -> None:
    for session_id, messages in said.items():
        session = transaction.get(Session, session_id)
        if session is not None and len(messages) > session.message_count:
            missing: Sequence[Message] = messages[session.message_count :]
            edited = transaction.edit(session)
            edited.message_count = len(messages)
            edited.updated_at = max(edited.updated_at, missing[-1].created_at)
            outbox.said(transaction, missing)
