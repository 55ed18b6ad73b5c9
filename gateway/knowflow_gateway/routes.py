"""What the protos say about REST: services, methods and paths, read from a descriptor set."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

_HTTP_OPTION = "google.api.http"
_VERBS = ("get", "put", "post", "delete", "patch")
_VARIABLE = re.compile(r"\{(?P<name>[^}=]+)(?:=(?P<segments>[^}]*))?\}")


@dataclass(frozen=True, kw_only=True)
class HttpRoute:
    """One HTTP method and path which leads to an RPC."""

    package: str
    service: str
    """Full name, e.g. `knowflow.v1.DatasetService`."""
    verb: str
    """In capitals, e.g. `GET`."""
    template: str
    """As in the proto, e.g. `/api/v1/datasets/{dataset_id}`."""
    upload: bool
    """The body streams to the server."""

    @property
    def variables(self) -> list[str]:
        """Return the names of the path's variables in their order."""
        return [match["name"].strip() for match in _VARIABLE.finditer(self.template)]

    @property
    def pattern(self) -> str:
        """Return the path with each variable replaced by its segments: `*` for one, `**` for any number."""
        return _VARIABLE.sub(lambda match: match["segments"] or "*", self.template)


@dataclass(frozen=True, kw_only=True)
class Api:
    """What the gateway needs to know about all services."""

    routes: tuple[HttpRoute, ...]
    """Every REST route, by service, method and rule in the order of the protos."""
    streaming: tuple[str, ...]
    """Every RPC which streams in a direction, with or without a route, as `/<service>/<rpc>`."""


def read_api(descriptor_set: bytes) -> Api:
    """Return what a descriptor set says about services and routes.

    Args:
        descriptor_set: A serialised `FileDescriptorSet` with all imports, as `buf build` and
            `protoc --include_imports` write it.

    Raises:
        ValueError: The bytes are no descriptor set with all imports, there is no `google.api.http` rule, or two rules
            have the same method and path.
    """
    pool = descriptor_pool.DescriptorPool()
    try:
        for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file:
            pool.Add(file)
        http_option = pool.FindExtensionByName(_HTTP_OPTION)
        file_set = pool.FindMessageTypeByName("google.protobuf.FileDescriptorSet")
    except (DecodeError, TypeError, KeyError) as error:
        raise ValueError(
            f"This is no descriptor set with {_HTTP_OPTION} rules and all imports. `buf build -o FILE` makes one."
        ) from error
    # Parsed by the set's own classes, the options are readable without any generated module.
    parsed: Any = message_factory.GetMessageClass(file_set).FromString(descriptor_set)
    methods = [
        (file.package, f"{file.package}.{service.name}", method)
        for file in parsed.file
        for service in file.service
        for method in service.method
    ]
    routes = tuple(
        route
        for package, service, method in methods
        if method.options.HasExtension(http_option)
        for route in _routes_of(package, service, method, method.options.Extensions[http_option])
    )
    _refuse_collisions(routes)
    return Api(
        routes=routes,
        streaming=tuple(
            f"/{service}/{method.name}"
            for _, service, method in methods
            if method.client_streaming or method.server_streaming
        ),
    )


def _routes_of(package: str, service: str, method: Any, rule: Any) -> Iterator[HttpRoute]:
    for binding in (rule, *rule.additional_bindings):
        kind = binding.WhichOneof("pattern")
        if kind is None:
            continue
        yield HttpRoute(
            package=package,
            service=service,
            verb=kind.upper() if kind in _VERBS else binding.custom.kind,
            template=getattr(binding, kind) if kind in _VERBS else binding.custom.path,
            upload=method.client_streaming,
        )


def _refuse_collisions(routes: Sequence[HttpRoute]) -> None:
    """Refuse two routes with the same method and path: the transcoder would answer 404 for both."""
    known: dict[tuple[str, str], HttpRoute] = {}
    for route in routes:
        other = known.setdefault((route.verb, route.pattern), route)
        if other is not route:
            raise ValueError(
                f"{route.verb} {route.template} of {route.service} is already {other.template} of {other.service}."
                " Change one of the paths."
            )
