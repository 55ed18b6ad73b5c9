"""What the protos declare about methods beside their messages and routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from knowflow.options.v1 import options_pb2

# Extensions are typed for messages of their own file only.
AUTH: Any = options_pb2.auth
PERMISSION: Any = options_pb2.permission
RATE_CLASS: Any = options_pb2.rate_class

CLASSES = {
    options_pb2.RATE_CLASS_READ: "read",
    options_pb2.RATE_CLASS_WRITE: "write",
    options_pb2.RATE_CLASS_SEARCH: "search",
    options_pb2.RATE_CLASS_CHAT: "chat",
}
CORE = "knowflow"


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared about a method.

    Args:
        surface: The documented surface it belongs to: `knowflow`, `platform`, ...
        permission: What its caller must be allowed to do, a value of `Permission`.
        rate_class: The class whose limits count its calls: `read`, `write`, `search` or `chat`.
        names_organization: Whether its request says for which organization it is.
        takes_websites: Whether the public token of a website may call it.
    """

    surface: str
    permission: int
    rate_class: str
    names_organization: bool
    takes_websites: bool = False


def declared_methods(services: Iterable[ServiceDescriptor]) -> dict[str, Declared]:
    """Return what is declared about all methods, by full name, `/knowflow.v1.DatasetService/ListDatasets`."""
    return {
        f"/{service.full_name}/{method.name}": _declared(service, method)
        for service in services
        for method in service.methods
    }


def open_methods(services: Iterable[ServiceDescriptor]) -> frozenset[str]:
    """Return the full names of the methods which take calls without an API key."""
    return frozenset(
        f"/{service.full_name}/{method.name}"
        for service in services
        for method in service.methods
        if method.GetOptions().Extensions[AUTH] == options_pb2.AUTH_NONE
    )


def _declared(service: ServiceDescriptor, method: MethodDescriptor) -> Declared:
    options: Any = method.GetOptions()
    permission = options.Extensions[PERMISSION]
    reads = options_pb2.Permission.Name(permission).endswith("_READ")
    kind = CLASSES.get(options.Extensions[RATE_CLASS], "read" if reads else "write")
    # knowflow.v1 is the core, knowflow.platform.v1 the platform.
    words = service.file.package.split(".")
    surface = words[1] if len(words) > 2 else CORE
    fields = method.input_type.fields_by_name
    # Only unary requests can name one before the handler begins.
    names = "organization_id" in fields and not service.methods_by_name[method.name].client_streaming
    is_open = options.Extensions[AUTH] == options_pb2.AUTH_NONE
    return Declared(
        surface,
        permission,
        kind,
        names_organization=names and not is_open,
        takes_websites=options.Extensions[AUTH] == options_pb2.AUTH_API_KEY_OR_WEBSITE,
    )
