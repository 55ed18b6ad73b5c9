"""Entities against a model: whatever is done in whatever order, the store holds what a dictionary would hold."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.store import entities
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction, UniqueError
from tests.store.records import dataset

IDS = st.sampled_from([f"id-{number}" for number in range(6)])
NAMES = st.sampled_from(["tides", "Tides", "bread", "BREAD", "salt", "straße", "STRASSE"])
ORGANIZATIONS = st.sampled_from(["organization-1", "organization-2"])
# None deletes, a pair of organization and name writes.
STEP = st.tuples(IDS, st.none() | st.tuples(ORGANIZATIONS, NAMES))
STEPS = st.lists(STEP, min_size=1, max_size=3)

Model = dict[str, tuple[str, str]]


def applied(model: Model, steps: list[tuple[str, tuple[str, str] | None]]) -> Model | None:
    """Return the model after a transaction, or None when it must be refused."""
    after = dict(model)
    for identifier, value in steps:
        if value is None:
            after.pop(identifier, None)
        else:
            after[identifier] = value
    taken = [(organization, name.casefold()) for organization, name in after.values()]
    return after if len(taken) == len(set(taken)) else None


class EntitiesMachine(RuleBasedStateMachine):
    """Runs transactions, alone and many in one commit, and opens the store again."""

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        # Deleted records are forgotten every now and then, as after many more.
        self.tombstones, entities.TOMBSTONES = entities.TOMBSTONES, 4
        self.model: Model = {}
        self.runner.run(self._open())

    async def _open(self) -> None:
        self.database = await Database.open(self.folder / "db", durable=False)
        self.store = await EntityStore.open(self.database)

    async def _close(self) -> None:
        await self.store.close()
        self.database.close()

    @rule(batch=st.lists(STEPS, min_size=1, max_size=5))
    def write(self, batch: list[list[tuple[str, tuple[str, str] | None]]]) -> None:
        async def run() -> list[object]:
            return await asyncio.gather(
                *(self.store.transact(lambda transaction, steps=steps: _do(transaction, steps)) for steps in batch),
                return_exceptions=True,
            )

        results = self.runner.run(run())
        for steps, result in zip(batch, results, strict=True):
            after = applied(self.model, steps)
            assert isinstance(result, UniqueError) == (after is None), result
            self.model = self.model if after is None else after

    @rule()
    def reopen(self) -> None:
        self.runner.run(self._close())
        self.runner.run(self._open())

    @invariant()
    def store_equals_model(self) -> None:
        if not hasattr(self, "store"):
            return
        assert {record.id: (record.organization_id, record.name) for record in self.store.all(Dataset)} == self.model
        for organization in ("organization-1", "organization-2"):
            expected = sorted(identifier for identifier, value in self.model.items() if value[0] == organization)
            assert [record.id for record in self.store.children(Dataset, organization)] == expected

    def teardown(self) -> None:
        self.runner.run(self._close())
        self.runner.close()
        entities.TOMBSTONES = self.tombstones
        shutil.rmtree(self.folder)


def _do(transaction: Transaction, steps: list[tuple[str, tuple[str, str] | None]]) -> None:
    for identifier, value in steps:
        if value is None:
            transaction.delete(dataset(identifier, ""))
        else:
            transaction.put(dataset(identifier, value[1], organization_id=value[0]))
        present = transaction.get(Dataset, identifier)
        assert (present is None) == (value is None)


TestEntitiesMachine = EntitiesMachine.TestCase
TestEntitiesMachine.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
