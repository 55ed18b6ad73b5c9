"""Runs every case below this folder, over REST through Envoy and over gRPC."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.cases.case import Run, runs
from tests.cases.matching import resolve
from tests.cases.world import World, fresh_names, problems


@pytest.mark.parametrize("run", runs("server"), ids=str)
async def test_case(run: Run, world: World) -> None:
    await _check(run, world)


@pytest.mark.parametrize("run", runs("strict"), ids=str)
async def test_case_on_a_server_without_fallback_model(run: Run, strict_world: World) -> None:
    await _check(run, strict_world)


async def _check(run: Run, world: World) -> None:
    names = fresh_names() | {"key": world.keys["own"], "receiver": world.receiver, "website": world.website}
    for name in run.case.shared:
        names[name] = await world.shared(name)
    if run.case.once:
        names |= await world.once(f"{run.path} {run.transport}", run.case.setup)
    else:
        # An example may be part of the setup, or name what the setup makes.
        for name, value in run.example.items():
            with suppress(KeyError):
                names[name] = resolve(value, names)
        await world.set_up(run.case.setup, names)
    names |= resolve(run.example, names)
    for step in (run.case, *run.case.then):
        answer = await world.call(step, names, transport=run.transport)
        if found := problems(step, answer, names, transport=run.transport):
            pytest.fail("\n".join([run.case.description, step.method or str(step.raw), *found]), pytrace=False)
        names[step.bind] = answer.body
