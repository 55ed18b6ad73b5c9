"""A chat model as the port has it, whose words are tokens."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from knowflow_server.domain.ports import ChatDelta, ChatDone, ChatMessage, ChatOptions, ChatUsage, Grounding


class FakeModel:
    """Says what it is given to say, in pieces, and remembers what it was asked.

    Args:
        answer: What it says.
        context_tokens: What it reads.
        follows_instructions: Whether it does.
    """

    name = "fake@tests"

    def __init__(self, answer: str = "", *, context_tokens: int = 1000, follows_instructions: bool = True) -> None:
        self.answer = answer
        self.context_tokens = context_tokens
        self.follows_instructions = follows_instructions
        self.asked: list[Sequence[ChatMessage]] = []

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split())

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        """Say it."""
        self.asked.append(messages)
        for start in range(0, len(self.answer), 3):
            yield ChatDelta(self.answer[start : start + 3])
        yield ChatDone("stop", ChatUsage(1, 1))
