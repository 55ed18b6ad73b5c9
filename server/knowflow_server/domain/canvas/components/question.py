"""Question: asks the subscriber of a chatbot, and goes on when a reply is there that fits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.components.email import ADDRESS
from knowflow_server.domain.canvas.conversing import conversing, said
from knowflow_server.domain.canvas.reference import Reference, references
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.talk.content import MAX_CHOICES, MAX_MESSAGES, MEDIA, Action, Button, Said

TIMED_OUT = "timed_out"
"""Input of a turn in which no reply has come in time."""
ATTACHED = "attached"
"""Input of a turn: the message as the subscriber sent it."""
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
MIN_DIGITS, MAX_DIGITS = 6, 15


class QuestionParams(Params):
    """Parameters; texts may hold references.

    Attributes:
        text: What is asked; in place of it `messages` can hold messages of any type.
        messages: What is asked.
        quick_replies: What the subscriber may choose from.
        reply_type: What a reply must be.
        options: The replies that fit, for `choice`.
        user_field: Name of the user field which takes the reply; empty for none.
        retry_text: What is said to a reply that does not fit.
        max_attempts: How many replies are taken that do not fit, before it goes on with `invalid_to`.
        skip_text: A reply with which the question is skipped; empty for none.
        skip_to: Where it goes on then; nothing means downstream.
        wait_s: How long it waits, in seconds; 0 waits for ever.
        timeout_to: Where it goes on when no reply has come; nothing ends the talk.
        invalid_to: Where it goes on after too many replies that do not fit; nothing ends the talk.
    """

    text: str = Field(default="", max_length=10_000)
    messages: tuple[Said, ...] = Field(default=(), max_length=MAX_MESSAGES)
    quick_replies: tuple[Button, ...] = Field(default=(), max_length=MAX_CHOICES)
    reply_type: Literal[
        "text", "number", "email", "phone", "date", "datetime", "boolean", "choice", "url", "file", "any"
    ] = "text"
    options: tuple[str, ...] = ()
    user_field: str = ""
    retry_text: str = "Sorry, that does not fit. Please try again."
    max_attempts: int = Field(default=3, ge=1, le=20)
    skip_text: str = ""
    skip_to: tuple[str, ...] = ()
    wait_s: int = Field(default=0, ge=0, le=31_536_000)
    timeout_to: tuple[str, ...] = ()
    invalid_to: tuple[str, ...] = ()

    @field_validator("skip_to", "timeout_to", "invalid_to", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()

    @model_validator(mode="after")
    def _asks_something(self) -> QuestionParams:
        if not self.text and not self.messages:
            raise ValueError("it needs a `text` or `messages`")
        if (self.reply_type == "choice") != bool(self.options):
            raise ValueError("`options` belong to the reply_type `choice`")
        return self


class Question(Component):
    """The component. It runs when it is reached, and again for each reply; the turn ends in between."""

    name = "Question"
    params = QuestionParams
    results = ("value", "asked")
    routes = True

    @classmethod
    def targets(cls, params: QuestionParams) -> Sequence[str]:
        """Return where it may go on beside downstream."""
        return [*params.skip_to, *params.timeout_to, *params.invalid_to]

    @classmethod
    def may_end(cls, params: QuestionParams) -> bool:  # noqa: ARG003 - of all components
        """Return True: it waits for the subscriber."""
        return True

    @classmethod
    def references(cls, params: QuestionParams) -> Iterable[Reference]:
        """Return what its texts refer to."""
        shown = params.model_dump(include={"text", "messages", "quick_replies", "retry_text"})
        return references(shown)

    @classmethod
    async def run(cls, scope: Scope, params: QuestionParams) -> Result:
        """Ask, or take a reply."""
        asked = int(scope.turn.state.outputs.get(scope.node.id, {}).get("asked") or 0)
        if not asked:
            return await cls._ask(scope, params, 1)
        if scope.turn.inputs.get(TIMED_OUT):
            return cls._done("", params.timeout_to)
        reply = str(scope.turn.state.globals.get("sys.query") or "").strip()
        scope.inputs["reply"] = reply
        if params.skip_text and reply.casefold() == params.skip_text.casefold():
            return cls._done("", params.skip_to or None)
        value = checked(params, reply, scope.turn.inputs.get(ATTACHED) or {})
        if value is None:
            if asked >= params.max_attempts:
                return cls._done("", params.invalid_to)
            retry = (Said(text=params.retry_text),) if params.retry_text else ()
            await said(scope, retry, params.quick_replies)
            return cls._waits(scope, params, asked + 1)
        if params.user_field:
            action = Action(action="set_field_value", field_name=params.user_field, value=value)
            await conversing(scope).act(action)
        return cls._done(value, None)

    @classmethod
    async def _ask(cls, scope: Scope, params: QuestionParams, asked: int) -> Result:
        messages = (*((Said(text=params.text),) if params.text else ()), *params.messages)
        await said(scope, messages, params.quick_replies)
        return cls._waits(scope, params, asked)

    @staticmethod
    def _waits(scope: Scope, params: QuestionParams, asked: int) -> Result:
        conversing(scope).wait(params.wait_s)
        return Result({"value": "", "asked": asked}, ends_turn=True)

    @staticmethod
    def _done(value: str, targets: Sequence[str] | None) -> Result:
        return Result({"value": value, "asked": 0}, next=targets)


def checked(params: QuestionParams, reply: str, attached: Mapping[str, Any]) -> str | None:
    """Return a reply in the form in which it is kept, or None when it does not fit.

    Args:
        params: What fits.
        reply: The text.
        attached: The message as it came, with the address of a picture or a file.
    """
    if attached.get("type") in MEDIA:
        return str(attached.get("url") or "") if params.reply_type in {"file", "any"} else None
    if params.reply_type == "choice":
        return next((option for option in params.options if option.casefold() == reply.casefold()), None)
    try:
        return _FORMS[params.reply_type](reply) or None
    except (ValueError, OverflowError):
        return None


def _number(reply: str) -> str:
    value = float(reply.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(reply)
    return f"{value:.15g}"


def _phone(reply: str) -> str:
    digits = "".join(c for c in reply if c.isascii() and c.isdigit())
    fits = MIN_DIGITS <= len(digits) <= MAX_DIGITS and not set(reply) - set("0123456789+-() ./")
    return ("+" if reply.startswith("+") else "") + digits if fits else ""


def _boolean(reply: str) -> str:
    word = reply.casefold()
    return "true" if word in YES else "false" if word in NO else ""


def _url(reply: str) -> str:
    return reply if reply.lower().startswith(("https://", "http://")) and " " not in reply else ""


_FORMS: Mapping[str, Callable[[str], str]] = {
    "text": str,
    "any": str,
    "number": _number,
    "email": lambda reply: reply if ADDRESS.fullmatch(reply) else "",
    "phone": _phone,
    "date": lambda reply: date.fromisoformat(reply).isoformat(),
    "datetime": lambda reply: datetime.fromisoformat(reply).isoformat(" ", "seconds"),
    "boolean": _boolean,
    "url": _url,
    "file": lambda reply: "",  # noqa: ARG005 - a text is no file
}
