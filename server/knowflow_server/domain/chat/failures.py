"""What a provider's failures are to callers."""

from __future__ import annotations

from knowflow_server.domain.ports import ChatModel, ContextOverflowError, ProviderError
from knowflow_server.errors.base import ModelOverloadedError, ModelUnavailableError
from knowflow_server.errors.core import ContextTooLongError

# HTTP status of a provider that takes no more calls for now.
TOO_MANY = 429


class provider_errors:  # noqa: N801 - reads as a statement
    """Turns what a provider raises into what callers see."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """End."""
        if isinstance(error, ContextOverflowError):
            raise ContextTooLongError(model=self._model.name) from None
        if isinstance(error, ProviderError) and error.status == TOO_MANY:
            raise ModelOverloadedError(model=self._model.name, cause=error.sentence) from None
        if isinstance(error, ProviderError):
            raise ModelUnavailableError(model=self._model.name, cause=error.sentence) from None
