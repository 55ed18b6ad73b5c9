"""The gRPC server: every service, the chain around them, health and reflection."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from knowflow.platform.v1 import (
    api_key_service_pb2,
    api_key_service_pb2_grpc,
    audit_service_pb2,
    audit_service_pb2_grpc,
    auth_service_pb2,
    auth_service_pb2_grpc,
    member_service_pb2,
    member_service_pb2_grpc,
    organization_service_pb2,
    organization_service_pb2_grpc,
    webhook_service_pb2,
    webhook_service_pb2_grpc,
)
from knowflow.v1 import (
    agent_run_service_pb2,
    agent_run_service_pb2_grpc,
    agent_service_pb2,
    agent_service_pb2_grpc,
    chat_service_pb2,
    chat_service_pb2_grpc,
    chunk_service_pb2,
    chunk_service_pb2_grpc,
    completion_service_pb2,
    completion_service_pb2_grpc,
    dataset_service_pb2,
    dataset_service_pb2_grpc,
    document_service_pb2,
    document_service_pb2_grpc,
    knowledge_graph_service_pb2,
    knowledge_graph_service_pb2_grpc,
    retrieval_service_pb2,
    retrieval_service_pb2_grpc,
    session_service_pb2,
    session_service_pb2_grpc,
    system_service_pb2,
    system_service_pb2_grpc,
)
from knowflow_server.domain.access import Access
from knowflow_server.domain.audit import Audit as AuditLog
from knowflow_server.domain.rate_limit import RateLimits
from knowflow_server.rpc.interceptors.access_log import AccessLog
from knowflow_server.rpc.interceptors.audit import Audit
from knowflow_server.rpc.interceptors.auth import Auth
from knowflow_server.rpc.interceptors.chain import Chain
from knowflow_server.rpc.interceptors.error_mapping import ErrorMapping
from knowflow_server.rpc.interceptors.permission import Permission
from knowflow_server.rpc.interceptors.rate_limit import RateLimit
from knowflow_server.rpc.interceptors.request_id import RequestId
from knowflow_server.rpc.interceptors.validation import Validation
from knowflow_server.rpc.knowflow.agent import AgentService
from knowflow_server.rpc.knowflow.agent_run import AgentRunService
from knowflow_server.rpc.knowflow.chat import ChatService
from knowflow_server.rpc.knowflow.chunk import ChunkService
from knowflow_server.rpc.knowflow.completion import CompletionService
from knowflow_server.rpc.knowflow.dataset import DatasetService
from knowflow_server.rpc.knowflow.document import DocumentService
from knowflow_server.rpc.knowflow.knowledge_graph import KnowledgeGraphService
from knowflow_server.rpc.knowflow.retrieval import RetrievalService
from knowflow_server.rpc.knowflow.session import SessionService
from knowflow_server.rpc.knowflow.system import SystemService
from knowflow_server.rpc.methods import declared_methods, open_methods
from knowflow_server.rpc.platform.api_key import ApiKeyService
from knowflow_server.rpc.platform.audit import AuditService
from knowflow_server.rpc.platform.auth import AuthService
from knowflow_server.rpc.platform.member import MemberService
from knowflow_server.rpc.platform.organization import OrganizationService
from knowflow_server.rpc.platform.webhook import WebhookService

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
class Services:
    """The servicers of all surfaces."""

    datasets: DatasetService
    documents: DocumentService
    chunks: ChunkService
    retrieval: RetrievalService
    knowledge_graphs: KnowledgeGraphService
    chats: ChatService
    sessions: SessionService
    completions: CompletionService
    agents: AgentService
    agent_runs: AgentRunService
    webhooks: WebhookService
    system: SystemService
    auth: AuthService
    organizations: OrganizationService
    members: MemberService
    api_keys: ApiKeyService
    audit: AuditService


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands before every call: who calls, how often, and what is written down about it."""

    access: Access
    limits: RateLimits
    audit: AuditLog


def service_descriptors() -> list[ServiceDescriptor]:
    """Return the descriptors of all our services."""
    modules = (
        dataset_service_pb2,
        document_service_pb2,
        chunk_service_pb2,
        retrieval_service_pb2,
        knowledge_graph_service_pb2,
        chat_service_pb2,
        session_service_pb2,
        completion_service_pb2,
        agent_service_pb2,
        agent_run_service_pb2,
        webhook_service_pb2,
        system_service_pb2,
        auth_service_pb2,
        organization_service_pb2,
        member_service_pb2,
        api_key_service_pb2,
        audit_service_pb2,
    )
    return [service for module in modules for service in module.DESCRIPTOR.services_by_name.values()]


def chain(guards: Guards) -> Chain:
    """Return the layers around every call, outermost first."""
    services = service_descriptors()
    methods = declared_methods(services)
    return Chain(
        [
            RequestId(),
            AccessLog(),
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


def build(services: Services, guards: Guards, *, host: str, port: int) -> GrpcServer:
    """Return a server that is bound to a port; 0 picks a free one.

    Raises:
        OSError: Nothing can listen there; its sentence says why.
    """
    server = grpc.aio.server(interceptors=[chain(guards)], options=OPTIONS)
    dataset_service_pb2_grpc.add_DatasetServiceServicer_to_server(services.datasets, server)
    document_service_pb2_grpc.add_DocumentServiceServicer_to_server(services.documents, server)
    chunk_service_pb2_grpc.add_ChunkServiceServicer_to_server(services.chunks, server)
    retrieval_service_pb2_grpc.add_RetrievalServiceServicer_to_server(services.retrieval, server)
    knowledge_graph_service_pb2_grpc.add_KnowledgeGraphServiceServicer_to_server(services.knowledge_graphs, server)
    chat_service_pb2_grpc.add_ChatServiceServicer_to_server(services.chats, server)
    session_service_pb2_grpc.add_SessionServiceServicer_to_server(services.sessions, server)
    completion_service_pb2_grpc.add_CompletionServiceServicer_to_server(services.completions, server)
    agent_service_pb2_grpc.add_AgentServiceServicer_to_server(services.agents, server)
    agent_run_service_pb2_grpc.add_AgentRunServiceServicer_to_server(services.agent_runs, server)
    webhook_service_pb2_grpc.add_WebhookServiceServicer_to_server(services.webhooks, server)
    system_service_pb2_grpc.add_SystemServiceServicer_to_server(services.system, server)
    _add_platform(services, server)
    probes = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(probes, server)
    names = [service.full_name for service in service_descriptors()]
    reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        raise OSError(_why_unbound(host, port)) from None
    return GrpcServer(server, probes, bound)


def _add_platform(services: Services, server: Any) -> None:
    auth_service_pb2_grpc.add_AuthServiceServicer_to_server(services.auth, server)
    organization_service_pb2_grpc.add_OrganizationServiceServicer_to_server(services.organizations, server)
    member_service_pb2_grpc.add_MemberServiceServicer_to_server(services.members, server)
    api_key_service_pb2_grpc.add_ApiKeyServiceServicer_to_server(services.api_keys, server)
    audit_service_pb2_grpc.add_AuditServiceServicer_to_server(services.audit, server)


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
