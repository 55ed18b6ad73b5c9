"""What a component is: parameters that are checked when an agent is kept, and a coroutine that makes outputs of them.

A component is one module of the package `components`: it defines one subclass of `Component` with a `name`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowflow_server.domain.canvas.reference import Reference, parse, references

if TYPE_CHECKING:
    from knowflow_server.domain.canvas.scope import Scope


class ComponentError(Exception):
    """A component failed; the message is for the agent's owner."""


class Params(BaseModel):
    """Parameters which every component takes; unknown ones are left alone, because editors keep theirs there.

    Attributes:
        max_retries: How often a failed run is repeated.
        delay_after_error: Seconds before a repetition.
        exception_method: What happens after a failure: None or empty fails the run, anything else goes on.
        exception_default_value: What stands in for the output, and what the user is told.
        exception_goto: The components which go on instead of those downstream.
        timeout_s: Longest run in seconds; None means the component's own limit.
        message_history_window_size: Most turns of the conversation which a model is given.
        description: What it is for; a model that may call it as a tool reads this.
        outputs: Declared outputs by name.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    max_retries: int = Field(default=0, ge=0, le=20)
    delay_after_error: float = Field(default=2.0, ge=0, le=300)
    exception_method: str | None = None
    exception_default_value: str | None = None
    exception_goto: tuple[str, ...] = ()
    timeout_s: float | None = Field(default=None, gt=0, le=3600)
    message_history_window_size: int = Field(default=22, ge=0, le=1000)
    description: str = ""
    outputs: Mapping[str, Any] = Field(default_factory=dict)

    @field_validator("exception_goto", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()

    @field_validator("description", mode="before")
    @classmethod
    def _described(cls, value: Any) -> Any:
        return value or ""

    @field_validator("outputs", mode="before")
    @classmethod
    def _declared(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping) else {}


class Component:
    """A kind of component. Subclasses say what they are in class attributes, and do their work in `run`."""

    name: ClassVar[str]
    """Class name in the graph. Example: `Retrieval`."""
    params: ClassVar[type[Params]] = Params
    """The model of its parameters."""
    limit_s: ClassVar[float] = 60.0
    """Longest run in seconds, unless its parameters say otherwise."""
    results: ClassVar[tuple[str, ...]] = ()
    """Outputs which it always has."""
    streams: ClassVar[str] = ""
    """The output which can be read while it is being made; empty for none."""
    routes: ClassVar[bool] = False
    """Whether its result says which components go on."""
    passes_on: ClassVar[bool] = False
    """Whether it says what it refers to while that is still being made."""
    error_output: ClassVar[str] = "result"
    """The output which takes the default value after a failure."""
    tool: ClassVar[Tool | None] = None
    """How a model calls it; None when it is no tool."""

    @classmethod
    def outputs(cls, params: Any) -> frozenset[str]:
        """Return the names of the outputs a component with these parameters has."""
        return frozenset({*cls.results, *params.outputs, "_ERROR", "_created_time", "_elapsed_time"})

    @classmethod
    def targets(cls, params: Any) -> Sequence[str]:  # noqa: ARG003 - for subclasses
        """Return the components it may go on with, beside those downstream."""
        return ()

    @classmethod
    def may_end(cls, params: Any) -> bool:  # noqa: ARG003 - for subclasses
        """Return whether it may decide to go on with nothing."""
        return False

    @classmethod
    def fallback(cls, params: Any, default: str | None) -> Sequence[str]:  # noqa: ARG003 - for subclasses
        """Return where to go on after a failure with a default value; nothing means downstream."""
        return ()

    @classmethod
    def references(cls, params: Any) -> Iterable[Reference]:
        """Return what its parameters refer to."""
        return references(params.model_dump(exclude={"description", "outputs"}))

    @classmethod
    async def run(cls, scope: Scope, params: Any) -> Result:
        """Do the work.

        Args:
            scope: What it may read, say and use.
            params: Its parameters, of the type `cls.params`.

        Raises:
            ComponentError: It failed.
        """
        raise NotImplementedError

    @classmethod
    async def call(cls, scope: Scope, params: Any, arguments: Mapping[str, Any]) -> Result:
        """Do the work for a model that calls the component as a tool; arguments as `tool` describes them.

        Raises:
            ComponentError: It failed.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Tool:
    """How a model calls a component.

    Args:
        name: Name of the tool.
        description: What it does, for the model.
        arguments: What each argument is, by name; a name that ends in `?` may be left out.
    """

    name: str
    description: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a component made.

    Args:
        outputs: Values by output.
        next: The components which go on, where the component decides; None means those downstream.
        stream: The pieces of the output named by `streams`, while they are made; None when all outputs are there.
        ends_turn: Whether nothing goes on from here in this turn.
    """

    outputs: Mapping[str, Any] = field(default_factory=dict)
    next: Sequence[str] | None = None
    stream: AsyncIterator[str] | None = None
    ends_turn: bool = False


@cache
def registry() -> Mapping[str, type[Component]]:
    """Return all components by their class name in the graph, read from the modules of `components`."""
    package = importlib.import_module("knowflow_server.domain.canvas.components")
    found: dict[str, type[Component]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for item in vars(module).values():
            if not isinstance(item, type) or not issubclass(item, Component) or "name" not in vars(item):
                continue
            if item.__module__ == module.__name__:
                found[item.name] = item
    return found


def pure(*texts: str | None) -> list[Reference]:
    """Return the references which whole texts are; texts that are none are left out."""
    return [found for text in texts if text and (found := parse(text)) is not None]
