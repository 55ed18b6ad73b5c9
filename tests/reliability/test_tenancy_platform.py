"""The platform: to users of another organization, its members, keys and invitations do not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import grpc
import httpx
import pytest
from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow_server.rpc.registry import service_descriptors
from tests.serving import Server, start_server

METHODS = {
    f"{service.name}/{method.name}": (f"/{service.full_name}/{method.name}", method)
    for service in service_descriptors()
    if service.file.package == "knowflow.platform.v1"
    for method in service.methods
}
# Methods that take no id of anything that somebody owns.
WITHOUT_IDS = {"AuthService/Register", "AuthService/Login", "AuthService/Logout", "AuthService/ChangePassword"} | {
    *("AuthService/GetMe", "OrganizationService/ListOrganizations", "OrganizationService/CreateOrganization"),
    "MemberService/AcceptInvitation",
}
# The others are walked beside this, in `test_tenancy_apps.py`.
WALKED = ("AuthService", "OrganizationService", "MemberService", "ApiKeyService", "AuditService")


class Ids(NamedTuple):
    """What a request names."""

    organization: str
    user: str
    invitation: str
    api_key: str


UNKNOWN = Ids("0" * 32, "1" * 32, "2" * 32, "3" * 32)
CASES: list[tuple[str, Callable[[Ids], dict[str, Any]]]] = [
    ("OrganizationService/GetOrganization", lambda i: {"organization_id": i.organization}),
    ("OrganizationService/UpdateOrganization", lambda i: {"organization_id": i.organization, "name": "stolen"}),
    ("OrganizationService/DeleteOrganization", lambda i: {"organization_id": i.organization}),
    ("MemberService/ListMembers", lambda i: {"organization_id": i.organization}),
    (
        "MemberService/UpdateMember",
        lambda i: {"organization_id": i.organization, "user_id": i.user, "role": "Viewer"},
    ),
    ("MemberService/RemoveMember", lambda i: {"organization_id": i.organization, "user_id": i.user}),
    (
        "MemberService/CreateInvitations",
        lambda i: {"organization_id": i.organization, "emails": ["a@example.com"], "role": "Owner"},
    ),
    ("MemberService/ListInvitations", lambda i: {"organization_id": i.organization}),
    (
        "MemberService/DeleteInvitation",
        lambda i: {"organization_id": i.organization, "invitation_id": i.invitation},
    ),
    ("ApiKeyService/CreateApiKey", lambda i: {"organization_id": i.organization, "name": "planted"}),
    ("ApiKeyService/ListApiKeys", lambda i: {"organization_id": i.organization}),
    ("ApiKeyService/DeleteApiKey", lambda i: {"api_key_id": i.api_key}),
    ("ApiKeyService/DeleteApiKey", lambda i: {"organization_id": i.organization, "api_key_id": i.api_key}),
    ("AuditService/ListAuditEntries", lambda i: {"organization_id": i.organization}),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: the calls delete all that a caller may."""
    with start_server(tmp_path_factory.mktemp("tenancy")) as running:
        yield running


def test_cases_cover_every_method() -> None:
    walked = {name for name in METHODS if name.partition("/")[0] in WALKED}
    assert {name for name, _ in CASES} | WITHOUT_IDS == walked


async def possession(server: Server, name: str) -> tuple[Ids, str]:
    """Return an organization with a second member, an invitation and a key, and the token of its owner."""
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:

        async def made(path: str, body: dict[str, Any], token: str = "") -> Any:
            answer = await client.post(path, json=body, headers={"authorization": f"Bearer {token}"} if token else {})
            assert answer.status_code == 200, answer.text
            return answer.json()["data"]

        owner = await made("/v1/auth/register", {"email": f"{name}@example.com", "password": "correct horse"})
        organization, token = owner["organization"]["id"], owner["token"]
        emails = [f"second.{name}@example.com", f"third.{name}@example.com"]
        first, second = await made(
            f"/v1/organizations/{organization}/invitations", {"emails": emails, "role": "Viewer"}, token
        )
        joined = {"email": emails[0], "password": "correct horse", "invitation_token": first["token"]}
        member = await made("/v1/auth/register", joined)
        key = await made("/v1/api-keys", {"name": "a"}, token)
        return Ids(organization, member["user"]["id"], second["id"], key["id"]), token


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], ids: Ids, token: str) -> Any:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    path, method = METHODS[name]
    message = json_format.ParseDict(request, GetMessageClass(method.input_type)())
    call = channel.unary_unary(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    try:
        learnt: tuple[str, ...] = ("OK", str(await call(message, metadata=bearer(token), timeout=60)))
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, error.details() or "", info.reason, str(sorted(info.metadata.items())))
    for field, value in ids._asdict().items():
        learnt = tuple(text.replace(value, f"<{field}>") for text in learnt)
    return learnt


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


async def everything(server: Server, ids: Ids, token: str) -> list[Any]:
    """Return all that an owner sees of an organization, but for the log, in which the looking itself is no entry."""
    async with server.rest(token) as client:
        place = f"/v1/organizations/{ids.organization}"
        paths = (place, f"{place}/members", f"{place}/invitations", f"{place}/audit-log", "/v1/api-keys", "/v1/me")
        return [(await client.get(path)).json() for path in paths]


async def test_ids_of_another_organization_look_like_unknown_ones_to_every_method(server: Server) -> None:
    theirs, their_token = await possession(server, "theirs")
    own, token = await possession(server, "own")
    before = await everything(server, theirs, their_token)
    differing, refusals = [], set()
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        for name, request in CASES:
            for field in ("all", *Ids._fields):
                fields = Ids._fields if field == "all" else (field,)
                foreign_ids = own._replace(**{one: getattr(theirs, one) for one in fields})
                unknown_ids = own._replace(**{one: getattr(UNKNOWN, one) for one in fields})
                # What the caller's own ids do is not the question, and would change what later calls find.
                if request(foreign_ids) == request(own):
                    continue
                seen = await outcome(channel, name, request(foreign_ids), foreign_ids, token)
                expected = await outcome(channel, name, request(unknown_ids), unknown_ids, token)
                if seen != expected:
                    differing.append((name, field, seen, expected))
                refusals.add(expected[2])
    assert differing == []
    known = {"ORGANIZATION_NOT_FOUND", "MEMBER_NOT_FOUND", "INVITATION_NOT_FOUND", "API_KEY_NOT_FOUND"}
    assert refusals == known
    assert await everything(server, theirs, their_token) == before
