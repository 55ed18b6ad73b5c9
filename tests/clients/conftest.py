"""What the official clients are pointed at, and the Node client itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chat_models import chat_settings
from tests.clients.target import Target
from tests.providers.openai_stand_in import KEY
from tests.serving import Server, start_server
from tests.standins.openai_chat import ChatStandIn, answers

NODE_PACKAGE = "openai@7.57.0"


@pytest.fixture
def stand_in() -> Iterator[Target]:
    """The stand-in itself: if the official clients understand it, its wire format is the real one."""
    with ChatStandIn(is_key_required=True) as provider:
        yield Target(provider.url, KEY, provider.url.replace("/v1", "/v2"), provider)


@pytest.fixture(scope="session")
def provider_of_server() -> Iterator[ChatStandIn]:
    """The provider behind the server."""
    with ChatStandIn(is_key_required=True) as provider:
        yield provider


@pytest.fixture(scope="session")
def target_server(provider_of_server: ChatStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose chat models are the provider's."""
    settings = chat_settings(provider_of_server)
    with start_server(tmp_path_factory.mktemp("clients"), settings=settings) as running:
        yield running


@pytest.fixture(scope="session")
def assistant(target_server: Server) -> str:
    """An assistant that knows one thing; the default prompt is left out, so that the provider hears just the caller."""
    headers = {"Authorization": f"Bearer {target_server.key}"}
    with httpx.Client(base_url=f"{target_server.url}/api/v1", headers=headers, timeout=60, trust_env=False) as client:

        def post(path: str, **body: object) -> Any:
            answer = client.post(path, **body).json()
            assert answer["code"] == 0, answer
            return answer["data"]

        dataset = post("/datasets", json={"name": "knowledge of the clients"})["id"]
        path = f"/datasets/{dataset}/documents"
        document = post(path, files={"file": ("learning.txt", "x")})[0]["id"]
        content = "Machine learning is a subset of artificial intelligence that learns from data."
        post(f"{path}/{document}/chunks", json={"content": content})
        chat = {"name": "assistant", "dataset_ids": [dataset], "prompt": {"empty_response": ""}}
        return str(post("/chats", json=chat)["id"])


@pytest.fixture
def knowflow(target_server: Server, provider_of_server: ChatStandIn, assistant: str) -> Target:
    """An assistant of ours, with the address that the document gives to people."""
    provider_of_server.default = answers()
    provider_of_server.requests.clear()
    base_url = f"{target_server.url}/api/v1/chats_openai/{assistant}"
    return Target(base_url, target_server.key, base_url.replace(assistant, "0" * 32), provider_of_server)


@pytest.fixture(scope="session")
def agent(target_server: Server) -> str:
    """An agent that asks the provider, and says what it answers while it is made."""
    components = {
        "begin": {"obj": {"component_name": "Begin"}, "downstream": ["ask"]},
        "ask": {"obj": {"component_name": "LLM"}, "downstream": ["say"]},
        "say": {"obj": {"component_name": "Message", "params": {"content": ["{ask@content}"]}}},
    }
    headers = {"Authorization": f"Bearer {target_server.key}"}
    body = {"title": "agent of the clients", "dsl": {"components": components}}
    answer = httpx.post(
        f"{target_server.url}/api/v1/agents", json=body, headers=headers, timeout=60, trust_env=False
    ).json()
    assert answer["code"] == 0, answer
    return str(answer["id"])


@pytest.fixture
def our_agent(target_server: Server, provider_of_server: ChatStandIn, agent: str) -> Target:
    """An agent of ours; one of its components fails when the provider is overloaded, and that fails the run."""
    provider_of_server.default = answers()
    provider_of_server.requests.clear()
    base_url = f"{target_server.url}/api/v1/agents_openai/{agent}"
    unknown_url = base_url.replace(agent, "0" * 32)
    return Target(base_url, target_server.key, unknown_url, provider_of_server, overloaded=("InternalServerError", 500))


@pytest.fixture(params=["stand_in", "knowflow", "our_agent"])
def target(request: pytest.FixtureRequest) -> Target:
    """The stand-in, and an assistant and an agent in front of it: the clients cannot tell them apart."""
    made: Target = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """A folder outside the tree with the Node client, installed once a machine."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "knowflow" / "tests"
    folder = cache / NODE_PACKAGE.replace("@", "-")
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=cache))
        command = ["npm", "install", "--prefix", str(made), "--ignore-scripts", "--no-audit", "--no-fund", NODE_PACKAGE]
        subprocess.run(command, check=True, capture_output=True, timeout=150)
        try:
            made.rename(folder)
        except OSError:
            # Another run was faster.
            shutil.rmtree(made)
    return folder / "node_modules"
