"""Message: says something to the user, with what other components have made in it."""

from __future__ import annotations

import random
from typing import Any

from pydantic import field_validator

from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.reference import references
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.template import is_template, rendered


class MessageParams(Params):
    """Parameters.

    Attributes:
        content: Texts, of which one is said, at random.
        stream: Kept for editors; a message always streams.
    """

    content: tuple[str, ...] = ()
    stream: bool = True

    @field_validator("content", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value or ()


class Message(Component):
    """The component."""

    name = "Message"
    params = MessageParams
    limit_s = 600.0
    results = ("content",)
    passes_on = True
    error_output = "content"

    @classmethod
    async def run(cls, scope: Scope, params: MessageParams) -> Result:
        """Say one of the texts, piece by piece as what it refers to is made."""
        if not params.content:
            return Result({"content": ""})
        # Which of several texts is said is chance by intent; nothing secret hangs on it.
        text = random.choice(params.content)  # noqa: S311
        await scope.turn.separate()
        said: list[str] = []
        if is_template(text):
            said.append(await rendered(scope, text))
            await scope.turn.say(said[0])
        else:
            async for piece in scope.flowing(text):
                said.append(piece)
                await scope.turn.say(piece)
        await scope.turn.end_message()
        return Result({"content": "".join(said)})


class AnswerParams(MessageParams):
    """Parameters; its texts are one for each component that it speaks for.

    Attributes:
        after: The components right before it.
    """

    after: tuple[str, ...] = ()


class Answer(Message):
    """The user's interface of older graphs: says what came before it, and ends the turn; says nothing at its start."""

    name = "Answer"
    params = AnswerParams

    @classmethod
    async def run(cls, scope: Scope, params: AnswerParams) -> Result:  # type: ignore[override]
        """Say what came before, of that which ran in this turn."""
        begun = set(scope.turn.begun)
        # The first time in a turn it only lets the question in.
        if begun.isdisjoint(params.after):
            return Result({"content": ""})
        said = [text for text in params.content if any(place.component in begun for place in references(text))]
        texts = [(await Message.run(scope, MessageParams(content=(text,)))).outputs["content"] for text in said]
        return Result({"content": "\n\n".join(texts)}, ends_turn=True)
