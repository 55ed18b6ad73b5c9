"""Runs of one component in a graph of its own, with the outside world on loopback."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, cast

from knowflow_server.domain.canvas.component import registry
from knowflow_server.domain.canvas.document import load
from knowflow_server.domain.canvas.engine import Happened, Run
from knowflow_server.domain.canvas.scope import Scope, Services
from knowflow_server.domain.canvas.state import State
from knowflow_server.domain.principal import Principal
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.mail import SmtpMailer
from knowflow_server.providers.outgoing import OutgoingGuard
from knowflow_server.providers.sandbox import SandboxService
from knowflow_server.providers.sql import SqlDatabases
from tests.standins.http import Exchange, LoopbackServer

Page = Callable[[Exchange], Awaitable[None]]


class Api:
    """A web service on loopback: answers by path, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes, str]] = {}
        self.asked: list[Exchange] = []
        self.server = LoopbackServer(self._answer)

    async def _answer(self, exchange: Exchange) -> None:
        self.asked.append(exchange)
        status, body, kind = self.answers.get(exchange.path.partition("?")[0], (404, b"{}", "application/json"))
        await exchange.send(status, body, Content_Type=kind)

    def json(self, path: str, value: Any, status: int = 200) -> None:
        self.answers[path] = (status, json.dumps(value).encode(), "application/json")

    def page(self, path: str, text: str, kind: str = "text/html; charset=utf-8") -> None:
        self.answers[path] = (200, text.encode(), kind)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def body(self, place: int = 0) -> Any:
        return json.loads(self.asked[place].body)


class Ran:
    """What a run of one component left."""

    def __init__(self, run: Run, events: list[Happened]) -> None:
        self.step = run.steps[-1]
        self.outputs: Mapping[str, Any] = self.step.outputs
        self.error = self.step.error
        self.run = run
        self.events = events

    @property
    def everything(self) -> str:
        """All that a trace and events hold."""
        steps = [(step.inputs, step.outputs, step.error) for step in self.run.steps]
        return repr((steps, [(event.event, event.data) for event in self.events], self.run.state.outputs))


def services(*ports: int, urls: Mapping[str, str] | None = None, sandbox: str = "", **options: Any) -> Services:
    """Return what components use, with ports of loopback that are allowed."""
    addresses = Addresses([f"127.0.0.1:{port}" for port in ports])
    tools: dict[str, Any] = {
        "outgoing": OutgoingGuard(addresses),
        "mail": SmtpMailer(addresses, tls=options.pop("tls", None)),
        "sql": SqlDatabases(addresses, **options),
        "urls": urls or {},
    }
    if sandbox:
        tools["sandbox"] = SandboxService(sandbox)
    # What is left out is for models and datasets, which these components do not use.
    return Services(cast("Any", None), cast("Any", None), cast("Any", None), tools)


async def ran(name: str, params: Mapping[str, Any], used: Services, query: str = "", /, **inputs: Any) -> Ran:
    """Run a component after Begin, whose inputs are given by name; a failure does not end the run."""
    form = {key: {"type": "line", "optional": True} for key in inputs}
    dsl = {
        "components": {
            "begin": {"obj": {"component_name": "Begin", "params": {"inputs": form}}, "downstream": ["it"]},
            "it": {
                "obj": {
                    "component_name": name,
                    "params": {"exception_method": "comment", "exception_default_value": "", **params},
                },
                "downstream": [],
            },
        }
    }
    state = State(dsl)
    state.begin_turn(query, user_id="")
    run = Run(
        load(dsl), state, used, Principal("organization", "key"), {key: {"value": v} for key, v in inputs.items()}
    )
    async with aclosing(run.events()) as events:
        happened = [event async for event in events]
    return Ran(run, happened)


async def called(name: str, params: Mapping[str, Any], used: Services, /, **arguments: Any) -> Mapping[str, Any]:
    """Call a component as an Agent does, and return its outputs."""
    dsl = {
        "components": {
            "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["it"]},
            "it": {"obj": {"component_name": name, "params": params}, "downstream": []},
        }
    }
    canvas = load(dsl)
    node = canvas.nodes["it"]
    assert registry()[name].tool is not None
    run = Run(canvas, State(dsl), used, Principal("organization", "key"), {})
    run.state.begin_turn("", user_id="")
    return (await node.component.call(Scope(node, run), node.params, arguments)).outputs
