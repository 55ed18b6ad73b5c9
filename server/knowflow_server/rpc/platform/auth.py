"""Registration, login and sessions on the platform surface."""

from __future__ import annotations

from typing import Any

from knowflow.platform.v1 import auth_service_pb2 as pb
from knowflow.platform.v1 import auth_service_pb2_grpc, user_pb2
from knowflow.store.v1.user_pb2 import User
from knowflow_server.domain.account import Accounts, Opened
from knowflow_server.domain.organization import Organizations
from knowflow_server.domain.permission import names_of
from knowflow_server.rpc.call import caller, current
from knowflow_server.rpc.platform import organization
from knowflow_server.rpc.times import iso

SUCCESS = "success"


def user_view(record: User) -> user_pb2.User:
    """Return a user as this surface shows it."""
    return user_pb2.User(id=record.id, email=record.email, name=record.name, created_at=iso(record.created_at))


def _session(opened: Opened) -> pb.Session:
    view = organization.record_view(opened.organization, opened.role) if opened.organization else None
    return pb.Session(
        token=opened.token, expires_at=iso(opened.login.expires_at), user=user_view(opened.user), organization=view
    )


class AuthService(auth_service_pb2_grpc.AuthServiceServicer):
    """Answers for registration, login and sessions."""

    def __init__(self, accounts: Accounts, organizations: Organizations) -> None:
        self._accounts = accounts
        self._organizations = organizations

    async def Register(self, request: pb.RegisterRequest, context: Any) -> pb.RegisterResponse:
        """Register a user."""
        opened = await self._accounts.register(
            email=request.email,
            password=request.password,
            name=request.name,
            organization_name=request.organization_name,
            invitation_token=request.invitation_token,
            address=current().address,
        )
        return pb.RegisterResponse(status=SUCCESS, data=_session(opened))

    async def Login(self, request: pb.LoginRequest, context: Any) -> pb.LoginResponse:
        """Begin a session."""
        opened = await self._accounts.login(
            email=request.email,
            password=request.password,
            organization_id=request.organization_id,
            address=current().address,
        )
        return pb.LoginResponse(status=SUCCESS, data=_session(opened))

    async def Logout(self, request: pb.LogoutRequest, context: Any) -> pb.LogoutResponse:
        """End a session."""
        await self._accounts.logout(caller())
        return pb.LogoutResponse(status=SUCCESS)

    async def ChangePassword(self, request: pb.ChangePasswordRequest, context: Any) -> pb.ChangePasswordResponse:
        """Change a password."""
        await self._accounts.change_password(
            caller(), current=request.current_password, new=request.new_password, address=current().address
        )
        return pb.ChangePasswordResponse(status=SUCCESS)

    async def GetMe(self, request: pb.GetMeRequest, context: Any) -> pb.GetMeResponse:
        """Tell who calls."""
        principal = caller()
        me = pb.Me(api_key_id=principal.api_key_id, permissions=names_of(principal.permissions))
        if principal.user_id:
            me.user.CopyFrom(user_view(self._accounts.user(principal)))
        if principal.organization_id:
            me.organization.CopyFrom(organization.view(self._organizations.get(principal)))
        return pb.GetMeResponse(status=SUCCESS, data=me)
