"""OpenAPI 3.1 documents of the REST surfaces, one each and one for all, from the descriptors of the protos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from google.api import annotations_pb2
from google.protobuf import descriptor_pb2
from openapi_schemas import LONG, NUMBERS, Field, Protos, Schema, Schemas, name_in_json

from knowflow.options.v1 import options_pb2

HTTP: Any = annotations_pb2.http
AUTH: Any = options_pb2.auth
VERBS = ("get", "put", "post", "delete", "patch")
VARIABLE = re.compile(r"\{([^}=]+)(?:=[^}]*)?\}")
HTTP_BODY = ".google.api.HttpBody"
VERSION = "2.1.5"
TEXT: Schema = {"type": "string"}

BEARER = {"type": "http", "scheme": "bearer", "description": "An API key of an organization, or the token of a login."}
RAW = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "An API key, without a word before it.",
}
HEADER = {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)[:1]}


@dataclass(frozen=True, eq=False)
class Surface:
    """A documented surface.

    Args:
        name: Its name, which is the name of its document.
        package: Its proto package.
        title: Shown to readers.
        schemes: How a caller shows its key; each will do.
        error: The body of a call that fails.
        base: What all paths have in common; tools show the paths without it.
    """

    name: str
    package: str
    title: str
    schemes: dict[str, Schema]
    error: Schema
    base: str = ""


SURFACES = (
    Surface(
        "knowflow",
        "knowflow.v1",
        "KnowFlow HTTP API",
        {"bearer": BEARER},
        # OpenAI's clients and probes have bodies of their own.
        {"anyOf": [_object(code={"type": "integer"}, message=TEXT), {"type": "object", "required": ["error"]}]},
    ),
    Surface(
        "platform",
        "knowflow.platform.v1",
        "KnowFlow platform API",
        {"bearer": BEARER},
        _object(status={"const": "error"}, error=_object(code=TEXT, message=TEXT)),
    ),
    Surface(
        "flowgent",
        "knowflow.flowgent.v1",
        "FlowGent API",
        {"key": RAW},
        _object(error=TEXT, message=TEXT, minimalPlan=TEXT),
    ),
    Surface(
        "knowledgebase",
        "knowflow.knowledgebase.v1",
        "Knowledgebase API",
        {"header": HEADER, "bearer": BEARER},
        _object(
            error=TEXT, details={"type": "array", "items": _object(field=TEXT, message=TEXT)}, nextAvailableAt=TEXT
        ),
    ),
    Surface(
        "konversation",
        "knowflow.konversation.v1",
        "Konversation chatbot API",
        {"bearer": BEARER},
        _object(message=TEXT, errors={"type": "object"}),
        base="/api",
    ),
)


@dataclass
class _Document:
    """A document in the making."""

    paths: dict[str, Any] = field(default_factory=dict)
    tags: list[Schema] = field(default_factory=list)
    schemes: dict[str, Schema] = field(default_factory=dict)
    schemas: dict[str, Schema] = field(default_factory=dict)


def documents(files: list[descriptor_pb2.FileDescriptorProto]) -> dict[str, Schema]:
    """Return the documents by name: one a surface that has operations, and `all`.

    Args:
        files: All protos with source information.
    """
    protos = Protos(files)
    ours = {surface: [file for file in files if file.package == surface.package] for surface in SURFACES}
    present = {surface: found for surface, found in ours.items() if any(file.service for file in found)}
    made: dict[str, Schema] = {}
    everything = _Document()
    for surface, found in present.items():
        alone = _Document()
        found.sort(key=lambda file: file.name)
        _describe(surface, found, protos, alone, whole=False)
        made[surface.name] = _finished(alone, surface.title, surface.base or "/")
        _describe(surface, found, protos, everything, whole=True)
    made["all"] = _finished(everything, "KnowFlow: all surfaces", "/")
    return made


def _finished(document: _Document, title: str, base: str) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "servers": [{"url": base}],
        "tags": document.tags,
        "paths": dict(sorted(document.paths.items())),
        "components": {
            "securitySchemes": document.schemes,
            "schemas": dict(sorted(document.schemas.items())),
        },
    }


def _describe(
    surface: Surface,
    files: list[descriptor_pb2.FileDescriptorProto],
    protos: Protos,
    document: _Document,
    *,
    whole: bool,
) -> None:
    prefix = f"{surface.name}." if whole else ""
    schemas = Schemas(protos, lambda name: prefix + name.removeprefix(f".{surface.package}."))
    # The server takes every kind of key on all surfaces, so one is enough where they stand together.
    schemes = {"bearer": BEARER} if whole else surface.schemes
    for file in files:
        for service in file.service:
            name = f".{file.package}.{service.name}"
            operations = _Operations(surface, name, protos, schemas, schemes, prefix)
            tag = words(service.name)
            if any(one["name"] == tag for one in document.tags):
                tag = f"{tag} ({surface.title})"
            before = len(document.paths)
            for method in service.method:
                for path, verb, operation in operations.of(method):
                    # A path outside of what the others have in common stands beside them.
                    outside = {} if whole or path.startswith(surface.base) else {"servers": [{"url": "/"}]}
                    shown = path.removeprefix(surface.base)
                    document.paths.setdefault(shown, {})[verb] = {"tags": [tag]} | operation | outside
            if len(document.paths) > before:
                document.tags.append({"name": tag, "description": protos.comment(name)})
    document.schemas |= schemas.components | {f"{prefix}Error": surface.error}
    document.schemes |= schemes


def words(service: str) -> str:
    """Return the name of a service as words. Example: `Flow Tag` for `FlowTagService`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", service.removesuffix("Service"))
    return apart.replace("Whats App", "WhatsApp").replace("Api Key", "API Key")


class _Operations:
    """The operations of a service."""

    def __init__(
        self,
        surface: Surface,
        service: str,
        protos: Protos,
        schemas: Schemas,
        schemes: dict[str, Schema],
        prefix: str,
    ) -> None:
        self._surface = surface
        self._service = service
        self._protos = protos
        self._schemas = schemas
        self._schemes = schemes
        self._prefix = prefix

    def of(self, method: descriptor_pb2.MethodDescriptorProto) -> Iterator[tuple[str, str, Schema]]:
        """Yield path, verb and operation of each route of a method."""
        if not method.options.HasExtension(HTTP):
            return
        rule = method.options.Extensions[HTTP]
        shown: set[tuple[str, str]] = set()
        for number, binding in enumerate((rule, *rule.additional_bindings)):
            verb = binding.WhichOneof("pattern")
            if verb not in VERBS:
                continue
            path = VARIABLE.sub(lambda match: f"{{{self._name(method, match[1])}}}", getattr(binding, verb))
            # The same path with and without what all have in common is one operation.
            key = (verb, path.removeprefix(self._surface.base))
            if key not in shown:
                shown.add(key)
                yield path, verb, self._operation(method, binding, number)

    def _name(self, method: descriptor_pb2.MethodDescriptorProto, path: str) -> str:
        return name_in_json(self._protos.field_at(method.input_type, path)[1])

    def _operation(self, method: descriptor_pb2.MethodDescriptorProto, binding: Any, number: int) -> Schema:
        comment = self._protos.comment(f"{self._service}.{method.name}")
        pattern = getattr(binding, binding.WhichOneof("pattern"))
        variables = [match[1] for match in VARIABLE.finditer(pattern)]
        unique = f"{self._prefix}{self._service.rpartition('.')[2]}_{method.name}" + (f"_{number}" if number else "")
        operation: Schema = {
            "operationId": unique,
            "summary": re.split(r"(?<=\.)\s", comment)[0].removesuffix("."),
            "description": comment,
            "parameters": [self._variable(method.input_type, name) for name in variables],
            "responses": self._responses(method),
        }
        if binding.body == "*":
            operation["requestBody"] = self._whole_body(method.input_type, frozenset(variables))
        else:
            taken = frozenset({*variables, binding.body})
            operation["parameters"] += [self._query(*leaf) for leaf in self._schemas.leaves(method.input_type, taken)]
        if binding.body not in {"", "*"}:
            operation["requestBody"] = self._one_body(method, binding.body)
        if method.options.Extensions[AUTH] != options_pb2.AUTH_NONE:
            operation["security"] = [{name: []} for name in self._schemes]
        return operation

    def _variable(self, message: str, path: str) -> Schema:
        name, found = self._protos.field_at(message, path)
        return self._parameter(name_in_json(found), "path", name, found) | {"required": True}

    def _query(self, shown: str, name: str, found: Field) -> Schema:
        parameter = self._parameter(shown, "query", name, found)
        return parameter | ({"required": True} if self._schemas.is_required(name, found) else {})

    def _parameter(self, shown: str, place: str, name: str, found: Field) -> Schema:
        schema = self._schemas.field(name, found)
        if place == "path" and found.type not in {*NUMBERS, *LONG} and schema.get("type") == "string":
            # An empty segment is another path.
            schema = {"minLength": 1} | schema
        description = schema.pop("description", "")
        return {"name": shown, "in": place, "description": description, "schema": schema}

    def _whole_body(self, message: str, variables: frozenset[str]) -> Schema:
        if message == HTTP_BODY:
            return {"content": {"*/*": {"schema": {}}}}
        schema = self._schemas.message(message, without=variables) if variables else self._schemas.reference(message)
        resolved = self._schemas.message(message, without=variables)
        return {"required": "required" in resolved, "content": {"application/json": {"schema": schema}}}

    def _one_body(self, method: descriptor_pb2.MethodDescriptorProto, path: str) -> Schema:
        name, found = self._protos.field_at(method.input_type, path)
        if found.type_name == HTTP_BODY and method.client_streaming:
            files = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
            schema = {"type": "object", "properties": {"file": files}, "required": ["file"]}
            return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
        if found.type_name == HTTP_BODY:
            return {"required": True, "content": {"*/*": {"schema": {}}}}
        schema = self._schemas.field(name, found)
        return {"required": self._schemas.is_required(name, found), "content": {"application/json": {"schema": schema}}}

    def _responses(self, method: descriptor_pb2.MethodDescriptorProto) -> Schema:
        if method.output_type == HTTP_BODY:
            success: Schema = {"*/*": {"schema": {}}}
        else:
            success = {"application/json": {"schema": self._schemas.reference(method.output_type)}}
        error = {"application/json": {"schema": {"$ref": f"#/components/schemas/{self._prefix}Error"}}}
        return {
            "200": {"description": self._protos.comment(method.output_type) or "Success.", "content": success},
            "default": {"description": "The call failed; the body says why.", "content": error},
        }
