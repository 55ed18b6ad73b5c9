"""Questions about questions: a follow-up made self-contained, and questions to go on with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing

from knowflow_server.domain.analysis import words_of
from knowflow_server.domain.ports import ChatDelta, ChatMessage, ChatModel, ChatOptions

TURNS = 6
# Of a question before, so many characters give the search its words; the question itself must stay within its limit.
EARLIER = 2_000
MAX_RELATED = 10
REWRITE_TOKENS = 256
RELATED_TOKENS = 512
REWRITE = (
    "Below are a conversation and the question that follows it. Write the question anew so that somebody who has not "
    "read the conversation understands it: put in what words like 'it', 'that' or 'there' stand for, and what the "
    "question leaves out. Keep its language. When it can be understood as it is, repeat it unchanged. Write nothing "
    "but the question."
)
RELATED = (
    "Below are a question and what a knowledge base holds about it. Write five to ten other questions, in the "
    "language of the question, which the person might ask next and which the knowledge base may answer. One per line, "
    "without numbers, nothing else."
)
LIST_MARK = re.compile(r"^\s*(?:[-*•]|\(?\d+[.):])\s*")


async def answer_of(model: ChatModel, told: str, asked: str, *, max_tokens: int, temperature: float = 0.0) -> str:
    """Return a model's whole answer to one message.

    Raises:
        ProviderError: The provider failed.
    """
    messages = [ChatMessage("system", told), ChatMessage("user", asked)]
    async with aclosing(model.stream(messages, ChatOptions(temperature=temperature, max_tokens=max_tokens))) as items:
        return "".join([item.text async for item in items if isinstance(item, ChatDelta)]).strip()


async def self_contained(model: ChatModel, question: str, history: Sequence[ChatMessage]) -> str:
    """Return a follow-up question so that it can be understood, and searched for, without the conversation.

    A model that follows no instructions is not asked: the question before is put in front of this one, so that the
    search knows the words of both.

    Args:
        model: The assistant's model.
        question: The question.
        history: The turns before it, oldest first.

    Raises:
        ProviderError: The provider failed.
    """
    earlier = [turn.content for turn in history if turn.role == "user"]
    if not earlier:
        return question
    if not model.follows_instructions:
        return f"{earlier[-1].strip()[:EARLIER]} {question}"
    talk = "\n".join(f"{turn.role}: {turn.content}" for turn in history[-TURNS:])
    asked = f"The conversation:\n{_tail(model, talk)}\n\nThe question:\n{question}"
    written = await answer_of(model, REWRITE, asked, max_tokens=REWRITE_TOKENS)
    # A model that explains, or says nothing, has not understood the task.
    return written if written and len(written) <= 4 * len(question) + 400 else question


def _tail(model: ChatModel, text: str) -> str:
    """Return the end of a text that fits into half of what a model reads."""
    while model.count_tokens(text) > model.context_tokens // 2:
        text = text[len(text) // 3 :]
    return text


async def related_by_model(model: ChatModel, question: str, passages: Sequence[str]) -> list[str]:
    """Return questions to go on with, as a model proposes them.

    Raises:
        ProviderError: The provider failed.
    """
    known = _tail(model, "\n\n".join(reversed(passages)))
    asked = f"The question:\n{question}\n\nThe knowledge base:\n{known}"
    written = await answer_of(model, RELATED, asked, max_tokens=RELATED_TOKENS, temperature=0.7)
    lines = [LIST_MARK.sub("", line).strip().strip('"') for line in written.splitlines()]
    questions = [line for line in lines if line.endswith(("?", "？", "؟")) and line.casefold() != question.casefold()]
    return list(dict.fromkeys(questions))[:MAX_RELATED]


def related_by_words(question: str, passages: Sequence[str], questions: Sequence[str]) -> list[str]:
    """Return questions to go on with, made of what was found, without a model.

    Args:
        question: The question that was asked.
        passages: The texts of the found chunks, best first.
        questions: Questions which the found chunks are known to answer; they come first.
    """
    known = {form for word in words_of(question) for form in word.forms}
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for passage in passages:
        for phrase in _phrases(passage, known):
            key = phrase.casefold()
            counts[key] += 1
            shown.setdefault(key, phrase)
    # Longer terms say more; among equals the one that came first stands first.
    best = sorted(counts, key=lambda key: -counts[key] * (1 + len(key.split())))
    asked = [q for q in questions if q.strip() and q.casefold() != question.casefold()]
    made = [f"What does the knowledge base say about {shown[key]}?" for key in best]
    return list(dict.fromkeys([*asked, *made]))[:MAX_RELATED]


def _phrases(text: str, known: set[str]) -> list[str]:
    """Return the terms of a text: neighbouring words, up to three, of which none is common or in the question."""
    found: list[str] = []
    start = end = -1
    number = 0
    for word in [*words_of(text)]:
        telling = not word.is_stop_word and known.isdisjoint(word.forms) and word.end - word.start > 3
        joined = telling and number and number < 3 and text[end : word.start] in {" ", "-"}
        if number and not joined:
            found.append(text[start:end])
            number = 0
        if telling:
            start = start if joined else word.start
            end, number = word.end, number + 1
    if number:
        found.append(text[start:end])
    return [phrase for phrase in found if not phrase.isdigit()]
