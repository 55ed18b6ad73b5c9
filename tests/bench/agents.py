"""What an agent costs: for each component of a graph, for a crowd of runs, for a streamed token.

`python -m tests.bench.agents` prints these rows alone.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from tests.bench.process import memory
from tests.bench.table import Row, percentile
from tests.serving import Server, start_server
from tests.standins.openai_chat import ChatStandIn, answers

TEN, HUNDRED = 10, 100
ALONE = 40
CROWD = 100
ROUNDS = 3


def chain(length: int) -> dict[str, Any]:
    """Return a graph of so many components, one after the other."""
    names = [f"c{number}" for number in range(length - 2)]
    components: dict[str, Any] = {"begin": {"obj": {"component_name": "Begin"}, "downstream": names[:1]}}
    before = "sys.query"
    for name, after in zip(names, [*names[1:], "say"], strict=True):
        params = {"method": "merge", "script": f"{{{before}}}."}
        components[name] = {"obj": {"component_name": "StringTransform", "params": params}, "downstream": [after]}
        before = f"{name}@result"
    components["say"] = {"obj": {"component_name": "Message", "params": {"content": [f"{{{before}}}"]}}}
    return components


def fan() -> dict[str, Any]:
    """Return a graph of ten components: two models side by side, and a join."""

    def part(name: str, *downstream: str, **params: Any) -> dict[str, Any]:
        return {"obj": {"component_name": name, "params": params}, "downstream": list(downstream)}

    text = {"method": "merge", "script": "{sys.query}"}
    return {
        "begin": part("Begin", "a", "b"),
        "a": part("StringTransform", "askA", **text),
        "b": part("StringTransform", "askB", **text),
        "askA": part("LLM", "cutA", prompts="{a@result}"),
        "askB": part("LLM", "cutB", prompts="{b@result}"),
        "cutA": part("StringTransform", "join", split_ref="askA@content"),
        "cutB": part("StringTransform", "join", split_ref="askB@content"),
        "join": part("StringTransform", "choose", method="merge", script="{cutA@result} {cutB@result}"),
        "choose": part("Switch", end_cpn_ids=["say"]),
        "say": part("Message", content=["{join@result}"]),
    }


async def create(client: httpx.AsyncClient, title: str, components: dict[str, Any]) -> str:
    """Create an agent and return its id."""
    answer = (await client.post("/api/v1/agents", json={"title": title, "dsl": {"components": components}})).json()
    assert answer["code"] == 0, answer
    return str(answer["id"])


async def ask(client: httpx.AsyncClient, agent: str) -> tuple[float, float]:
    """Ask, and return how long the call and the run in it took, in seconds."""
    began = time.perf_counter()
    answer = (await client.post(f"/api/v1/agents/{agent}/completions", json={"question": "Why?"})).json()
    assert answer["code"] == 0, answer
    return time.perf_counter() - began, answer["data"]["elapsed_time"]


async def measure(folder: Path) -> list[Row]:
    """Return the figures."""
    with ChatStandIn() as provider:
        provider.default = answers("one two three")
        settings = {
            "PROVIDERS": f'{{"StandIn": {{"base_url": "{provider.url}"}}}}',
            "DEFAULT_CHAT_MODEL": "any@StandIn",
        }
        with start_server(folder, settings=settings) as server:
            return await _measured(server)


async def _measured(server: Server) -> list[Row]:
    headers = {"Authorization": f"Bearer {server.key}"}
    limits = httpx.Limits(max_connections=CROWD)
    async with httpx.AsyncClient(
        base_url=server.url, headers=headers, timeout=60, limits=limits, trust_env=False
    ) as client:
        agents = {length: await create(client, f"chain {length}", chain(length)) for length in (TEN, HUNDRED)}
        times = {length: [await ask(client, agent) for _ in range(ALONE)] for length, agent in agents.items()}
        calls, runs = (
            {length: median(pair[place] for pair in pairs) for length, pairs in times.items()} for place in (0, 1)
        )
        fanned = await create(client, "fan", fan())
        crowds, sizes = [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            done = await asyncio.gather(*(ask(client, fanned) for _ in range(CROWD)))
            crowds.append((time.perf_counter() - began, [call for call, _ in done]))
            sizes.append(memory(server)[0])
    each, kept = ((found[HUNDRED] - found[TEN]) / (HUNDRED - TEN) for found in (runs, calls))
    took, ones = min(crowds)
    return [
        Row(
            "agent, one component more in a graph, the run",
            f"{each * 1e3:.2f} ms",
            "2 ms, the aim",
            f"{each * 500:.2f}",
        ),
        Row("- the whole call, session, trace and state kept", f"{kept * 1e3:.2f} ms"),
        Row(f"agent of {TEN} components, new session, REST, median", f"{calls[TEN] * 1e3:.0f} ms"),
        Row(
            f"{CROWD} runs at once, ten components, two of them models",
            f"{took:.1f} s, {CROWD / took:.0f} runs/s, p95 {percentile(ones, 0.95):.1f} s",
        ),
        Row("- memory of all processes after three such crowds", f"{sizes[-1]:.0f} MB, {sizes[-1] - sizes[0]:+.0f} MB"),
    ]


if __name__ == "__main__":
    import tempfile

    from tests.bench.table import show

    with tempfile.TemporaryDirectory(prefix="knowflow-bench-") as name:
        print(show(asyncio.run(measure(Path(name)))))
