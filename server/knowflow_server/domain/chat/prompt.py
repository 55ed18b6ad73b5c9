"""What a model is told: the prompt with its variables, the retrieved chunks, as much of the conversation as fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowflow.store.v1.chat_pb2 import AssistantPrompt
from knowflow_server.domain.ports import ChatMessage, ChatModel
from knowflow_server.errors.core import ContextTooLongError, PromptVariableMissingError

KNOWLEDGE = "knowledge"
DEFAULT_PROMPT = (
    "You answer questions from a knowledge base. Use only the passages of the knowledge base below, give all details "
    "which the question asks for, and answer in the language of the question. Where earlier turns of the conversation "
    "matter, take them into account. When no passage answers the question, say that the knowledge base does not "
    "answer it, and do not guess.\n\n"
    "The knowledge base:\n{knowledge}\n\n"
    "End of the knowledge base."
)
CITE = (
    "After each sentence that rests on a passage, name the passage by its mark, for example [ID:0]. Name only passages "
    "that are there, and leave sentences that rest on none without a mark."
)
GRAPH = "What a graph of the knowledge base's entities holds about the question:"
# Each turn costs a model some tokens beside its text: who speaks, where it ends.
TURN_TOKENS = 6
# Without a limit of its own, an answer gets this share of what a model reads, and at most so many tokens.
ANSWER_SHARE = 0.25
ANSWER_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk as a model reads it: the name of its document, and its text."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Built:
    """What to send to a model.

    Args:
        messages: The conversation: what it is told, earlier turns, the question.
        passages: How many of the passages, from the best on, it was given.
    """

    messages: Sequence[ChatMessage]
    passages: int


def placeholder(key: str) -> str:
    """Return how a variable stands in the text of a prompt."""
    return "{" + key + "}"


def filled(prompt: AssistantPrompt, values: Mapping[str, str]) -> str:
    """Return the text of a prompt with its variables but the knowledge.

    Args:
        prompt: The prompt.
        values: Values by variable; those which the prompt does not declare are left alone.

    Raises:
        PromptVariableMissingError: A variable that is not optional has no value.
    """
    keys = [variable.key for variable in prompt.variables if variable.key != KNOWLEDGE]
    for variable in prompt.variables:
        if variable.key in keys and not variable.optional and variable.key not in values:
            raise PromptVariableMissingError(variable=variable.key)
    if not keys:
        return prompt.prompt
    # In one pass: a value that looks like another variable stays as it is.
    wanted = re.compile("|".join(re.escape(placeholder(key)) for key in keys))
    return wanted.sub(lambda match: values.get(match.group()[1:-1], ""), prompt.prompt)


def build(
    model: ChatModel,
    text: str,
    *,
    question: str,
    passages: Sequence[Passage] = (),
    history: Sequence[ChatMessage] = (),
    further: str = "",
    max_tokens: int | None = None,
) -> Built:
    """Return what to send to a model, such that it fits: the passages as far as they do, then the latest turns.

    Args:
        model: Who reads it.
        text: The prompt; `{knowledge}` stands for the passages.
        question: Never shortened.
        passages: Best first.
        history: Earlier turns, oldest first; the oldest are left out when they do not fit.
        further: What the model is told beside the prompt, after it.
        max_tokens: Most tokens of the answer; None means no limit of its own.

    Raises:
        ContextTooLongError: The prompt and the question alone are too long.
    """
    mark = placeholder(KNOWLEDGE)
    # The passages stand where the prompt says so first; what a caller tells the model is no prompt.
    before, wanted, after = text.partition(mark)
    text = before + after.replace(mark, "")
    frame = "\n\n".join(part for part in (text, further) if part)
    reserve = max_tokens or min(ANSWER_TOKENS, int(model.context_tokens * ANSWER_SHARE))
    free = model.context_tokens - min(reserve, model.context_tokens // 2)
    free -= model.count_tokens(frame) + model.count_tokens(question) + 2 * TURN_TOKENS
    if free < 0:
        raise ContextTooLongError(model=model.name)
    kept: list[str] = []
    for number, passage in enumerate(passages if wanted else ()):
        head = f"[ID:{number}] {passage.source}\n"
        shown = f"{head}{passage.text}\n\n"
        cost = model.count_tokens(shown)
        if cost > free and number == 0:
            shown, cost = _cut(model, shown, free)
        if cost > free or len(shown) <= len(head):
            break
        kept.append(shown)
        free -= cost
    turns: list[ChatMessage] = []
    for turn in reversed(history):
        free -= model.count_tokens(turn.content) + TURN_TOKENS
        if free < 0:
            break
        turns.append(turn)
    while turns and turns[-1].role != "user":
        # A conversation begins with a question.
        turns.pop()
    told = before + "".join(kept).strip() + frame[len(before) :]
    opening = [ChatMessage("system", told)] if told else []
    return Built([*opening, *reversed(turns), ChatMessage("user", question)], len(kept))


def _cut(model: ChatModel, text: str, tokens: int) -> tuple[str, int]:
    """Return the beginning of a text that takes at most so many tokens, and how many it takes."""
    cost = model.count_tokens(text)
    while text and cost > tokens:
        text = text[: min(len(text) - 1, len(text) * tokens // max(cost, 1))]
        cost = model.count_tokens(text)
    return text, cost
