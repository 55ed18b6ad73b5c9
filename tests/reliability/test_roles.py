"""Every method of every surface, called as every role, as a stranger, and with keys of one permission each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow.konversation.v1 import (
    flow_service_pb2,
    flow_service_pb2_grpc,
    webchat_service_pb2,
    webchat_service_pb2_grpc,
)
from knowflow.options.v1 import options_pb2
from knowflow.platform.v1 import (
    api_key_service_pb2,
    api_key_service_pb2_grpc,
    auth_service_pb2,
    auth_service_pb2_grpc,
    member_service_pb2,
    member_service_pb2_grpc,
)
from knowflow_server.domain.permission import NAMES
from knowflow_server.rpc.methods import declared_methods, open_methods
from knowflow_server.rpc.registry import service_descriptors
from tests.serving import OTHER_KEY, Server, start_server

METHODS = {
    f"/{service.full_name}/{method.name}": method for service in service_descriptors() for method in service.methods
}
DECLARED = declared_methods(service_descriptors())
CLOSED = sorted(set(METHODS) - open_methods(service_descriptors()))
ROLES = ("Viewer", "Editor", "Admin", "Owner")
# Written out by hand, so that a change of the table of roles is a change of this test, too.
READS = {"ANY", "ORGANIZATIONS_READ", "KNOWLEDGE_BASES_READ", "APPS_READ", "CONVERSATIONS_READ"}
CONTENT = {"KNOWLEDGE_BASES_WRITE", "APPS_WRITE", "CONVERSATIONS_WRITE", "MANAGE_FLOW", "SEND_MESSAGE"}
ADMINISTRATION = {"ORGANIZATIONS_WRITE", "API_KEYS_READ", "API_KEYS_WRITE", "WEBHOOKS_READ", "WEBHOOKS_WRITE"} | {
    "MANAGE_TEAM"
}
OWNERSHIP = {"ORGANIZATIONS_DELETE", "AUDIT_READ"}
MAY = {
    "Viewer": READS,
    "Editor": READS | CONTENT,
    "Admin": READS | CONTENT | ADMINISTRATION,
    "Owner": READS | CONTENT | ADMINISTRATION | OWNERSHIP,
}
# Tokens of visitors alone have the permission of these, so that everybody else is refused.
REFUSALS = {"PERMISSION_DENIED", "VISITOR_REQUIRED"}
# They would end the organization or the session with which the walk goes on.
ENDING = {"/knowflow.platform.v1.OrganizationService/DeleteOrganization", "/knowflow.platform.v1.AuthService/Logout"}


class People(NamedTuple):
    """An organization, the tokens of its members by role, and the token of a user of another."""

    organization: str
    tokens: dict[str, str]
    stranger: str


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: the walk calls everything."""
    with start_server(tmp_path_factory.mktemp("roles"), organizations={"Other": OTHER_KEY}) as running:
        yield running


@pytest.fixture(scope="module")
async def bare(server: Server) -> AsyncIterator[grpc.aio.Channel]:
    """A channel without a key."""
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        yield channel


@pytest.fixture(scope="module")
async def people(bare: grpc.aio.Channel) -> People:
    """An organization with a member of each role."""
    accounts = auth_service_pb2_grpc.AuthServiceStub(bare)

    async def registered(name: str, invitation: str = "") -> auth_service_pb2.Session:
        request = auth_service_pb2.RegisterRequest(
            email=f"{name}@example.com", password="correct horse", invitation_token=invitation
        )
        return (await accounts.Register(request, timeout=60)).data

    owner = await registered("owner")
    tokens = {"Owner": owner.token}
    for role in ROLES[:-1]:
        request = member_service_pb2.CreateInvitationsRequest(
            organization_id=owner.organization.id, emails=[f"{role}@example.com"], role=role
        )
        stub = member_service_pb2_grpc.MemberServiceStub(bare)
        answer = await stub.CreateInvitations(request, metadata=bearer(owner.token), timeout=60)
        tokens[role] = (await registered(role, answer.data[0].token)).token
    return People(owner.organization.id, tokens, (await registered("stranger")).token)


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


def permission_of(name: str) -> str:
    if name.endswith("/RemoveMember"):
        # Declared as open to all, because every member may leave; to remove others takes this.
        return "ORGANIZATIONS_WRITE"
    return options_pb2.Permission.Name(DECLARED[name].permission).removeprefix("PERMISSION_")


async def reason_of(channel: grpc.aio.Channel, name: str, token: str, organization: str) -> str:
    """Return the reason for which an empty request is refused; OK when it is not."""
    method: MethodDescriptor = METHODS[name]
    request: Any = GetMessageClass(method.input_type)()
    if DECLARED[name].names_organization:
        request.organization_id = organization
    return await reason_of_call(send(channel, name, method, request, token), streams=method.server_streaming)


def send(channel: grpc.aio.Channel, name: str, method: MethodDescriptor, request: Message, token: str) -> Any:
    kind = ("stream" if method.client_streaming else "unary") + "_" + ("stream" if method.server_streaming else "unary")
    call = getattr(channel, kind)(name, request_serializer=lambda message: message.SerializeToString())
    return call(iter([request]) if method.client_streaming else request, metadata=bearer(token), timeout=60)


async def reason_of_call(call: Any, *, streams: bool) -> str:
    try:
        _ = [message async for message in call] if streams else await call
    except grpc.aio.AioRpcError as error:
        status = rpc_status.from_call(error)
        assert status is not None, error
        info = error_details_pb2.ErrorInfo()
        assert status.details[0].Unpack(info)
        return info.reason
    return "OK"


@pytest.mark.parametrize("role", ROLES)
async def test_every_method_lets_a_role_do_what_it_may(bare: grpc.aio.Channel, people: People, role: str) -> None:
    wrong = []
    for name in CLOSED:
        allowed = permission_of(name) in MAY[role]
        if allowed and name in ENDING:
            continue
        reason = await reason_of(bare, name, people.tokens[role], people.organization)
        if allowed == (reason in REFUSALS):
            wrong.append((name, reason))
    assert wrong == []


async def test_a_stranger_meets_no_method_that_knows_the_organization(bare: grpc.aio.Channel, people: People) -> None:
    wrong = []
    for name in CLOSED:
        if not DECLARED[name].names_organization:
            continue
        for token in (people.stranger, OTHER_KEY):
            theirs = await reason_of(bare, name, token, people.organization)
            unknown = await reason_of(bare, name, token, "0" * 32)
            if (theirs, unknown) != ("ORGANIZATION_NOT_FOUND", "ORGANIZATION_NOT_FOUND"):
                wrong.append((name, theirs, unknown))
    assert wrong == []


async def test_a_key_of_one_permission_passes_the_methods_which_declare_it_and_no_others(
    bare: grpc.aio.Channel, people: People
) -> None:
    keys = api_key_service_pb2_grpc.ApiKeyServiceStub(bare)
    wrong = []
    for number, permission in NAMES.items():
        request = api_key_service_pb2.CreateApiKeyRequest(name=permission, permissions=[permission])
        made = await keys.CreateApiKey(request, metadata=bearer(people.tokens["Owner"]), timeout=60)
        for name in CLOSED:
            allowed = permission_of(name) in (options_pb2.Permission.Name(number).removeprefix("PERMISSION_"), "ANY")
            if allowed and name in ENDING:
                continue
            reason = await reason_of(bare, name, made.data.token, people.organization)
            if allowed == (reason in REFUSALS):
                wrong.append((permission, name, reason))
    assert wrong == []


async def test_who_belongs_nowhere_may_do_nothing(bare: grpc.aio.Channel, people: People) -> None:
    accounts, members = auth_service_pb2_grpc.AuthServiceStub(bare), member_service_pb2_grpc.MemberServiceStub(bare)
    invitations = member_service_pb2.CreateInvitationsRequest(
        organization_id=people.organization, emails=["leaving@example.com"], role="Owner"
    )
    answer = await members.CreateInvitations(invitations, metadata=bearer(people.tokens["Owner"]), timeout=60)
    request = auth_service_pb2.RegisterRequest(
        email="leaving@example.com", password="correct horse", invitation_token=answer.data[0].token
    )
    left = (await accounts.Register(request, timeout=60)).data
    leaving = member_service_pb2.RemoveMemberRequest(organization_id=people.organization, user_id=left.user.id)
    await members.RemoveMember(leaving, metadata=bearer(left.token), timeout=60)
    for name in CLOSED:
        if permission_of(name) != "ANY":
            # Without an organization there is none whose members could be removed, either.
            reason = await reason_of(bare, name, left.token, "")
            assert reason in REFUSALS, name


async def test_a_visitor_passes_the_methods_of_visitors_and_no_others(bare: grpc.aio.Channel, people: People) -> None:
    owner = bearer(people.tokens["Owner"])
    bots = flow_service_pb2_grpc.FlowServiceStub(bare)
    flow = (await bots.CreateFlow(flow_service_pb2.CreateFlowRequest(name="Shop"), metadata=owner, timeout=60)).data
    request = webchat_service_pb2.CreateVisitorRequest(flow_ns=flow.flow_ns)
    webchat = webchat_service_pb2_grpc.WebchatServiceStub(bare)
    token = (await webchat.CreateVisitor(request, metadata=owner, timeout=60)).data.token
    wrong = []
    for name in CLOSED:
        if permission_of(name) != "WEBCHAT":
            reason = await reason_of(bare, name, token, people.organization)
            if reason not in {"PERMISSION_DENIED", "ORGANIZATION_NOT_FOUND"}:
                wrong.append((name, reason))
    assert wrong == []
    answer = await webchat.ListVisitorMessages(
        webchat_service_pb2.ListVisitorMessagesRequest(), metadata=bearer(token), timeout=60
    )
    assert not answer.data
