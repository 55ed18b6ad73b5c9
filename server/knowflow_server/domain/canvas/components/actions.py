"""Actions: tags a subscriber, sets its fields, pauses the bot, and the like."""

from __future__ import annotations

from pydantic import Field

from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.conversing import conversing, made, written
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.talk.content import MAX_ACTIONS, Action


class ActionsParams(Params):
    """Parameters; texts and values may hold references.

    Attributes:
        actions: What is done, in this order.
    """

    actions: tuple[Action, ...] = Field(min_length=1, max_length=MAX_ACTIONS)


class Actions(Component):
    """The component."""

    name = "Actions"
    params = ActionsParams

    @classmethod
    async def run(cls, scope: Scope, params: ActionsParams) -> Result:
        """Do the actions; one that fails ends the component, and those before it stay done."""
        talk = conversing(scope)
        for action in params.actions:
            ready = made(Action, await written(scope, action.model_dump()))
            scope.inputs[ready.action] = ready.tag_name or ready.field_name or ready.event_name
            await talk.act(ready)
        return Result()
