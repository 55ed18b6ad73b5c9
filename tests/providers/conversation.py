"""One conversation, and how tests ask a chat model with it."""

from __future__ import annotations

from contextlib import aclosing

from knowflow_server.domain.ports import ChatDelta, ChatDone, ChatMessage, ChatModel, ChatOptions

QUESTION = "What did the secret memo say?"
MESSAGES = [ChatMessage("system", "Answer from the text."), ChatMessage("user", QUESTION)]


async def ask(model: ChatModel, options: ChatOptions | None = None) -> tuple[list[str], ChatDone]:
    """Return the pieces of an answer, and its end."""
    pieces: list[str] = []
    done: ChatDone | None = None
    async with aclosing(model.stream(MESSAGES, options or ChatOptions())) as items:
        async for item in items:
            assert done is None
            if isinstance(item, ChatDelta):
                assert item.text
                pieces.append(item.text)
            else:
                done = item
    assert done is not None
    return pieces, done
