"""Who calls, whatever was shown: an API key, the token of a session, or that of a website or a visitor."""

from __future__ import annotations

from knowflow_server.domain.account import SESSION_PREFIX, Accounts
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk.visitor import PREFIX, Visitors
from knowflow_server.domain.website import TOKEN_PREFIX, Websites


class Access:
    """Knows all callers."""

    def __init__(self, keys: ApiKeys, accounts: Accounts, websites: Websites, visitors: Visitors) -> None:
        self._keys = keys
        self._accounts = accounts
        self._websites = websites
        self._visitors = visitors

    def authenticate(self, shown: str) -> Principal:
        """Return for whom a key or a token acts.

        Raises:
            ApiKeyInvalidError: It is unknown, expired or revoked.
        """
        if shown.startswith(SESSION_PREFIX):
            return self._accounts.authenticate(shown)
        if shown.startswith(TOKEN_PREFIX):
            return self._websites.authenticate(shown)
        if shown.startswith(PREFIX):
            return self._visitors.authenticate(shown)
        return self._keys.authenticate(shown)

    def acting_for(self, principal: Principal, organization_id: str) -> Principal:
        """Return a caller, acting for the organization which a call names.

        Raises:
            OrganizationNotFoundError: It does not exist, or the caller has nothing to do with it.
        """
        return self._accounts.acting_for(principal, organization_id)
