"""What components that are tools share: arguments from parameters or from a model, secrets, and the outside world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, SecretStr

from knowflow_server.domain.canvas.component import Component, ComponentError, Params, Result
from knowflow_server.domain.canvas.reference import Reference, parse, pieces, references, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.state import Pipe
from knowflow_server.domain.outgoing import OutgoingAnswer, OutgoingError, OutgoingHttp, OutgoingRequest


def _text(value: Any) -> Any:
    return "" if value is None else value


def _list(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value or ()


Text = Annotated[str, BeforeValidator(_text)]
"""A text; null means an empty one."""
Texts = Annotated[tuple[str, ...], BeforeValidator(_list)]
"""Texts; one text with commas means its parts, null means none."""
Secret = Annotated[SecretStr, BeforeValidator(_text)]
"""A key or a password: it stands in no trace, event or log. A reference in it is resolved when it is used."""
NO_SECRET = SecretStr("")


class ToolComponent(Component):
    """A component whose arguments come from its parameters, or from a model that calls it.

    An argument of `tool` is also a parameter of the same name, which may hold references.
    """

    @classmethod
    def references(cls, params: Any) -> Iterable[Reference]:
        """Return what its parameters refer to, secrets included; an argument may be a reference without braces."""
        given = params.model_dump(exclude={"description", "outputs"})
        for name, value in given.items():
            text = value.get_secret_value() if isinstance(value, SecretStr) else value
            whole = parse(text) if isinstance(text, str) and name in cls.argument_names() else None
            yield from [whole] if whole is not None else references(text)

    @classmethod
    def argument_names(cls) -> frozenset[str]:
        """Return the names of the arguments."""
        return frozenset(name.rstrip("?") for name in (cls.tool.arguments if cls.tool else ()))

    @classmethod
    async def run(cls, scope: Scope, params: Any) -> Result:
        """Do the work with arguments from the parameters."""
        arguments = {name: await resolved(scope, getattr(params, name)) for name in sorted(cls.argument_names())}
        return await cls.call(scope, params, arguments)


async def resolved(scope: Scope, value: Any) -> Any:
    """Return a parameter with its references replaced: a whole reference by its value, others by texts."""
    if isinstance(value, str):
        return await scope.value(value) if parse(value) else await scope.text(value)
    if isinstance(value, tuple | list):
        return [await resolved(scope, item) for item in value]
    if isinstance(value, Mapping):
        return {name: await resolved(scope, item) for name, item in value.items()}
    return value


async def revealed(scope: Scope, secret: SecretStr) -> str:
    """Return a secret with its references replaced; what it refers to does not show in the trace of the component."""
    made = []
    for piece in pieces(secret.get_secret_value()):
        value: Any = piece
        if not isinstance(piece, str):
            value = scope.turn.state.get(piece)
            value = await value.whole() if isinstance(value, Pipe) else value
        made.append(shown(value))
    return "".join(made).strip()


def argument(arguments: Mapping[str, Any], name: str, default: Any = "") -> str:
    """Return an argument as text; one that is missing or empty is the default."""
    return shown(arguments.get(name)).strip() or shown(default)


def whole_number(value: Any, *, default: int, most: int) -> int:
    """Return an argument as a number from 1 to `most`; what is none is the default."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return default
    return min(max(number, 1), most)


async def request(scope: Scope, asked: OutgoingRequest) -> OutgoingAnswer:
    """Send a request through the guard.

    Raises:
        ComponentError: It is refused, or fails.
    """
    guard: OutgoingHttp = scope.tool("outgoing")
    try:
        return await guard.request(asked)
    except OutgoingError as error:
        raise ComponentError(error.sentence) from None


class UnavailableTool(ToolComponent):
    """A tool of RAGFlow for a service without a public API: graphs with it load, and its runs fail with a sentence."""

    reason: ClassVar[str]
    """Why it cannot run, and what to use instead."""

    @classmethod
    def argument_names(cls) -> frozenset[str]:
        """Return no names: nothing is read of its parameters."""
        return frozenset()

    @classmethod
    async def call(cls, scope: Scope, params: Params, arguments: Mapping[str, Any]) -> Result:  # noqa: ARG003 - as declared
        """Fail.

        Raises:
            ComponentError: Always.
        """
        raise ComponentError(f"{cls.name} is not available on this server: {cls.reason}")
