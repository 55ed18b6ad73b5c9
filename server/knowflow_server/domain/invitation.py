"""Invitations: their tokens, and what accepting one does."""

from __future__ import annotations

import hmac
import secrets

from knowflow.store.v1.member_pb2 import Invitation, Member
from knowflow.store.v1.user_pb2 import User
from knowflow_server.domain.api_key import sha256
from knowflow_server.domain.living import living
from knowflow_server.errors.platform import InvitationInvalidError, MemberExistsError
from knowflow_server.store.transaction import Transaction

PREFIX = "kfi_"
VALID_US = 7 * 24 * 3600 * 1_000_000


def new_token(invitation_id: str) -> str:
    """Return a fresh token of an invitation; it names the invitation, and holds 192 random bits."""
    return f"{PREFIX}{invitation_id}_{secrets.token_hex(24)}"


def accepted(transaction: Transaction, token: str, user: User, now: int, member_id: str) -> Member:
    """Turn the invitation of a token into a member, and return it.

    Args:
        transaction: Reads and writes.
        token: The token.
        user: Who accepts.
        now: Time in microseconds since 1970.
        member_id: Id of the member.

    Raises:
        InvitationInvalidError: The token does not count, or not for this user.
        MemberExistsError: The user is a member already.
    """
    invitation = transaction.get(Invitation, token.removeprefix(PREFIX).partition("_")[0])
    if (
        invitation is None
        or not hmac.compare_digest(invitation.sha256, sha256(token))
        or invitation.expires_at <= now
        or invitation.email.casefold() != user.email.casefold()
    ):
        raise InvitationInvalidError
    organization = living(transaction, invitation.organization_id)
    if organization is None:
        raise InvitationInvalidError
    if transaction.holder(Member, organization_id=organization.id, user_id=user.id) is not None:
        raise MemberExistsError(email=user.email)
    member = Member(
        id=member_id,
        organization_id=organization.id,
        user_id=user.id,
        role=invitation.role,
        created_at=now,
        updated_at=now,
    )
    transaction.put(member)
    transaction.delete(invitation)
    return member
