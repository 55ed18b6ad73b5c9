"""Layout services: who is asked for which document, and how the pages get there and the answers back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from knowflow_server.domain.ingest.blocks import Progress
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.layout import DrawnPage, Layout, page_line, wanted_service
from knowflow_server.domain.ports import DocumentLayout, PageLayout, ParseWorkers, ProviderError

# Pages drawn at a time: the worker that draws is free again while they are recognized.
BATCH = 8


class Layouts:
    """The layout services of this server. Workers only draw pages and read answers; nothing waits inside them.

    Args:
        workers: Draw pages.
        mineru: Recognizes whole documents; None where no such service is configured.
        dots: Recognizes pages; None where no such service is configured.
    """

    def __init__(self, workers: ParseWorkers, *, mineru: DocumentLayout | None, dots: PageLayout | None) -> None:
        self._workers = workers
        self._mineru = mineru
        self._dots = dots

    def serves(self, name: str, config: Mapping[str, Any]) -> bool:
        """Return True when a service will be asked for a document of this name and parser configuration."""
        service = wanted_service(name, config)
        return (service == "mineru" and self._mineru is not None) or (service == "dots" and self._dots is not None)

    async def recognize(
        self, path: Path, *, name: str, config: Mapping[str, Any], answer: Path
    ) -> AsyncGenerator[Progress | Layout, None]:
        """Ask the service which a document's configuration names; nothing where the built-in layout serves.

        Args:
            path: The document.
            name: Its name; the extension tells the format.
            config: Its parser configuration.
            answer: Where the service's answer goes.

        Yields:
            Progress, its fractions from 0 to 1, and at last the layout.

        Raises:
            IngestError: The service failed, or the document cannot be opened.
            WorkersClosedError: The server is stopping.
        """
        if not self.serves(name, config):
            return
        try:
            if wanted_service(name, config) == "mineru":
                yield Progress(0.0, "Waiting for the mineru service.")
                await self._whole(path, name, config, answer)
                yield Progress(1.0, "The mineru service has answered.")
                yield Layout("mineru", answer)
                return
            async for progress in self._pages(path, name, config, answer):
                yield progress
            yield Layout("dots", answer)
        except ProviderError as error:
            raise IngestError(error.sentence) from error

    async def _whole(self, path: Path, name: str, config: Mapping[str, Any], answer: Path) -> None:
        assert self._mineru is not None
        # What cannot be opened is refused by a limited worker before a service spends minutes on it.
        seen = await self._workers.draw(path, name=name, config=config, folder=path.parent, first=0, count=0)
        extension = PurePath(name).suffix.lower()
        await self._mineru.recognize(path, answer, extension=extension, last_page=max(seen.numbers))

    async def _pages(
        self, path: Path, name: str, config: Mapping[str, Any], answer: Path
    ) -> AsyncGenerator[Progress, None]:
        lines = 0
        first = 0
        async with _folder(path.parent) as folder:
            with answer.open("w", encoding="ascii") as file:
                while True:
                    drawn = await self._workers.draw(
                        path, name=name, config=config, folder=folder, first=first, count=BATCH
                    )
                    file.writelines(await self._batch(drawn.pages))
                    lines += len(drawn.pages)
                    first += BATCH
                    total = len(drawn.numbers)
                    done = min(first, total)
                    yield Progress(done / total, f"The dots service has read {done} of {total} pages.")
                    if first >= total:
                        break
        if not lines:
            raise IngestError("No page of the document can be drawn for the dots service.")
        if lines < total:
            yield Progress(1.0, f"Damaged pages left out: {total - lines} of {total}.")

    async def _batch(self, pages: tuple[DrawnPage, ...]) -> list[str]:
        """Return a line for each page; the first failure ends the other requests."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._page(page)) for page in pages]
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _page(self, page: DrawnPage) -> str:
        assert self._dots is not None
        text = await self._dots.recognize(page.path)
        page.path.unlink(missing_ok=True)
        return page_line(page, text)


@asynccontextmanager
async def _folder(parent: Path) -> AsyncGenerator[Path, None]:
    """Have a folder for pictures, and remove it with what is left in it."""
    folder = await asyncio.to_thread(TemporaryDirectory, prefix="pages-", dir=parent)
    try:
        yield Path(folder.name)
    finally:
        folder.cleanup()
