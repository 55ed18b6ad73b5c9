"""The outbox: what an organization wants to be told of is written in the transaction that makes it happen.

Conversations and knowledge bases are seen in what a transaction writes, so that no surface and no background job can
forget to tell. Messages are kept in another table; who adds them says so with `said`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.app_pb2 import App
from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.webhook_pb2 import WEBHOOK_DELIVERY_STATE_PENDING, WebhookDelivery, WebhookEndpoint
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.webhook import event as events
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

# What else changes in these records is bookkeeping: progress of a parse, its lease, generations.
DATASET_FIELDS = (
    "name",
    "description",
    "avatar",
    "embedding_model",
    "permission",
    "chunk_method",
    "parser_config",
    "pagerank",
    "document_count",
    "chunk_count",
    "token_count",
)
DOCUMENT_FIELDS = (
    "name",
    "title",
    "notes",
    "url",
    "chunk_method",
    "parser_config",
    "meta_fields",
    "state",
    "chunk_count",
    "token_count",
)


class Outbox:
    """Writes deliveries; a server has one.

    Args:
        entities: Where the endpoints are; transactions of this store are observed.
        clock: The time.
        ids: Identifiers of events and deliveries.
    """

    def __init__(self, entities: EntityStore, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._clock = clock
        self._ids = ids
        # Deliveries of one endpoint are sent in the order of their times, so that no two may be equal.
        self._last = max((delivery.created_at for delivery in entities.all(WebhookDelivery)), default=0)
        entities.observe(self._observe)

    def said(self, transaction: Transaction, messages: Sequence[Message]) -> None:
        """Tell of messages which were added to a conversation."""
        for message in messages:
            if self._wanted(message.organization_id, events.MESSAGE_CREATED):
                session = transaction.get(Session, message.session_id)
                owner = {} if session is None else _owner(transaction, session)
                self.raised(
                    transaction, message.organization_id, events.MESSAGE_CREATED, events.message(message, owner)
                )

    def rewritten(self, transaction: Transaction, document: Document) -> None:
        """Tell of a document whose chunks changed, while no record of it did."""
        dataset = transaction.get(Dataset, document.dataset_id)
        if dataset is not None and self._wanted(dataset.organization_id, events.KNOWLEDGE_BASE_UPDATED):
            data = events.knowledge_base(dataset, "updated", [("updated", document)])
            self.raised(transaction, dataset.organization_id, events.KNOWLEDGE_BASE_UPDATED, data)

    def raised(self, transaction: Transaction, organization_id: str, event: str, data: Mapping[str, Any]) -> None:
        """Tell every endpoint of an organization that wants to know of an event."""
        endpoints = self._wanted(organization_id, event)
        if not endpoints:
            return
        event_id = f"msg_{self._ids.new_id()}"
        now = microseconds(self._clock)
        body = events.body(event, data, at=now)
        for endpoint in endpoints:
            self._last = max(self._last + 1, now)
            transaction.put(
                WebhookDelivery(
                    id=self._ids.new_id(),
                    organization_id=organization_id,
                    endpoint_id=endpoint.id,
                    event_id=event_id,
                    event=event,
                    body=body,
                    state=WEBHOOK_DELIVERY_STATE_PENDING,
                    next_attempt_at=now,
                    created_at=self._last,
                    updated_at=now,
                )
            )

    def _wanted(self, organization_id: str, event: str) -> list[WebhookEndpoint]:
        """Return who wants to know; endpoints that are being changed at this moment count as they were."""
        endpoints = self._entities.children(WebhookEndpoint, organization_id)
        return [endpoint for endpoint in endpoints if event in endpoint.events and not endpoint.disabled]

    def _observe(self, transaction: Transaction) -> None:
        changes = transaction.changes()
        datasets: dict[str, tuple[Dataset | None, Dataset | None]] = {}
        documents: dict[str, list[tuple[str, Document]]] = {}
        for before, after in changes:
            record = after if after is not None else before
            if isinstance(record, Session):
                if before is None and self._wanted(record.organization_id, events.CONVERSATION_CREATED):
                    data = events.conversation(record, _owner(transaction, record))
                    self.raised(transaction, record.organization_id, events.CONVERSATION_CREATED, data)
            elif isinstance(record, Dataset | Document):
                if not self._wanted(record.organization_id, events.KNOWLEDGE_BASE_UPDATED):
                    continue
                if isinstance(record, Dataset):
                    datasets[record.id] = (before, after)
                elif change := _change(before, after, DOCUMENT_FIELDS):
                    documents.setdefault(record.dataset_id, []).append((change, record))
        for dataset_id in dict.fromkeys([*datasets, *documents]):
            self._knowledge_base(transaction, dataset_id, datasets.get(dataset_id), documents.get(dataset_id, []))

    def _knowledge_base(
        self,
        transaction: Transaction,
        dataset_id: str,
        written: tuple[Dataset | None, Dataset | None] | None,
        documents: Sequence[tuple[str, Document]],
    ) -> None:
        if written is None:
            dataset, change = transaction.get(Dataset, dataset_id), ""
        else:
            before, after = written
            dataset, change = after if after is not None else before, _change(before, after, DATASET_FIELDS)
        if dataset is not None and (change or documents):
            data = events.knowledge_base(dataset, change or "updated", documents)
            self.raised(transaction, dataset.organization_id, events.KNOWLEDGE_BASE_UPDATED, data)


def _owner(transaction: Transaction, session: Session) -> dict[str, str]:
    """Return what a conversation is held with: an assistant or an agent, and the app that publishes it."""
    kind = "agent_id" if transaction.get(Agent, session.assistant_id) is not None else "chat_id"
    app = transaction.holder(App, organization_id=session.organization_id, source_id=session.assistant_id)
    return {kind: session.assistant_id} if app is None else {kind: session.assistant_id, "app_id": app}


def _change(before: Any | None, after: Any | None, fields: Iterable[str]) -> str:
    """Return `created`, `updated`, `deleted`, or nothing where no field that counts has another value."""
    if before is None or after is None:
        return "created" if before is None else "deleted"
    return "updated" if any(getattr(before, field) != getattr(after, field) for field in fields) else ""
