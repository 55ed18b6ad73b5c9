"""What the OpenAPI documents say about an answer."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.cases import api
from tests.contract.sources import ROOT

FOLDER = ROOT / "clients" / "openapi"


@cache
def document(name: str) -> dict[str, Any]:
    """Return an OpenAPI document."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return read


@cache
def _validator(method: str, status: str) -> Draft202012Validator | None:
    """Return what judges the JSON of answers; None for answers of other kinds."""
    package, _, rpc = api.full_name(method).rpartition(".")
    words = package.split(".")
    surface = words[1] if len(words) > 2 else "knowflow"
    described = document(surface)
    wanted = rpc.replace("/", "_")
    operations = [one for path in described["paths"].values() for one in path.values() if one["operationId"] == wanted]
    responses = operations[0]["responses"]
    content = responses.get(status, responses["default"])["content"]
    if "application/json" not in content:
        return None
    schema = content["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": described["components"]})


def check(method: str, status: int, body: Any) -> None:
    """Fail when an answer is not as its OpenAPI document says.

    Args:
        method: The RPC, as cases name it.
        status: HTTP status.
        body: The JSON of the answer.
    """
    validator = _validator(method, str(status))
    if validator is not None:
        problems = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]
        assert not problems, f"{method} answers otherwise than its OpenAPI document says: {problems[:5]}"
