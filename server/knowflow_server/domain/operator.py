"""Operators: who runs the server, and may do what no organization may do for itself."""

from __future__ import annotations

import hmac

from knowflow_server.errors.credits import NotAnOperatorError


class Operators:
    """Knows operators by their key.

    Args:
        key: The operator key; None means that nobody is one.
    """

    def __init__(self, key: str | None) -> None:
        self._key = key

    def check(self, shown: str) -> None:
        """Let an operator pass.

        Raises:
            NotAnOperatorError: The key is missing or wrong, or none is set on the server.
        """
        if not self._key:
            raise NotAnOperatorError("This server has no operator key: set KNOWFLOW_OPERATOR_KEY, or use the CLI.")
        if not hmac.compare_digest(shown.encode(), self._key.encode()):
            raise NotAnOperatorError
