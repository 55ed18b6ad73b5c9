"""The RPCs as the descriptor set describes them: messages, stubs and routes."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

import grpc
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

HTTP: Any = annotations_pb2.http
VARIABLE = re.compile(r"\{(\w+)(?:=[^}]*)?\}")
PACKAGE = "knowflow.v1"


@dataclass(frozen=True)
class Route:
    """A REST route of an RPC.

    Attributes:
        verb: GET, POST, ...
        template: The path with its variables, `/api/v1/datasets/{dataset_id}`.
        body: Field that is the body, `*` for all that is not in the path, empty for none.
    """

    verb: str
    template: str
    body: str


@dataclass(frozen=True)
class HttpCall:
    """A REST call: what the rule of a route makes of a request."""

    verb: str
    path: str
    body: Any = None


@cache
def services() -> dict[str, descriptor_pb2.ServiceDescriptorProto]:
    """Return all of our services by full name, as the descriptor set holds them."""
    found: dict[str, descriptor_pb2.ServiceDescriptorProto] = {}
    content = files("knowflow").joinpath("descriptors.binpb").read_bytes()
    for file in descriptor_pb2.FileDescriptorSet.FromString(content).file:
        if file.package.startswith("knowflow."):
            found |= {f"{file.package}.{service.name}": service for service in file.service}
    return found


@cache
def methods() -> dict[str, descriptor_pb2.MethodDescriptorProto]:
    """Return all of our RPCs by full name, `knowflow.v1.DatasetService/CreateDataset`."""
    return {f"{name}/{method.name}": method for name, service in services().items() for method in service.method}


def full_name(method: str) -> str:
    """Return the full name of an RPC, which cases may give without its package."""
    return method if method.startswith("knowflow.") else f"{PACKAGE}.{method}"


def routes(method: str) -> list[Route]:
    """Return the routes of an RPC, the first being its own and the others its aliases."""
    options = methods()[full_name(method)].options
    if not options.HasExtension(HTTP):
        return []
    rule = options.Extensions[HTTP]
    return [_route(one) for one in (rule, *rule.additional_bindings)]


def _route(rule: http_pb2.HttpRule) -> Route:
    kind = rule.WhichOneof("pattern")
    if kind == "custom":
        return Route(rule.custom.kind, rule.custom.path, rule.body)
    return Route(kind.upper(), getattr(rule, kind), rule.body)


@cache
def descriptor(method: str) -> MethodDescriptor:
    """Return the descriptor of an RPC, with its generated modules loaded."""
    service, _, name = full_name(method).partition("/")
    _stub_module(service)
    return descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]


@cache
def _stub_module(service: str) -> Any:
    content = files("knowflow").joinpath("descriptors.binpb").read_bytes()
    for file in descriptor_pb2.FileDescriptorSet.FromString(content).file:
        if service in {f"{file.package}.{one.name}" for one in file.service}:
            return importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2_grpc")
    raise LookupError(service)


def stub(channel: grpc.aio.Channel, method: str) -> Any:
    """Return the callable of an RPC on its generated stub."""
    service, _, name = full_name(method).partition("/")
    return getattr(getattr(_stub_module(service), f"{service.rpartition('.')[2]}Stub")(channel), name)


def request_class(method: str) -> type[Message]:
    """Return the class of an RPC's request message."""
    return message_factory.GetMessageClass(descriptor(method).input_type)


def http_call(method: str, request: Mapping[str, Any]) -> HttpCall:
    """Return the REST call which a request becomes by the RPC's `google.api.http` rule."""
    route = routes(method)[0]
    left = dict(request)
    json_names = {field.name: field.json_name for field in descriptor(method).input_type.fields}

    def value(match: re.Match[str]) -> str:
        return quote(str(left.pop(json_names[match[1]])), safe="")

    path = VARIABLE.sub(value, route.template)
    if route.body == "*":
        return HttpCall(route.verb, path, left)
    if route.body:
        body = left.pop(json_names[route.body], None)
        return HttpCall(route.verb, path + _query(left), body)
    return HttpCall(route.verb, path + _query(left))


def _query(parameters: Mapping[str, Any]) -> str:
    parameters = {
        name: item
        for outer, value in parameters.items()
        for name, item in (
            {f"{outer}.{inner}": one for inner, one in value.items()} if isinstance(value, Mapping) else {outer: value}
        ).items()
    }
    pairs = [
        (name, str(item).lower() if isinstance(item, bool) else item)
        for name, value in parameters.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return f"?{urlencode(pairs)}" if pairs else ""
