"""The official Node client, unmodified."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.target import Target
from tests.standins.openai_chat import answers, refuses, stalls

SCRIPT = Path(__file__).with_name("openai_node.mjs")


@pytest.fixture
def run(target: Target, node_modules: Path) -> Callable[..., dict[str, Any]]:
    """Runs one situation of the script, and returns what the client saw."""

    def run(situation: str, *, base_url: str = target.base_url, api_key: str = target.api_key) -> dict[str, Any]:
        environment = os.environ | {"BASE_URL": base_url, "API_KEY": api_key, "MODEL": target.model}
        command = ["node", str(SCRIPT), str(node_modules), situation]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    return run


def test_create_whole_answer_has_text_reason_and_usage(run: Callable[..., dict[str, Any]], target: Target) -> None:
    target.provider.default = answers("one two three")
    seen = run("whole")
    assert (seen["text"], seen["reason"]) == ("one two three", "stop")
    assert seen["usage"]["completion_tokens"] == 3


def test_create_stream_comes_in_pieces_and_ends_with_usage(run: Callable[..., dict[str, Any]], target: Target) -> None:
    target.provider.default = answers("one two three")
    seen = run("stream")
    assert seen["pieces"] == ["one", " two", " three"]
    assert seen["usage"]["completion_tokens"] == 3


def test_create_stream_aborted_ends_the_request_of_the_provider(
    run: Callable[..., dict[str, Any]], target: Target
) -> None:
    target.provider.default = stalls(after=2)
    assert run("cancel") == {"first": "word "}
    assert target.provider.requests[-1].wait_left()


@pytest.mark.parametrize("situation", ["whole", "stream"])
def test_create_errors_are_the_client_s_own_types(
    run: Callable[..., dict[str, Any]], target: Target, situation: str
) -> None:
    seen = run(situation, api_key="sk-wrong")
    assert (seen["error"], seen["status"], seen["code"]) == ("AuthenticationError", 401, "invalid_api_key")
    seen = run(situation, base_url=target.unknown_url)
    assert (seen["error"], seen["status"]) == ("NotFoundError", 404)
    target.provider.default = refuses(429, code="rate_limit_exceeded", retry_after=3600)
    seen = run(situation)
    assert (seen["error"], seen["status"]) == target.overloaded
