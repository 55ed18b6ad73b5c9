"""What a component may read, say and use while it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.document import Node
from knowflow_server.domain.canvas.reference import Reference, parse, pieces, shown
from knowflow_server.domain.canvas.size import refuse_above
from knowflow_server.domain.canvas.state import Pipe, State
from knowflow_server.domain.ports import ChatMessage, ChatUsage, ModelTable
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.retrieval import Retrieval
from knowflow_server.store.entities import EntityStore

USER, ASSISTANT = "user", "assistant"


@dataclass(frozen=True, slots=True)
class Services:
    """What components use of the outside; the same for all runs.

    Args:
        entities: For datasets.
        models: Chat models.
        retrieval: Searches.
        tools: What else components of the outside world need, by name; a name that is not there is not configured.
    """

    entities: EntityStore
    models: ModelTable
    retrieval: Retrieval
    tools: Mapping[str, Any] = field(default_factory=dict)


class Turn(Protocol):
    """The run a scope belongs to."""

    principal: Principal
    services: Services
    state: State
    inputs: Mapping[str, Any]
    """What the caller gave with the question, by name."""

    @property
    def begun(self) -> Sequence[str]:
        """The components which have begun in this turn."""
        ...

    async def say(self, text: str) -> None:
        """Send the next piece of the answer."""
        ...

    async def end_message(self) -> None:
        """Say that a message is complete."""
        ...

    async def separate(self) -> None:
        """Put a blank line between two messages."""
        ...

    def cited(self) -> Sequence[CitedChunk]:
        """Return what the answer rests on so far."""
        ...

    def cite(self, chunks: Sequence[CitedChunk]) -> list[int]:
        """Add chunks to what the answer rests on, and return their numbers, which marks `[ID:n]` use."""
        ...

    async def body(self, parent: str, outputs: Mapping[str, Any]) -> None:
        """Run the components inside an Iteration once, with outputs of its IterationItem."""
        ...


@dataclass(slots=True)
class Scope:
    """The run of one component.

    Args:
        node: The component in its place.
        turn: The run it belongs to.
        inputs: What the component read, for the trace.
        usage: Tokens it used so far.
        model: The chat model it asked last, as who served it names it; empty when it asked none.
        trouble: How a provider failed it, if one did: `overloaded` or `unavailable`; empty for any other failure.
    """

    node: Node
    turn: Turn
    inputs: dict[str, Any] = field(default_factory=dict)
    usage: ChatUsage = field(default_factory=lambda: ChatUsage(0, 0))
    model: str = ""
    trouble: str = ""

    @property
    def services(self) -> Services:
        """What components use of the outside."""
        return self.turn.services

    async def value(self, reference: str | Reference) -> Any:
        """Return the value of a reference once it is made; a text that is no reference is its own value."""
        found = parse(reference) if isinstance(reference, str) else reference
        if found is None:
            return reference
        value = self.turn.state.get(found)
        if isinstance(value, Pipe):
            value = await value.whole()
        self.inputs[found.text] = value
        return value

    async def text(self, template: str) -> str:
        """Return a text with its references replaced by their values."""
        if "{" not in template:
            return template
        return "".join([piece async for piece in self.flowing(template)])

    async def flowing(self, template: str) -> AsyncIterator[str]:
        """Yield a text with its references replaced, piece by piece as values are made."""
        made_before = 0
        for piece in pieces(template):
            refuse_above(made_before)
            if isinstance(piece, str):
                yield piece
                continue
            value = self.turn.state.get(piece)
            if isinstance(value, Pipe):
                made = []
                async for part in value.read():
                    made.append(part)
                    yield part
                self.inputs[piece.text] = "".join(made)
                made_before += len(self.inputs[piece.text])
                continue
            self.inputs[piece.text] = value
            if text := shown(value):
                made_before += len(text)
                yield text

    def history(self, window: int) -> list[ChatMessage]:
        """Return the last turns of the conversation before this question, oldest first."""
        earlier = self.turn.state.history[:-1]
        if not window:
            return []
        return [ChatMessage(str(role), shown(content)) for role, content in earlier[-window:]]

    def spend(self, usage: ChatUsage) -> None:
        """Count tokens."""
        self.usage = ChatUsage(
            self.usage.prompt_tokens + usage.prompt_tokens, self.usage.completion_tokens + usage.completion_tokens
        )

    def tool(self, name: str) -> Any:
        """Return what is configured under a name.

        Raises:
            ComponentError: Nothing is.
        """
        found = self.services.tools.get(name)
        if found is None:
            raise ComponentError(f"{self.node.component.name} needs `{name}`, which is not configured on this server.")
        return found
