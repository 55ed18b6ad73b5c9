"""schemathesis calls every operation through Envoy: no answer is a 5xx, and each one is as its document says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.documentation.described import FOLDER
from tests.serving import Server, start_server

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
schema = schemathesis.openapi.from_path(str(FOLDER / "all.json"))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: whatever is called here may change everything."""
    with start_server(tmp_path_factory.mktemp("fuzzed"), settings={"RATE_LIMITS": json.dumps(LIMITS)}) as running:
        yield running


LIMITS = dict.fromkeys(("platform", "flowgent", "knowledgebase", "konversation"), "100000/minute")


@pytest.fixture(scope="module")
def known(fuzzed: Server) -> dict[str, Any]:
    """Ids of what is there, by the names under which operations ask for them."""
    headers = {"Authorization": f"Bearer {fuzzed.key}"}
    with httpx.Client(base_url=fuzzed.url, headers=headers, timeout=60, trust_env=False) as rest:
        dataset = rest.post("/api/v1/datasets", json={"name": "known"}).json()["data"]["id"]
        chat = rest.post("/api/v1/chats", json={"name": "known"}).json()["data"]["id"]
        organization = rest.get("/v1/organizations").json()["data"][0]["id"]
    return {"dataset_id": dataset, "chat_id": chat, "organization_id": organization}


@schema.parametrize()
@settings(
    max_examples=4,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_operation(case: Case, fuzzed: Server, known: dict[str, Any]) -> None:
    # Most random ids lead nowhere, so that no more than the first look at a request would be tested.
    case.path_parameters = {**(case.path_parameters or {}), **_known_of(case, known)}
    case.call_and_validate(
        base_url=fuzzed.url, headers={"Authorization": f"Bearer {fuzzed.key}"}, checks=CHECKS, timeout=60
    )


def _known_of(case: Case, known: dict[str, Any]) -> dict[str, Any]:
    names = (case.path_parameters or {}).keys()
    return {} if case.method == "DELETE" else {name: known[name] for name in names if name in known}
