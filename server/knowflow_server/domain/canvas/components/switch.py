"""Switch: goes on where the first true condition says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from knowflow_server.domain.canvas.component import Component, Params, Result, pure
from knowflow_server.domain.canvas.reference import Reference, shown
from knowflow_server.domain.canvas.scope import Scope

Operator = Literal[
    "contains", "not contains", "start with", "end with", "empty", "not empty", "=", "≠", ">", "<", "≥", "≤"
]


class Item(BaseModel):
    """One comparison: `cpn_id` is a reference, or a component whose main output is meant."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    cpn_id: str
    operator: Operator
    value: str = ""

    @field_validator("value", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return shown(value)


class Condition(BaseModel):
    """Comparisons of which all (`and`) or one (`or`) must hold."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    logical_operator: Literal["and", "or"] = "and"
    items: tuple[Item, ...] = ()
    to: tuple[str, ...] = ()

    @field_validator("to", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()


class SwitchParams(Params):
    """Parameters.

    Attributes:
        conditions: In the order in which they are looked at.
        end_cpn_ids: Where to go on when none holds.
    """

    conditions: tuple[Condition, ...] = ()
    end_cpn_ids: tuple[str, ...] = ()

    @field_validator("end_cpn_ids", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) and value else value or ()


class Switch(Component):
    """The component."""

    name = "Switch"
    params = SwitchParams
    results = ("next", "_next")
    routes = True

    @classmethod
    def targets(cls, params: SwitchParams) -> Sequence[str]:
        """Return where the conditions lead to."""
        return [*(target for condition in params.conditions for target in condition.to), *params.end_cpn_ids]

    @classmethod
    def may_end(cls, params: SwitchParams) -> bool:
        """Return whether some decision leads nowhere."""
        return not params.end_cpn_ids or any(not condition.to for condition in params.conditions)

    @classmethod
    def references(cls, params: SwitchParams) -> Iterable[Reference]:
        """Return what is compared."""
        return pure(*(item.cpn_id for condition in params.conditions for item in condition.items))

    @classmethod
    async def run(cls, scope: Scope, params: SwitchParams) -> Result:
        """Find the first condition that holds."""
        targets = params.end_cpn_ids
        for condition in params.conditions:
            results = [holds(shown(await scope.value(i.cpn_id)), i.operator, i.value) for i in condition.items]
            if all(results) if condition.logical_operator == "and" else any(results):
                targets = condition.to
                break
        return Result({"next": list(targets), "_next": list(targets)}, next=targets)


def holds(text: str, operator: Operator, value: str) -> bool:
    """Return whether a comparison holds: texts without regard to case, numbers as numbers where both sides are."""
    left, right = text.casefold(), value.casefold()
    if operator in {"empty", "not empty"}:
        return (operator == "empty") == (not text)
    found = {
        "contains": right in left,
        "not contains": right not in left,
        "start with": left.startswith(right),
        "end with": left.endswith(right),
    }
    if operator in found:
        return found[operator]
    try:
        order = (float(text) > float(value)) - (float(text) < float(value))
    except ValueError:
        order = (text > value) - (text < value)
    orders = {"=": (0,), "≠": (-1, 1), ">": (1,), "<": (-1,), "≥": (0, 1), "≤": (-1, 0)}
    return order in orders[operator]
