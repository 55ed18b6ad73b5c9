"""The built-in model that answers with sentences of the passages, word for word: nothing in it is invented."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

from knowflow_server.domain.ports import ChatDelta, ChatDone, ChatMessage, ChatOptions, ChatUsage, Embedder, Grounding
from knowflow_server.providers.embedded import PROVIDER
from knowflow_server.providers.embedded_chat import NOT_FOUND, estimate_tokens
from knowflow_server.providers.sentences import select

MODEL: Final = "extractive"

UNGROUNDED: Final = (
    "I answer questions from the documents of a knowledge base, by quoting the sentences that fit best. "
    "For this question there are none, and I am no language model: configure a chat model for free conversation."
)
"""The answer where there is nothing to quote from."""

_SENTENCES = 3
# It reads only the question and the passages, whose number its callers limit.
_CONTEXT_TOKENS = 32_768


class ExtractiveChatModel:
    """Answers with the sentences that fit the question best, at most three and one that a pronoun stands for.

    The sentences are found by the embedding model and by the words they share with the question; no process of
    its own is needed. Where none fits well enough, the answer is `NOT_FOUND`. Sampling options do not apply;
    `max_tokens` and `stop` do. Token counts are estimates.

    Args:
        embedder: Finds the sentences.
    """

    name: Final = f"{MODEL}@{PROVIDER}"
    context_tokens: Final = _CONTEXT_TOKENS
    follows_instructions: Final = False

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def count_tokens(self, text: str) -> int:
        """Return an estimate of the tokens of a text that is rarely too low."""
        return estimate_tokens(text)

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        """Answer from a grounding's passages, sentence by sentence; see `ports.ChatModel.stream`.

        Raises:
            ProviderError: The embedder failed.
        """
        sentences: tuple[str, ...] = (UNGROUNDED,)
        prompt_tokens = sum(self.count_tokens(message.content) for message in messages)
        if grounding is not None:
            sentences = (await select(self._embedder, grounding, most=_SENTENCES)).sentences or (NOT_FOUND,)
        completion_tokens = 0
        reason = "stop"
        for number, sentence in enumerate(sentences):
            text, is_stopped = _until_stop(sentence if number == 0 else f" {sentence}", options.stop)
            tokens = self.count_tokens(text)
            # The first sentence always comes whole: half a sentence is a wrong quotation.
            if number and options.max_tokens is not None and completion_tokens + tokens > options.max_tokens:
                reason = "length"
                break
            if text:
                completion_tokens += tokens
                yield ChatDelta(text)
            if is_stopped:
                break
        yield ChatDone(reason, ChatUsage(prompt_tokens, completion_tokens))


def _until_stop(text: str, stop: Sequence[str]) -> tuple[str, bool]:
    places = [place for string in stop if string and (place := text.find(string)) >= 0]
    return (text[: min(places)], True) if places else (text, False)
