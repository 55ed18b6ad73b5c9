"""CodeExec: programs in a sandbox, in the wire format of RAGFlow's executor manager."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from knowflow_server.domain.canvas.component import ComponentError
from tests.domain.canvas.outside import Api, called, ran, services

SCRIPT = "def main(a):\n    return {a['x']}"


@pytest.fixture
def sandbox() -> Iterator[Api]:
    made = Api()
    with made.server:
        yield made


def said(sandbox: Api, stdout: str, stderr: str = "", code: int = 0) -> None:
    sandbox.json("/run", {"status": "success", "stdout": stdout, "stderr": stderr, "exit_code": code})


async def test_program_is_sent_with_the_values_of_its_arguments(sandbox: Api) -> None:
    said(sandbox, "42\n")
    params = {"script": SCRIPT, "lang": "python", "arguments": {"a": "begin@a", "b": "text", "c": [1]}}

    done = await ran("CodeExec", params, services(sandbox=sandbox.url), a="1")

    body = sandbox.body()
    assert SCRIPT == base64.b64decode(body.pop("code_b64")).decode()
    assert {"language": "python", "arguments": {"a": "1", "b": "text", "c": [1]}} == body
    assert 42 == done.outputs["result"]


@pytest.mark.parametrize(
    ("stdout", "expected"),
    [
        ('{"x": 1, "y": "b", "z": 0}', {"x": 1, "y": "b"}),
        ("{'x': True, 'y': None}", {"x": True, "y": None}),
        ("(1, [2])", {"x": 1, "y": [2]}),
        ('"\\ud800"', {"x": "\ufffd", "y": "\ufffd"}),
        ("[" * 100_000, {"x": "[" * 100_000, "y": "[" * 100_000}),
        ("plain text", {"x": "plain text", "y": "plain text"}),
        ("__import__('os')", {"x": "__import__('os')", "y": "__import__('os')"}),
    ],
)
async def test_what_the_program_returns_fills_the_declared_outputs(
    sandbox: Api, stdout: str, expected: dict[str, Any]
) -> None:
    said(sandbox, stdout)
    params = {"script": SCRIPT, "outputs": {"x": {"type": "any"}, "y": {"type": "any"}}}

    done = await ran("CodeExec", params, services(sandbox=sandbox.url))

    assert expected == {name: done.outputs[name] for name in ("x", "y")}


async def test_server_without_a_sandbox_says_so() -> None:
    done = await ran("CodeExec", {"script": SCRIPT}, services())

    assert "CodeExec needs `sandbox`, which is not configured on this server." == done.error


async def test_what_goes_wrong_in_the_sandbox_is_told(sandbox: Api) -> None:
    used = services(sandbox=sandbox.url)
    said(sandbox, "", "Traceback: ZeroDivisionError", 1)
    failed = await ran("CodeExec", {"script": SCRIPT}, used)
    sandbox.json("/run", {}, 503)
    busy = await ran("CodeExec", {"script": SCRIPT}, used)
    empty = await ran("CodeExec", {"script": " "}, used)

    assert "ZeroDivisionError" in failed.error
    assert "The sandbox answered with status 503." == busy.error
    assert "`script` is empty" in empty.error


async def test_model_writes_a_program(sandbox: Api) -> None:
    said(sandbox, "[1]")
    used = services(sandbox=sandbox.url)

    outputs = await called("CodeExec", {}, used, lang="javascript", script="function main() {}")
    with pytest.raises(ComponentError, match="python or nodejs"):
        await called("CodeExec", {}, used, lang="perl", script="1")

    assert [1] == outputs["result"]
    assert "nodejs" == sandbox.body()["language"]
