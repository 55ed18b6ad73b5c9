"""What a session of an agent remembers: outputs, globals, conversation, path, and what waits for the user."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from knowflow_server.domain.canvas.document import complete
from knowflow_server.domain.canvas.reference import Reference
from knowflow_server.domain.canvas.size import refuse_above, weight

STATE = "state"
# More than any component reads.
MAX_HISTORY = 1_001


class Pipe:
    """A text that is read while it is made, by any number of readers, each from its beginning."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._ended = False
        self._error: BaseException | None = None
        self._news = asyncio.Event()

    def push(self, piece: str) -> None:
        """Add the next piece."""
        self._pieces.append(piece)
        self._wake()

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing follows; with an error, that readers get it instead of an end. The first end counts."""
        if self._ended:
            return
        self._ended, self._error = True, error
        self._wake()

    async def read(self) -> AsyncIterator[str]:
        """Yield the pieces, those to come as well."""
        place = 0
        while True:
            while place < len(self._pieces):
                place += 1
                yield self._pieces[place - 1]
            if self._ended:
                if self._error is not None:
                    raise self._error
                return
            await self._news.wait()

    async def whole(self) -> str:
        """Return the whole text once it is made."""
        async for _ in self.read():
            pass
        return "".join(self._pieces)

    def _wake(self) -> None:
        # Readers wait for the present event; whoever comes later waits for the next one.
        self._news.set()
        self._news = asyncio.Event()


class State:
    """The state of a session.

    Args:
        dsl: The graph with the state, as a session keeps it; it is copied.
    """

    def __init__(self, dsl: Mapping[str, Any]) -> None:
        self._dsl = complete(copy.deepcopy(dict(dsl)))
        kept = self._dsl.pop(STATE, None) or {}
        self.outputs: dict[str, dict[str, Any]] = kept.get("outputs") or {}
        self.paused: list[str] = kept.get("paused") or []
        """The components which wait for the user; the next turn begins with them."""
        self.pending: list[str] = kept.get("pending") or []
        """The components which wait for a branch that waits for the user."""
        self.globals: dict[str, Any] = self._dsl["globals"]
        self.history: list[list[Any]] = self._dsl["history"]
        self.path: list[str] = self._dsl["path"]
        self.retrieval: list[dict[str, Any]] = self._dsl["retrieval"]
        self._weights = {identifier: weight(values) for identifier, values in self.outputs.items()}

    def document(self) -> dict[str, Any]:
        """Return the graph with the state, as a session keeps it; values are JSON values."""
        outputs = {
            identifier: {name: value for name, value in values.items() if not isinstance(value, Pipe)}
            for identifier, values in self.outputs.items()
        }
        kept = {"outputs": outputs, "paused": self.paused, "pending": self.pending}
        return {**self._dsl, STATE: kept}

    def weigh(self, identifier: str, outputs: Mapping[str, Any]) -> None:
        """Note what the outputs of a component weigh, before they are kept.

        Raises:
            ComponentError: All outputs together weigh too much.
        """
        others = sum(size for other, size in self._weights.items() if other != identifier and other in self.outputs)
        made = weight(outputs)
        refuse_above(others + made)
        self._weights[identifier] = made

    def get(self, reference: Reference) -> Any:
        """Return the value of a reference: a `Pipe` while it is made, and an empty text when there is none."""
        if not reference.component:
            return self.globals.get(reference.output, "")
        values = self.outputs.get(reference.component, {})
        if reference.output in values:
            return values[reference.output]
        # `result.items.0` looks into an object or a list.
        name, *steps = reference.output.split(".")
        found = values.get(name, "")
        for step in steps:
            found = _inside(found, step)
        return found

    def begin_turn(self, question: str, *, user_id: str, files: Sequence[Any] = ()) -> None:
        """Take in a question."""
        self.history.append(["user", question])
        self.globals["sys.query"] = question
        self.globals["sys.conversation_turns"] = int(self.globals.get("sys.conversation_turns") or 0) + 1
        if user_id:
            self.globals["sys.user_id"] = user_id
        if files:
            self.globals["sys.files"] = list(files)
        self.retrieval.append({"chunks": {}, "doc_aggs": {}})
        # References of earlier turns stand in the messages; the state keeps the last one.
        del self.retrieval[:-1]
        del self.history[:-MAX_HISTORY]


def _inside(value: Any, step: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(step, "")
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return ""
