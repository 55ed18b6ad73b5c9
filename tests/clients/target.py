"""What the official OpenAI clients are pointed at."""

from __future__ import annotations

from dataclasses import dataclass

from tests.standins.openai_chat import ChatStandIn


@dataclass(frozen=True)
class Target:
    """An address that speaks OpenAI's protocol, and the provider behind it."""

    base_url: str
    """What people give to the clients as `base_url`."""
    api_key: str
    unknown_url: str
    """The same for something that does not exist."""
    provider: ChatStandIn
    """Makes the answers; tests say which."""
    model: str = "model"
    overloaded: tuple[str, int] = ("RateLimitError", 429)
    """The client's own error, and the status, when the provider is asked too much."""
