"""Webhook endpoints: what their owners may do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowflow.store.v1.webhook_pb2 import (
    WEBHOOK_DELIVERY_STATE_FAILED,
    WEBHOOK_DELIVERY_STATE_PENDING,
    WEBHOOK_DELIVERY_STATE_SUCCEEDED,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.outgoing import OutgoingError
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.sealing import SecretBox
from knowflow_server.domain.webhook import event as events
from knowflow_server.domain.webhook import signature
from knowflow_server.domain.webhook.sending import WebhookSender
from knowflow_server.errors.platform import (
    WebhookDeliveryNotFoundError,
    WebhookDisabledError,
    WebhookLimitReachedError,
    WebhookNotFoundError,
    WebhookUrlRefusedError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_ENDPOINTS = 20
# Secrets that sign at a time: each is a signature in the header.
MAX_SECRETS = 5
OWNER = "owner"
STATES = {
    "pending": WEBHOOK_DELIVERY_STATE_PENDING,
    "succeeded": WEBHOOK_DELIVERY_STATE_SUCCEEDED,
    "failed": WEBHOOK_DELIVERY_STATE_FAILED,
}


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An endpoint with its present secret, as its owner sees it once."""

    endpoint: WebhookEndpoint
    secret: str


def owned_endpoint(entities: EntityStore | Transaction, principal: Principal, endpoint_id: str) -> WebhookEndpoint:
    """Return an endpoint of the caller's organization, read-only.

    Raises:
        WebhookNotFoundError: It does not exist, or belongs to another organization; the two look alike.
    """
    endpoint = entities.get(WebhookEndpoint, endpoint_id)
    if endpoint is None or endpoint.organization_id != principal.organization_id or endpoint.is_callback:
        raise WebhookNotFoundError(webhook_id=endpoint_id)
    return endpoint


class Webhooks:
    """The endpoints of all organizations; each method acts for one caller."""

    def __init__(
        self, entities: EntityStore, sender: WebhookSender, box: SecretBox, clock: Clock, ids: IdSource
    ) -> None:
        self._entities = entities
        self._sender = sender
        self._box = box
        self._clock = clock
        self._ids = ids

    async def create(
        self, principal: Principal, *, url: str, chosen: Sequence[str], description: str = ""
    ) -> Disclosed:
        """Create an endpoint and return it with its secret.

        Args:
            principal: The caller.
            url: Where events go.
            chosen: The events it is told of.
            description: What it is for.

        Raises:
            WebhookUrlRefusedError: Events cannot be sent there.
            WebhookLimitReachedError: The organization has too many.
        """
        await self._check(url)
        now = microseconds(self._clock)
        endpoint = WebhookEndpoint(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            url=url,
            description=description,
            events=chosen,
            created_at=now,
            updated_at=now,
        )
        secret = self._renew(endpoint)

        def work(transaction: Transaction) -> None:
            present = transaction.children(WebhookEndpoint, principal.organization_id)
            if sum(1 for one in present if not one.is_callback) >= MAX_ENDPOINTS:
                raise WebhookLimitReachedError(limit=MAX_ENDPOINTS)
            transaction.put(endpoint)

        await self._entities.transact(work)
        return Disclosed(endpoint, secret)

    def list(self, principal: Principal, page: PageRequest) -> Page[WebhookEndpoint]:
        """Return one page of the caller's endpoints, newest first."""
        found = self._entities.children(WebhookEndpoint, principal.organization_id)[::-1]
        return page_of([endpoint for endpoint in found if not endpoint.is_callback], page)

    def get(self, principal: Principal, endpoint_id: str) -> WebhookEndpoint:
        """Return an endpoint, read-only.

        Raises:
            WebhookNotFoundError: It does not exist for the caller.
        """
        return owned_endpoint(self._entities, principal, endpoint_id)

    async def update(
        self,
        principal: Principal,
        endpoint_id: str,
        *,
        chosen: Sequence[str] = (),
        disabled: bool | None = None,
        **changes: str,
    ) -> WebhookEndpoint:
        """Change an endpoint and return it.

        Args:
            principal: The caller.
            endpoint_id: The endpoint.
            chosen: The events it is told of; empty leaves them.
            disabled: Whether nothing is sent; None leaves that.
            changes: New values of url, description.

        Raises:
            WebhookNotFoundError, WebhookUrlRefusedError: As their sentences say.
        """
        owned_endpoint(self._entities, principal, endpoint_id)
        if "url" in changes:
            await self._check(changes["url"])

        def work(transaction: Transaction) -> WebhookEndpoint:
            endpoint = transaction.edit(owned_endpoint(transaction, principal, endpoint_id))
            for field, value in changes.items():
                setattr(endpoint, field, value)
            if chosen:
                endpoint.events[:] = chosen
            if disabled is not None and disabled != endpoint.disabled:
                endpoint.disabled, endpoint.disabled_reason = disabled, OWNER if disabled else ""
                endpoint.failing_since = 0
            endpoint.updated_at = microseconds(self._clock)
            return endpoint

        return await self._entities.transact(work)

    async def delete(self, principal: Principal, endpoint_id: str) -> None:
        """Delete an endpoint with its deliveries; one that is being attempted at this moment may still arrive.

        Raises:
            WebhookNotFoundError: It does not exist for the caller.
        """

        def work(transaction: Transaction) -> None:
            _forget(transaction, owned_endpoint(transaction, principal, endpoint_id))

        await self._entities.transact(work)

    async def delete_all(self, principal: Principal) -> None:
        """Delete all webhooks of an organization, and the callbacks on their way; what waits is not sent."""

        def work(transaction: Transaction) -> None:
            for endpoint in list(transaction.children(WebhookEndpoint, principal.organization_id)):
                _forget(transaction, endpoint)

        await self._entities.transact(work)

    async def rotate(self, principal: Principal, endpoint_id: str, *, overlap_s: int) -> Disclosed:
        """Give an endpoint a new secret and return both; the old one signs beside it for a while.

        Args:
            principal: The caller.
            endpoint_id: The endpoint.
            overlap_s: For how many seconds the old secret signs, too.

        Raises:
            WebhookNotFoundError: It does not exist for the caller.
        """

        def work(transaction: Transaction) -> Disclosed:
            endpoint = transaction.edit(owned_endpoint(transaction, principal, endpoint_id))
            now = microseconds(self._clock)
            until = now + overlap_s * 1_000_000
            old = []
            for secret in endpoint.secrets:
                # One that was to end earlier still does.
                ends = min(secret.expires_at or until, until)
                if ends > now:
                    old.append(WebhookSecret(sealed=secret.sealed, expires_at=ends))
            shown = self._renew(endpoint)
            endpoint.secrets.extend(old[: MAX_SECRETS - 1])
            endpoint.updated_at = now
            return Disclosed(endpoint, shown)

        return await self._entities.transact(work)

    async def test(self, principal: Principal, endpoint_id: str) -> WebhookAttempt:
        """Send a test event and return what came of it; nothing is kept.

        Raises:
            WebhookNotFoundError: It does not exist for the caller.
        """
        endpoint = owned_endpoint(self._entities, principal, endpoint_id)
        data = {"webhook_id": endpoint.id, "events": list(endpoint.events)}
        body = events.body(events.TEST, data, at=microseconds(self._clock))
        return (await self._sender.send(endpoint, f"msg_{self._ids.new_id()}", body)).attempt

    def deliveries(
        self, principal: Principal, endpoint_id: str, page: PageRequest, *, status: str = "", event: str = ""
    ) -> Page[WebhookDelivery]:
        """Return one page of the deliveries of an endpoint, newest first.

        Args:
            principal: The caller.
            endpoint_id: The endpoint.
            page: Which page.
            status: Only those that are `pending`, `succeeded` or `failed`, when not empty.
            event: Only those of an event, when not empty.

        Raises:
            WebhookNotFoundError: It does not exist for the caller.
        """
        endpoint = owned_endpoint(self._entities, principal, endpoint_id)
        found = self._entities.children(WebhookDelivery, endpoint.organization_id, endpoint.id)[::-1]
        wanted: Mapping[str, Any] = {"state": STATES[status]} if status else {}
        wanted = {**wanted, "event": event} if event else wanted
        found = [one for one in found if all(getattr(one, name) == value for name, value in wanted.items())]
        return page_of(found, page)

    def delivery(self, principal: Principal, endpoint_id: str, delivery_id: str) -> WebhookDelivery:
        """Return a delivery, read-only.

        Raises:
            WebhookNotFoundError, WebhookDeliveryNotFoundError: They do not exist for the caller.
        """
        return _delivery(self._entities, owned_endpoint(self._entities, principal, endpoint_id), delivery_id)

    async def retry(self, principal: Principal, endpoint_id: str, delivery_id: str) -> WebhookDelivery:
        """Have an event sent again, whatever came of it before, and return the delivery.

        Raises:
            WebhookNotFoundError, WebhookDeliveryNotFoundError, WebhookDisabledError: As their sentences say.
        """

        def work(transaction: Transaction) -> WebhookDelivery:
            endpoint = owned_endpoint(transaction, principal, endpoint_id)
            present = _delivery(transaction, endpoint, delivery_id)
            if endpoint.disabled:
                raise WebhookDisabledError(webhook_id=endpoint_id)
            if present.lease_owner:
                # It is being sent at this moment.
                return present
            delivery = transaction.edit(present)
            delivery.state, delivery.attempt_count = WEBHOOK_DELIVERY_STATE_PENDING, 0
            delivery.next_attempt_at = delivery.updated_at = microseconds(self._clock)
            return delivery

        return await self._entities.transact(work)

    async def _check(self, url: str) -> None:
        try:
            await self._sender.check(url)
        except OutgoingError as error:
            raise WebhookUrlRefusedError(f"`url` cannot be used: {error.sentence}", field="url") from None

    def _renew(self, endpoint: WebhookEndpoint) -> str:
        """Give an endpoint a new secret, in place of those it has, and return it as its owner sees it."""
        secret = signature.new_secret()
        del endpoint.secrets[:]
        endpoint.secrets.add(sealed=self._box.seal(secret, owner=endpoint.id))
        return signature.shown(secret)


def _forget(transaction: Transaction, endpoint: WebhookEndpoint) -> None:
    """Delete an endpoint with its deliveries."""
    for delivery in list(transaction.children(WebhookDelivery, endpoint.organization_id, endpoint.id)):
        transaction.delete(delivery)
    transaction.delete(endpoint)


def _delivery(entities: EntityStore | Transaction, endpoint: WebhookEndpoint, delivery_id: str) -> WebhookDelivery:
    delivery = entities.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.endpoint_id != endpoint.id:
        raise WebhookDeliveryNotFoundError(delivery_id=delivery_id)
    return delivery
