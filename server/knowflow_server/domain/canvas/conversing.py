"""What components of sub flows may do with the subscriber whom a chatbot talks with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.talk.content import Action, Button, Said

# The name under which the services of a run hold it.
CONVERSING = "conversing"


class Conversing(Protocol):
    """One turn of a talk with a subscriber."""

    async def send(self, messages: Sequence[Said], quick_replies: Sequence[Button] = ()) -> None:
        """Send messages, in their order.

        Raises:
            KnowFlowError: The channel refuses; the sentence says why.
        """
        ...

    async def act(self, action: Action) -> None:
        """Do something with the subscriber.

        Raises:
            KnowFlowError: A tag or a field does not exist, or a value does not fit its field.
        """
        ...

    def tags(self) -> frozenset[str]:
        """Return the names of the subscriber's tags, folded."""
        ...

    def values(self) -> Mapping[str, Any]:
        """Return what is known of the subscriber and the chatbot, by the names of `sys.` globals."""
        ...

    def wait(self, seconds: int) -> None:
        """Have the turn that comes next be one without a reply, after a time; 0 waits for ever."""
        ...

    async def go_to(self, place: str) -> None:
        """Go on with a sub flow, by its id or name, or with a component, by its id, when this one has ended.

        Raises:
            KnowFlowError: There is neither.
        """
        ...


def conversing(scope: Scope) -> Conversing:
    """Return the talk which a component takes part in.

    Raises:
        ComponentError: It runs for an agent, where there is no subscriber.
    """
    found: Conversing | None = scope.services.tools.get(CONVERSING)
    if found is None:
        raise ComponentError(f"{scope.node.component.name} works in sub flows of chatbots only.")
    return found


async def written(scope: Scope, value: Any) -> Any:
    """Return a JSON value with the references in its texts replaced."""
    if isinstance(value, str):
        return await scope.text(value)
    if isinstance(value, Mapping):
        return {name: await written(scope, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [await written(scope, item) for item in value]
    return value


async def said(scope: Scope, messages: Sequence[Said], quick_replies: Sequence[Button]) -> None:
    """Send messages with the references in their texts replaced; one whose text is empty then is left out.

    Raises:
        ComponentError: A reference makes a message too long.
    """
    found = []
    for message in messages:
        ready = await written(scope, message.model_dump())
        if ready["type"] != "text" or ready["text"]:
            found.append(made(Said, ready))
    replies = [made(Button, await written(scope, reply.model_dump())) for reply in quick_replies]
    scope.inputs["messages"] = [message.model_dump() for message in found]
    if found:
        await conversing(scope).send(found, replies)


def made(model: Any, values: Mapping[str, Any]) -> Any:
    """Return a checked part of a message.

    Raises:
        ComponentError: Values that came in by references do not fit.
    """
    try:
        return model.model_validate(values)
    except ValueError as error:
        raise ComponentError(f"What is to be said does not fit: {str(error).splitlines()[-2].strip()}") from None
