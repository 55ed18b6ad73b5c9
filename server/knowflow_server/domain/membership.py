"""Who belongs to which organization, by user; organizations themselves know their members from the store."""

from __future__ import annotations

from knowflow.store.v1.member_pb2 import Member
from knowflow_server.store.entities import EntityStore


class Memberships:
    """The organizations of every user, kept up to date with every commit."""

    def __init__(self, entities: EntityStore) -> None:
        self._by_user: dict[str, dict[str, Member]] = {}
        self._users: dict[str, tuple[str, str]] = {}
        for member in entities.all(Member):
            self._changed(member.id, member)
        entities.subscribe(Member, self._changed)

    def of(self, user_id: str, organization_id: str) -> Member | None:
        """Return what a user is in an organization, read-only, or None."""
        return self._by_user.get(user_id, {}).get(organization_id)

    def all(self, user_id: str) -> list[Member]:
        """Return the memberships of a user, the first one first, read-only."""
        return sorted(self._by_user.get(user_id, {}).values(), key=lambda member: (member.created_at, member.id))

    def first(self, user_id: str) -> str:
        """Return the organization which a user joined first; empty when there is none."""
        found = self.all(user_id)
        return found[0].organization_id if found else ""

    def _changed(self, identifier: str, member: Member | None) -> None:
        if member is None:
            user_id, organization_id = self._users.pop(identifier, ("", ""))
            self._by_user.get(user_id, {}).pop(organization_id, None)
            if not self._by_user.get(user_id):
                self._by_user.pop(user_id, None)
            return
        self._users[identifier] = (member.user_id, member.organization_id)
        self._by_user.setdefault(member.user_id, {})[member.organization_id] = member
