"""The clients: `KnowFlow` blocks, `AsyncKnowFlow` is for asyncio."""

from knowflow._async.client import AsyncKnowFlow
from knowflow._sync.client import KnowFlow
from knowflow.api_error import ApiError

__all__ = ["ApiError", "AsyncKnowFlow", "KnowFlow"]
