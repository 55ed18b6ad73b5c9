"""The chat model of what names none: the organization's, else the server's."""

from __future__ import annotations

from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.store.entities import EntityStore


def default_chat_model(entities: EntityStore, organization_id: str) -> str:
    """Return the chat model of an organization, `<model>@<provider>`; empty means the server's default."""
    organization = entities.get(Organization, organization_id)
    return organization.default_chat_model if organization is not None else ""
