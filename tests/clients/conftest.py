"""What the official clients are pointed at, and the Node client itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.target import Target
from tests.providers.openai_stand_in import KEY
from tests.standins.openai_chat import ChatStandIn

NODE_PACKAGE = "openai@7.57.0"


@pytest.fixture(params=["stand-in"])
def target() -> Iterator[Target]:
    """The stand-in itself: if the official clients understand it, its wire format is the real one."""
    with ChatStandIn(is_key_required=True) as provider:
        yield Target(provider.url, KEY, provider.url.replace("/v1", "/v2"), provider)


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
