"""Every RPC has a handler, a route or a reason for having none, a case, and its key; routes do not collide."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.protobuf import descriptor_pb2

from buf.validate import validate_pb2
from knowflow.options.v1 import options_pb2
from knowflow_server import rpc
from knowflow_server.domain.access import Access
from knowflow_server.domain.audit import Audit as AuditLog
from knowflow_server.domain.rate_limit import RateLimits
from knowflow_server.rpc import registry
from knowflow_server.rpc.interceptors.access_log import AccessLog
from knowflow_server.rpc.interceptors.audit import Audit
from knowflow_server.rpc.interceptors.auth import Auth
from knowflow_server.rpc.interceptors.error_mapping import ErrorMapping
from knowflow_server.rpc.interceptors.permission import Permission
from knowflow_server.rpc.interceptors.rate_limit import RateLimit
from knowflow_server.rpc.interceptors.request_id import RequestId
from knowflow_server.rpc.interceptors.validation import Validation
from tests.cases import api
from tests.cases.case import FOLDER, cases
from tests.contract.sources import descriptors_with_comments

NO_ROUTE = "It has no REST route"
AUTH: Any = options_pb2.auth
PERMISSION: Any = options_pb2.permission
RULES: Any = validate_pb2.field
METHODS = sorted(api.methods())
# Streams which end when their caller leaves, tested with a whole talk, and what no version has a provider for.
WITHOUT_SUCCESS = {
    "knowflow.konversation.v1.SendingService/SendSms",
    "knowflow.konversation.v1.WebchatService/StreamVisitorMessages",
    "knowflow.konversation.v1.WebchatService/WatchVisitorMessages",
}


@pytest.fixture(scope="module")
def comments() -> dict[str, str]:
    """The comment of every RPC by full name."""
    found = {}
    for file in descriptors_with_comments().file:
        places = {tuple(location.path): location.leading_comments for location in file.source_code_info.location}
        for s, service in enumerate(file.service):
            for m, method in enumerate(service.method):
                found[f"{file.package}.{service.name}/{method.name}"] = places[6, s, 2, m]
    return found


@pytest.mark.parametrize("method", METHODS)
def test_rpc_has_a_handler(method: str) -> None:
    service, _, name = method.partition("/")
    package, _, short = service.rpartition(".")
    served = {one.full_name for one in registry.service_descriptors()}
    assert service in served, f"{service} is not served"
    classes = [base for base in _all_servicers() if any(_serves(b, package, short) for b in base.__mro__)]
    assert len(classes) == 1, f"{service} has {len(classes)} servicers"
    assert name in vars(classes[0]), f"{classes[0].__name__} does not answer {name}"


def _serves(base: type, package: str, short: str) -> bool:
    return base.__name__ == f"{short}Servicer" and base.__module__.rpartition(".")[0] == package


def _all_servicers() -> list[type]:
    names = [module.name for module in pkgutil.walk_packages(rpc.__path__, "knowflow_server.rpc.")]
    found = {item for name in names for item in vars(importlib.import_module(name)).values() if isinstance(item, type)}
    return [item for item in found if any(b.__module__.endswith("_service_pb2_grpc") for b in item.__mro__[1:])]


@pytest.mark.parametrize("method", METHODS)
def test_rpc_has_a_route_or_says_why_not(method: str, comments: dict[str, str]) -> None:
    text = " ".join(comments[method].split())
    assert bool(api.routes(method)) != (NO_ROUTE in text), f"a route, or `{NO_ROUTE}: ...` in its comment"


@pytest.mark.parametrize("method", METHODS)
def test_rpc_has_a_case_for_success_and_one_for_failure(method: str) -> None:
    mine = [case for case in cases().values() if case.method and api.full_name(case.method) == method]
    if method in WITHOUT_SUCCESS:
        assert any(case.expect.grpc != "OK" for case in mine)
        return
    assert any(case.expect.status < 400 and case.expect.grpc == "OK" for case in mine)
    never_fails = method in {"knowflow.v1.SystemService/CheckHealth", "knowflow.v1.DocumentationService/GetPage"}
    assert never_fails or any(case.expect.grpc != "OK" for case in mine)


def test_cases_lie_in_the_folder_of_their_method() -> None:
    for path, case in cases().items():
        if case.method:
            name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", case.method.partition("/")[2]).lower()
            assert path.parent.name == name, path.relative_to(FOLDER)
            assert api.full_name(case.method) in api.methods(), case.method


def test_cases_with_shared_setups_only_read_them() -> None:
    reading = ("List", "Get", "Retrieve", "Download", "Watch", "Check")
    for path, case in cases().items():
        for step in (case, *case.then):
            raw = step.raw if isinstance(step.raw, dict) else {}
            reads = raw["verb"] == "GET" if raw else step.method.partition("/")[2].startswith(reading)
            refused = step.expect.status >= 400 or step.expect.grpc != "OK"
            assert not case.shared or reads or refused, path.relative_to(FOLDER)


def _segments(template: str) -> list[str]:
    return ["*" if part.startswith("{") else part for part in template.strip("/").split("/")]


def _collide(a: str, b: str) -> bool:
    """Return whether some path fits both templates."""
    first, second = _segments(a), _segments(b)
    return len(first) == len(second) and all(x == y or "*" in (x, y) for x, y in zip(first, second, strict=True))


def test_no_two_routes_collide() -> None:
    routes = [(method, route) for method in METHODS for route in api.routes(method)]
    for (one, first), (other, second) in itertools.combinations(routes, 2):
        same = first.verb == second.verb and _collide(first.template, second.template)
        assert not same, f"{one} and {other}: {first.verb} {first.template} and {second.template}"


def test_colliding_routes_are_told_apart() -> None:
    assert _collide("/a/{b}", "/a/b")
    assert _collide("/a/{b}", "/{a}/b")
    assert not _collide("/a/{b}", "/a/b/c")
    assert not _collide("/a/b", "/a/c")


def test_path_variables_are_fields_of_the_request() -> None:
    for method in METHODS:
        fields = set(api.descriptor(method).input_type.fields_by_name)
        for route in api.routes(method):
            assert set(api.VARIABLE.findall(route.template)) <= fields, method


def test_rpcs_without_a_key_are_these() -> None:
    assert [
        method for method in METHODS if api.methods()[method].options.Extensions[AUTH] == options_pb2.AUTH_NONE
    ] == [
        # It wants the operator key instead.
        "knowflow.flowgent.v1.CreditService/TopUpCredits",
        # They want what WhatsApp and the owner of a connection know.
        "knowflow.flowgent.v1.WhatsAppService/ReceiveWhatsAppEvents",
        "knowflow.flowgent.v1.WhatsAppService/VerifyWhatsAppWebhook",
        # Its address is the secret.
        "knowflow.konversation.v1.TriggerService/CallInboundWebhook",
        "knowflow.platform.v1.AuthService/Login",
        "knowflow.platform.v1.AuthService/Register",
        "knowflow.v1.DocumentationService/GetOpenApi",
        "knowflow.v1.DocumentationService/GetPage",
        "knowflow.v1.DocumentationService/GetPageFile",
        "knowflow.v1.SystemService/CheckHealth",
    ]
    assert {
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/List",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    } == registry.OPEN_INFRASTRUCTURE


def test_layers_around_a_call_are_these_outermost_first() -> None:
    nothing = SimpleNamespace()
    guards = registry.Guards(cast("Access", nothing), cast("RateLimits", nothing), cast("AuditLog", nothing))
    layers = [type(layer) for layer in registry.chain(guards).layers]
    assert layers == [RequestId, AccessLog, ErrorMapping, Auth, RateLimit, Permission, Audit, Validation]


@pytest.mark.parametrize("method", METHODS)
def test_rpc_declares_the_permission_of_its_caller(method: str) -> None:
    permission = api.methods()[method].options.Extensions[PERMISSION]
    assert permission != options_pb2.PERMISSION_UNSPECIFIED, "option (knowflow.options.v1.permission)"


def test_every_message_field_and_enum_value_has_a_comment() -> None:
    for file in descriptors_with_comments().file:
        if not file.package.startswith("knowflow."):
            continue
        commented = {tuple(one.path) for one in file.source_code_info.location if one.leading_comments.strip()}
        for place, name in _members(file):
            assert place in commented, f"{file.name}: {name} has no comment"


def test_field_without_which_a_call_is_refused_says_so() -> None:
    """The documentation marks what is required by these comments."""
    for file in descriptors_with_comments().file:
        comments = {tuple(one.path): one.leading_comments.strip() for one in file.source_code_info.location}
        for m, message in enumerate(file.message_type):
            for f, field in enumerate(message.field):
                rules = field.options.Extensions[RULES]
                if rules.required or rules.repeated.min_items:
                    assert comments[4, m, 2, f].startswith("Required."), f"{message.name}.{field.name}"


def _members(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    for m, message in enumerate(file.message_type):
        yield (4, m), message.name
        for f, field in enumerate(message.field):
            yield (4, m, 2, f), f"{message.name}.{field.name}"
    for e, enum in enumerate(file.enum_type):
        yield (5, e), enum.name
        for v, value in enumerate(enum.value):
            yield (5, e, 2, v), value.name
    for s, service in enumerate(file.service):
        yield (6, s), service.name
        for r, method in enumerate(service.method):
            yield (6, s, 2, r), method.name
