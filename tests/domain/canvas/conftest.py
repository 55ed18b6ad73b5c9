"""Makes the probe a component that graphs can name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from knowflow_server.domain.canvas.component import registry
from tests.domain.canvas.harness import Probe


@pytest.fixture(autouse=True, scope="module")
def _probe() -> Iterator[None]:
    components = cast("dict[str, Any]", registry())
    components["Probe"] = Probe
    yield
    del components["Probe"]
