"""Websites: the public tokens with which their browsers chat with an app, and do nothing else."""

from __future__ import annotations

from knowflow.options.v1 import options_pb2
from knowflow.store.v1.app_pb2 import App
from knowflow_server.domain.api_key import new_key, sha256
from knowflow_server.domain.living import living
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import ApiKeyInvalidError
from knowflow_server.store.entities import EntityStore

TOKEN_PREFIX = "kfw_"  # noqa: S105 - what all tokens begin with
CHATS = frozenset({options_pb2.PERMISSION_CONVERSATIONS_WRITE})


def new_token() -> str:
    """Return a fresh token."""
    return new_key(TOKEN_PREFIX)


class Websites:
    """Knows the tokens of all apps.

    Args:
        entities: Where the apps are.
    """

    def __init__(self, entities: EntityStore) -> None:
        self._entities = entities
        self._apps = {app.website_sha256: app.id for app in entities.all(App) if app.website_sha256}
        self._hashes = {identifier: shown for shown, identifier in self._apps.items()}
        entities.subscribe(App, self._changed)

    def authenticate(self, token: str) -> Principal:
        """Return for whom a token acts.

        Raises:
            ApiKeyInvalidError: No app has it, or the app's organization is being deleted.
        """
        app = self._entities.get(App, self._apps.get(sha256(token), ""))
        if app is None or living(self._entities, app.organization_id) is None:
            raise ApiKeyInvalidError
        return Principal(app.organization_id, permissions=CHATS, website_app_id=app.id)

    def _changed(self, identifier: str, app: App | None) -> None:
        self._apps.pop(self._hashes.pop(identifier, ""), None)
        if app is not None and app.website_sha256:
            self._apps[app.website_sha256] = identifier
            self._hashes[identifier] = app.website_sha256
