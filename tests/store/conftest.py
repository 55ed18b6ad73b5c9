"""Fixtures: stores in a folder of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from tests.store.records import open_chunks, open_database, open_entities


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path) as database:
        yield database


@pytest.fixture
async def entities(tmp_path: Path) -> AsyncIterator[EntityStore]:
    async with open_entities(tmp_path) as store:
        yield store


@pytest.fixture
async def chunks(tmp_path: Path) -> AsyncIterator[ChunkTable]:
    async with open_chunks(tmp_path) as table:
        yield table
