"""Members and invitations on the platform surface."""

from __future__ import annotations

from typing import Any

from knowflow.platform.v1 import member_service_pb2 as pb
from knowflow.platform.v1 import member_service_pb2_grpc
from knowflow.store.v1 import member_pb2 as store
from knowflow_server.domain.member import Members, Person
from knowflow_server.domain.permission import ROLE_NAMES, ROLES
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"


def _member_view(person: Person) -> pb.Member:
    return pb.Member(
        user_id=person.user.id,
        email=person.user.email,
        name=person.user.name,
        role=ROLE_NAMES[person.member.role],
        joined_at=iso(person.member.created_at),
    )


def _invitation_view(record: store.Invitation, token: str | None = None) -> pb.Invitation:
    return pb.Invitation(
        id=record.id,
        email=record.email,
        role=ROLE_NAMES[record.role],
        message=record.message,
        token=token,
        expires_at=iso(record.expires_at),
        created_at=iso(record.created_at),
    )


class MemberService(member_service_pb2_grpc.MemberServiceServicer):
    """Answers for members and invitations. The organization of a request has become the caller's before."""

    def __init__(self, members: Members) -> None:
        self._members = members

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any) -> pb.ListMembersResponse:
        """List members."""
        page = self._members.list(caller(), page_request(request))
        described = pagination(request, page, lambda person: (person.member.created_at, person.member.id))
        return pb.ListMembersResponse(status=SUCCESS, data=map(_member_view, page.items), pagination=described)

    async def UpdateMember(self, request: pb.UpdateMemberRequest, context: Any) -> pb.UpdateMemberResponse:
        """Give a member another role."""
        person = await self._members.update(caller(), request.user_id, ROLES[request.role])
        return pb.UpdateMemberResponse(status=SUCCESS, data=_member_view(person))

    async def RemoveMember(self, request: pb.RemoveMemberRequest, context: Any) -> pb.RemoveMemberResponse:
        """Remove a member."""
        await self._members.remove(caller(), request.user_id)
        return pb.RemoveMemberResponse(status=SUCCESS)

    async def CreateInvitations(
        self, request: pb.CreateInvitationsRequest, context: Any
    ) -> pb.CreateInvitationsResponse:
        """Invite people."""
        made = await self._members.invite(caller(), request.emails, role=ROLES[request.role], message=request.message)
        return pb.CreateInvitationsResponse(
            status=SUCCESS, data=[_invitation_view(record, token) for record, token in made]
        )

    async def ListInvitations(self, request: pb.ListInvitationsRequest, context: Any) -> pb.ListInvitationsResponse:
        """List invitations."""
        page = self._members.invitations(caller(), page_request(request))
        described = pagination(request, page, lambda record: (record.created_at, record.id))
        return pb.ListInvitationsResponse(status=SUCCESS, data=map(_invitation_view, page.items), pagination=described)

    async def DeleteInvitation(self, request: pb.DeleteInvitationRequest, context: Any) -> pb.DeleteInvitationResponse:
        """Withdraw an invitation."""
        await self._members.withdraw(caller(), request.invitation_id)
        return pb.DeleteInvitationResponse(status=SUCCESS)

    async def AcceptInvitation(self, request: pb.AcceptInvitationRequest, context: Any) -> pb.AcceptInvitationResponse:
        """Become a member."""
        person = await self._members.accept(caller(), request.token)
        return pb.AcceptInvitationResponse(status=SUCCESS, data=_member_view(person))
