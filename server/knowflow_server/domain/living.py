"""Organizations that live: a deleted one is kept until nothing is left of what it owned, and counts for nobody."""

from __future__ import annotations

from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


def living(entities: EntityStore | Transaction, organization_id: str) -> Organization | None:
    """Return an organization, read-only; None when there is none, or it is being deleted."""
    organization = entities.get(Organization, organization_id)
    return None if organization is None or organization.deleting else organization
