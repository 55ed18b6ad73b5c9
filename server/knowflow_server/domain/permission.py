"""What callers may do: the permissions of keys by name, and what the roles of members stand for."""

from __future__ import annotations

from collections.abc import Iterable

from knowflow.options.v1 import options_pb2 as options
from knowflow.store.v1.member_pb2 import Role
from knowflow_server.errors.base import InvalidArgumentError

_READ: dict[int, str] = {
    options.PERMISSION_ORGANIZATIONS_READ: "organizations:read",
    options.PERMISSION_KNOWLEDGE_BASES_READ: "knowledge_bases:read",
    options.PERMISSION_APPS_READ: "apps:read",
    options.PERMISSION_CONVERSATIONS_READ: "conversations:read",
}
_CONTENT: dict[int, str] = {
    options.PERMISSION_KNOWLEDGE_BASES_WRITE: "knowledge_bases:write",
    options.PERMISSION_APPS_WRITE: "apps:write",
    options.PERMISSION_CONVERSATIONS_WRITE: "conversations:write",
    options.PERMISSION_MANAGE_FLOW: "manage_flow",
    options.PERMISSION_SEND_MESSAGE: "send_message",
}
_ADMINISTRATION: dict[int, str] = {
    options.PERMISSION_ORGANIZATIONS_WRITE: "organizations:write",
    options.PERMISSION_API_KEYS_READ: "api_keys:read",
    options.PERMISSION_API_KEYS_WRITE: "api_keys:write",
    options.PERMISSION_WEBHOOKS_READ: "webhooks:read",
    options.PERMISSION_WEBHOOKS_WRITE: "webhooks:write",
    options.PERMISSION_MANAGE_TEAM: "manage_team",
}
_OWNERSHIP: dict[int, str] = {
    options.PERMISSION_ORGANIZATIONS_DELETE: "organizations:delete",
    options.PERMISSION_AUDIT_READ: "audit:read",
}

# What a key for a chatbot may do, unless it is given something else.
OF_CHATBOTS = frozenset(
    {options.PERMISSION_MANAGE_FLOW, options.PERMISSION_MANAGE_TEAM, options.PERMISSION_SEND_MESSAGE}
)

# No key and no role has it: tokens of visitors do.
VISITING = frozenset({options.PERMISSION_WEBCHAT})

NAMES: dict[int, str] = {**_READ, **_CONTENT, **_ADMINISTRATION, **_OWNERSHIP}
NUMBERS: dict[str, int] = {name: number for number, name in NAMES.items()}
# Who may do everything passes even where a method declares nothing.
EVERYTHING = frozenset({options.PERMISSION_UNSPECIFIED, options.PERMISSION_ANY, *NAMES})
NOTHING = frozenset({options.PERMISSION_ANY})

OF_ROLE: dict[int, frozenset[int]] = {
    Role.ROLE_VIEWER: NOTHING | frozenset(_READ),
    Role.ROLE_EDITOR: NOTHING | frozenset({**_READ, **_CONTENT}),
    Role.ROLE_ADMIN: NOTHING | frozenset({**_READ, **_CONTENT, **_ADMINISTRATION}),
    Role.ROLE_OWNER: EVERYTHING,
}
ROLE_NAMES: dict[int, str] = {
    Role.ROLE_VIEWER: "Viewer",
    Role.ROLE_EDITOR: "Editor",
    Role.ROLE_ADMIN: "Admin",
    Role.ROLE_OWNER: "Owner",
}
ROLES: dict[str, Role] = {
    "Viewer": Role.ROLE_VIEWER,
    "Editor": Role.ROLE_EDITOR,
    "Admin": Role.ROLE_ADMIN,
    "Owner": Role.ROLE_OWNER,
}


def of_key(permissions: Iterable[int]) -> frozenset[int]:
    """Return what a key with these permissions may do; none at all means everything."""
    given = frozenset(permissions)
    return NOTHING | given if given else EVERYTHING


def names_of(permissions: Iterable[int]) -> list[str]:
    """Return the names of permissions, in the order of their numbers."""
    return [NAMES[number] for number in sorted(permissions) if number in NAMES]


def numbers_of(names: Iterable[str]) -> frozenset[int]:
    """Return the permissions of these names.

    Raises:
        InvalidArgumentError: There is no permission of a name.
    """
    found = set()
    for name in names:
        if name not in NUMBERS:
            known = ", ".join(NUMBERS)
            raise InvalidArgumentError(
                f"There is no permission {name[:100]!r}. Possible are: {known}.", field="permissions"
            )
        found.add(NUMBERS[name])
    return frozenset(found)
