"""The board: how far each running parse is, kept in memory and told to those who watch."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from knowflow.store.v1.document_pb2 import PARSE_STATE_RUNNING, Document


@dataclass(slots=True)
class Standing:
    """How far one parse is: percent in [0, 100], and what happened so far, one line a step."""

    percent: float = 0.0
    lines: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


class Board:
    """The standings of running parses by document, and the watchers of documents."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def post(self, document_id: str, *, percent: float | None = None, line: str = "") -> None:
        """Note a step of a parse; percents never fall."""
        standing = self._standings.setdefault(document_id, Standing())
        if percent is not None:
            standing.percent = max(standing.percent, percent)
        if line and (not standing.lines or standing.lines[-1] != line):
            standing.lines.append(line)
        self.tell(document_id)

    def standing(self, document_id: str) -> Standing:
        """Return the standing of a document; an empty one when nothing runs."""
        return self._standings.get(document_id, Standing())

    def clear(self, document_id: str) -> None:
        """Forget a parse that ended; its record has the rest."""
        self._standings.pop(document_id, None)
        self.tell(document_id)

    def tell(self, document_id: str) -> None:
        """Wake the watchers of a document."""
        for event in self._watchers.get(document_id, ()):
            event.set()

    def tell_all(self) -> None:
        """Wake all watchers; they look for themselves whether anything of theirs has changed."""
        for document_id in self._watchers:
            self.tell(document_id)

    def overlay(self, document: Document) -> Document:
        """Return a document with its live progress, when it has one."""
        standing = self._standings.get(document.id)
        # A parse that was stopped a moment ago may still be winding down.
        if standing is None or document.state != PARSE_STATE_RUNNING:
            return document
        live = Document()
        live.CopyFrom(document)
        live.progress = standing.percent
        live.progress_message = standing.message or live.progress_message
        return live

    async def changes(self, document_id: str) -> AsyncIterator[None]:
        """Yield now, and then whenever something about a document changed; quick changes come together."""
        event = asyncio.Event()
        event.set()
        self._watchers[document_id].add(event)
        try:
            while True:
                await event.wait()
                event.clear()
                yield
        finally:
            self._watchers[document_id].discard(event)
            if not self._watchers[document_id]:
                del self._watchers[document_id]
