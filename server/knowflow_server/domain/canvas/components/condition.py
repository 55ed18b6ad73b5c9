"""Condition: goes on where the first condition says that is true of the subscriber."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowflow_server.domain.canvas.component import Component, Params, Result, pure
from knowflow_server.domain.canvas.components.switch import Operator, holds
from knowflow_server.domain.canvas.conversing import conversing
from knowflow_server.domain.canvas.reference import Reference, shown
from knowflow_server.domain.canvas.scope import Scope

NAMED = ("tag", "user_field", "bot_field", "attribute", "reference")


class Test(BaseModel):
    """One comparison, of a tag, a field, an attribute of the subscriber, or a reference.

    Attributes:
        tag: Name of a tag; the operators `has` and `has not` alone look at tags.
        user_field: Name of a user field.
        bot_field: Name of a bot field.
        attribute: `name`, `email`, `phone`, `channel`, `language`, or another attribute of the subscriber.
        reference: What a component has made, or a `sys.` value.
        operator: How it is compared.
        value: What it is compared with.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    tag: str = ""
    user_field: str = ""
    bot_field: str = ""
    attribute: str = ""
    reference: str = ""
    operator: Operator | Literal["has", "has not"] = "="
    value: str = ""

    @field_validator("value", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return shown(value)

    @model_validator(mode="before")
    @classmethod
    def _has(cls, values: Any) -> Any:
        return {"operator": "has", **values} if isinstance(values, dict) and values.get("tag") else values

    @model_validator(mode="after")
    def _looks_at_one_thing(self) -> Test:
        if sum(bool(getattr(self, name)) for name in NAMED) != 1:
            raise ValueError(f"it looks at one of {', '.join(NAMED)}")
        if bool(self.tag) != (self.operator in {"has", "has not"}):
            raise ValueError("`has` and `has not` are for tags, and no other operator is")
        return self


class Branch(BaseModel):
    """Comparisons of which all (`and`) or one (`or`) must hold, and where it goes on then."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    logical_operator: Literal["and", "or"] = "and"
    items: tuple[Test, ...] = Field(min_length=1)
    to: tuple[str, ...] = ()

    @field_validator("to", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()


class ConditionParams(Params):
    """Parameters.

    Attributes:
        conditions: In the order in which they are looked at.
        end_cpn_ids: Where to go on when none holds.
    """

    conditions: tuple[Branch, ...] = Field(min_length=1)
    end_cpn_ids: tuple[str, ...] = ()

    @field_validator("end_cpn_ids", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()


class Condition(Component):
    """The component."""

    name = "Condition"
    params = ConditionParams
    results = ("next",)
    routes = True

    @classmethod
    def targets(cls, params: ConditionParams) -> Sequence[str]:
        """Return where the conditions lead to."""
        return [*(target for branch in params.conditions for target in branch.to), *params.end_cpn_ids]

    @classmethod
    def may_end(cls, params: ConditionParams) -> bool:
        """Return whether some decision leads nowhere."""
        return not params.end_cpn_ids or any(not branch.to for branch in params.conditions)

    @classmethod
    def references(cls, params: ConditionParams) -> Iterable[Reference]:
        """Return what is compared."""
        return pure(*(item.reference for branch in params.conditions for item in branch.items))

    @classmethod
    async def run(cls, scope: Scope, params: ConditionParams) -> Result:
        """Find the first condition that holds."""
        targets = params.end_cpn_ids
        for branch in params.conditions:
            results = [await cls._holds(scope, item) for item in branch.items]
            if all(results) if branch.logical_operator == "and" else any(results):
                targets = branch.to
                break
        return Result({"next": list(targets)}, next=targets)

    @classmethod
    async def _holds(cls, scope: Scope, item: Test) -> bool:
        talk = conversing(scope)
        if item.tag:
            scope.inputs["tags"] = sorted(talk.tags())
            return (item.tag.casefold() in talk.tags()) == (item.operator == "has")
        if item.reference:
            value = await scope.value(item.reference)
        else:
            kinds = {"user_field": item.user_field, "bot_field": item.bot_field, "user": item.attribute}
            name = next(f"sys.{kind}.{global_name(text)}" for kind, text in kinds.items() if text)
            value = scope.inputs[name] = talk.values().get(name, "")
        assert item.operator not in {"has", "has not"}
        return holds(shown(value), item.operator, item.value)  # type: ignore[arg-type]


def global_name(name: str) -> str:
    """Return the name of a field as references have it: what no reference can hold becomes `_`."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name.casefold())
