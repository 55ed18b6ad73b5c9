"""Send: says messages of any type to the subscriber of a chatbot."""

from __future__ import annotations

from pydantic import Field

from knowflow_server.domain.canvas.component import Component, Params, Result
from knowflow_server.domain.canvas.conversing import said
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.talk.content import MAX_CHOICES, MAX_MESSAGES, Button, Said


class SendParams(Params):
    """Parameters; texts may hold references.

    Attributes:
        messages: What is said, in this order.
        quick_replies: What the subscriber may choose from after the last one.
    """

    messages: tuple[Said, ...] = Field(min_length=1, max_length=MAX_MESSAGES)
    quick_replies: tuple[Button, ...] = Field(default=(), max_length=MAX_CHOICES)


class Send(Component):
    """The component."""

    name = "Send"
    params = SendParams

    @classmethod
    async def run(cls, scope: Scope, params: SendParams) -> Result:
        """Send the messages."""
        await said(scope, params.messages, params.quick_replies)
        return Result()
