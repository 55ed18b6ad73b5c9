"""The OpenAPI documents are valid, complete, and the ones which are served."""

from __future__ import annotations

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from tests.cases import api
from tests.documentation.described import FOLDER, document

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
VERBS = {"get", "put", "post", "delete", "patch"}


@pytest.mark.parametrize("name", NAMES)
def test_document_is_valid(name: str) -> None:
    validate(document(name), cls=OpenAPIV31SpecValidator)


def test_document_of_all_holds_every_rpc_that_has_a_route() -> None:
    paths = document("all")["paths"].values()
    described = {one["operationId"].split(".")[-1] for path in paths for verb, one in path.items() if verb in VERBS}
    routed = {method.rpartition(".")[2].replace("/", "_") for method in api.methods() if api.routes(method)}
    assert routed <= described


def test_operations_without_a_key_say_so() -> None:
    operations = document("all")["paths"]
    assert "security" not in operations["/v1/auth/login"]["post"]
    assert operations["/api/v1/datasets"]["get"]["security"] == [{"bearer": []}]


def test_required_fields_are_marked() -> None:
    login = document("platform")["components"]["schemas"]["LoginRequest"]
    assert login["required"] == ["email", "password"]


def test_surfaces_show_keys_in_their_own_way() -> None:
    schemes = {name: document(name)["components"]["securitySchemes"] for name in NAMES}
    assert {one["type"] for one in schemes["konversation"].values()} == {"http"}
    assert schemes["flowgent"]["key"] | {"description": ""} == {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "",
    }
    assert schemes["knowledgebase"]["header"]["name"] == "X-API-Key"


@pytest.mark.parametrize("name", NAMES)
async def test_served_document_is_the_committed_one(rest: httpx.AsyncClient, name: str) -> None:
    answer = await rest.get(f"/openapi/{name}.json")
    assert answer.json() == document(name)
