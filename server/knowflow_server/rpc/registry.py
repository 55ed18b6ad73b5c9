"""The gRPC server: every service, the chain around them, health and reflection."""

from __future__ import annotations

import errno
import importlib
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import grpc
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from knowflow_server.domain.access import Access
from knowflow_server.domain.audit import Audit as AuditLog
from knowflow_server.domain.rate_limit import RateLimits
from knowflow_server.rpc.interceptors.access_log import AccessLog
from knowflow_server.rpc.interceptors.audit import Audit
from knowflow_server.rpc.interceptors.auth import Auth
from knowflow_server.rpc.interceptors.chain import Chain, Layer
from knowflow_server.rpc.interceptors.error_mapping import ErrorMapping
from knowflow_server.rpc.interceptors.permission import Permission
from knowflow_server.rpc.interceptors.rate_limit import RateLimit
from knowflow_server.rpc.interceptors.request_id import RequestId
from knowflow_server.rpc.interceptors.validation import Validation
from knowflow_server.rpc.methods import declared_methods, open_methods

# What gRPC itself offers without a key: probes and the schema, neither of which is anybody's data.
OPEN_INFRASTRUCTURE = frozenset(
    {
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/List",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    }
)
OPTIONS = (
    # Two servers on one port would share its calls at random.
    ("grpc.so_reuseport", 0),
    # The gateway takes JSON bodies of 16 MiB; as a message they are never larger.
    ("grpc.max_receive_message_length", 17 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
    # Long addresses travel as metadata; gRPC's own limit is 8 KB.
    ("grpc.max_metadata_size", 65_536),
    ("grpc.absolute_max_metadata_size", 65_536),
)


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands before every call: who calls, how often, and what is written down about it."""

    access: Access
    limits: RateLimits
    audit: AuditLog


@cache
def service_descriptors() -> list[ServiceDescriptor]:
    """Return the descriptors of all our services, as the stubs carry them."""
    packed = resources.files("knowflow").joinpath("descriptors.binpb").read_bytes()
    files = descriptor_pb2.FileDescriptorSet.FromString(packed).file
    names = sorted(file.name for file in files if file.service and file.package.startswith("knowflow."))
    modules: list[Any] = [importlib.import_module(f"{name[:-6].replace('/', '.')}_pb2") for name in names]
    return [service for module in modules for service in module.DESCRIPTOR.services_by_name.values()]


def chain(guards: Guards, watchers: Iterable[Layer] = ()) -> Chain:
    """Return the layers around every call, outermost first; watchers see how each call ends."""
    services = service_descriptors()
    methods = declared_methods(services)
    return Chain(
        [
            RequestId(),
            AccessLog(),
            *watchers,
            ErrorMapping(),
            Auth(guards.access, open_methods(services) | OPEN_INFRASTRUCTURE),
            # Callers who are refused for what they ask are counted, too.
            RateLimit(guards.limits, methods),
            Permission(guards.access, methods),
            Audit(guards.audit, methods),
            Validation(),
        ]
    )


@dataclass(slots=True)
class GrpcServer:
    """A server that is bound and not yet started."""

    server: Any
    health: Any
    port: int

    async def start(self) -> None:
        """Begin to answer."""
        await self.server.start()
        await self.health.set("", health_pb2.HealthCheckResponse.SERVING)

    async def stop(self, grace_s: float) -> None:
        """Take no new calls, and end running ones after `grace_s` seconds at the latest."""
        await self.health.enter_graceful_shutdown()
        await self.server.stop(grace_s)


def build(
    servicers: Iterable[object], guards: Guards, watchers: Iterable[Layer] = (), *, host: str, port: int
) -> GrpcServer:
    """Return a server that is bound to a port; 0 picks a free one.

    Args:
        servicers: One for each service of the protos.
        guards: What stands before every call.
        watchers: What measures and traces calls.
        host: Where to listen.
        port: Where to listen.

    Raises:
        RuntimeError: A service has no servicer.
        OSError: Nothing can listen there; its sentence says why.
    """
    server = grpc.aio.server(interceptors=[chain(guards, watchers)], options=OPTIONS)
    _add(servicers, server)
    probes = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(probes, server)
    names = [service.full_name for service in service_descriptors()]
    reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        raise OSError(_why_unbound(host, port)) from None
    return GrpcServer(server, probes, bound)


def _add(servicers: Iterable[object], server: Any) -> None:
    missing = {service.full_name for service in service_descriptors()}
    for servicer in servicers:
        # The generated base class and the function which adds it lie side by side.
        base = next(one for one in type(servicer).__mro__ if one.__module__.endswith("_service_pb2_grpc"))
        module: Any = sys.modules[base.__module__]
        getattr(module, f"add_{base.__name__}_to_server")(servicer, server)
        missing.remove(f"{base.__module__.rpartition('.')[0]}.{base.__name__.removesuffix('Servicer')}")
    if missing:
        raise RuntimeError(f"Nobody serves {', '.join(sorted(missing))}.")


def _why_unbound(host: str, port: int) -> str:
    """Return why nothing can listen at an address; gRPC does not tell, a plain socket does."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.bind(address)
    except socket.gaierror:
        return f"The host {host} is not known; set KNOWFLOW_HOST to an address of this machine."
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}; set KNOWFLOW_HOST to one that it has, or to 0.0.0.0 for all."
        if error.errno == errno.EACCES:
            return f"The gRPC port {port} is open to administrators only; choose one above 1023 with --grpc-port."
    return f"The gRPC port {port} is taken; stop what listens there, or choose another with --grpc-port."
