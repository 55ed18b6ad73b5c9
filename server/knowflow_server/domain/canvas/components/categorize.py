"""Categorize: a model says which kind of question it is, and the run goes on accordingly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowflow_server.domain.canvas.asking import ModelParams, fitted, model_of, whole
from knowflow_server.domain.canvas.component import Component, Result, pure
from knowflow_server.domain.canvas.reference import Reference, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.ports import ChatMessage

TOLD = (
    "Sort the user's text into one of these categories. Answer with the name of the category, exactly as it is "
    "written here, and with nothing else.\n\n{categories}"
)


class Category(BaseModel):
    """One category."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    description: str = ""
    examples: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    index: float | None = None

    @field_validator("examples", "to", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(line for line in value.splitlines() if line.strip())
        return value or ()


class CategorizeParams(ModelParams):
    """Parameters.

    Attributes:
        query: What is sorted, a reference.
        category_description: The categories by name.
    """

    query: str = "sys.query"
    category_description: Mapping[str, Category] = Field(min_length=1)
    message_history_window_size: int = Field(default=1, ge=0, le=1000)


class Categorize(Component):
    """The component."""

    name = "Categorize"
    params = CategorizeParams
    limit_s = 600.0
    results = ("category_name", "_next")
    routes = True
    error_output = "category_name"

    @classmethod
    def targets(cls, params: CategorizeParams) -> Sequence[str]:
        """Return where the categories lead to."""
        return [target for category in params.category_description.values() for target in category.to]

    @classmethod
    def may_end(cls, params: CategorizeParams) -> bool:
        """Return whether some category leads nowhere."""
        return any(not category.to for category in params.category_description.values())

    @classmethod
    def fallback(cls, params: CategorizeParams, default: str | None) -> Sequence[str]:
        """Return where the category leads to which the default value names."""
        category = params.category_description.get(default or "")
        return category.to if category else ()

    @classmethod
    def references(cls, params: CategorizeParams) -> Iterable[Reference]:
        """Return what is sorted."""
        return pure(params.query)

    @classmethod
    async def run(cls, scope: Scope, params: CategorizeParams) -> Result:
        """Let the model choose. Of names it mentions, the one it mentions most wins; without any, the last category."""
        names = _ordered(scope, params)
        lines = []
        for name in names:
            category = params.category_description[name]
            lines.append(f"{name}: {category.description}".rstrip(": "))
            lines += [f"  for example: {example}" for example in category.examples]
        text = shown(await scope.value(params.query))
        model = model_of(scope, params.llm_id)
        told = ChatMessage("system", TOLD.format(categories="\n".join(lines)))
        earlier = scope.history(params.message_history_window_size)
        messages = fitted(model, [told, *earlier, ChatMessage("user", text)], model.context_tokens // 8)
        written = (await whole(scope, model, messages, params.options())).casefold()
        counts = [written.count(name.casefold()) for name in names]
        # A name inside another one counts for the longer one.
        best = max(range(len(names)), key=lambda n: (counts[n] > 0, counts[n], len(names[n]))) if any(counts) else -1
        name = names[best]
        target = params.category_description[name].to
        return Result({"category_name": name, "_next": list(target)}, next=target)


def _ordered(scope: Scope, params: CategorizeParams) -> list[str]:
    """Return the names of the categories in their order: by index, else as the components downstream are listed.

    The order of an object's members does not survive all the ways on which a graph comes here.
    """
    places = {identifier: place for place, identifier in enumerate(scope.node.downstream)}

    def place(name: str) -> tuple[float, float, str]:
        category = params.category_description[name]
        index = float("inf") if category.index is None else category.index
        return index, min((places.get(target, len(places)) for target in category.to), default=len(places)), name

    return sorted(params.category_description, key=place)
