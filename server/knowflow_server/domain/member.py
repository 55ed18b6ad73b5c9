"""Members of organizations, and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.options.v1 import options_pb2
from knowflow.store.v1.member_pb2 import Invitation, Member, Role
from knowflow.store.v1.user_pb2 import User
from knowflow_server.domain.account import Accounts
from knowflow_server.domain.api_key import sha256
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.invitation import VALID_US, accepted, new_token
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.permission import NAMES, OF_ROLE
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError, PermissionDeniedError
from knowflow_server.errors.platform import (
    InvitationNotFoundError,
    LastOwnerError,
    MemberExistsError,
    MemberNotFoundError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Person:
    """A member with the user it is."""

    member: Member
    user: User


class Members:
    """The members of all organizations; each method acts for one caller."""

    def __init__(self, entities: EntityStore, accounts: Accounts, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._accounts = accounts
        self._clock = clock
        self._ids = ids

    def list(self, principal: Principal, page: PageRequest) -> Page[Person]:
        """Return one page of the members, those first who joined first."""
        found, total = self._entities.page(
            Member, principal.organization_id, offset=page.offset, size=page.size, after=page.after
        )
        return Page([self._person(member) for member in found], total, page)

    async def update(self, principal: Principal, user_id: str, role: Role) -> Person:
        """Give a member another role.

        Raises:
            MemberNotFoundError, LastOwnerError: As their sentences say.
            PermissionDeniedError: The role may do more than the caller, or the member is an owner and the caller none.
        """

        def work(transaction: Transaction) -> Member:
            member = transaction.edit(_found(transaction, principal, user_id))
            _guard_owner(principal, member)
            _refuse_more(principal, role)
            if role != Role.ROLE_OWNER:
                _refuse_last_owner(transaction, member)
            member.role = role
            member.updated_at = microseconds(self._clock)
            return member

        return self._person(await self._entities.transact(work))

    async def remove(self, principal: Principal, user_id: str) -> None:
        """Remove a member; every user may leave.

        Raises:
            MemberNotFoundError, LastOwnerError: As their sentences say.
            PermissionDeniedError: The caller may not remove others, or is no owner and the member is one.
        """
        needed = options_pb2.PERMISSION_ORGANIZATIONS_WRITE
        leaves = bool(principal.user_id) and user_id == principal.user_id
        if not leaves and needed not in principal.permissions:
            raise PermissionDeniedError(permission=NAMES[needed])

        def work(transaction: Transaction) -> None:
            member = _found(transaction, principal, user_id)
            if not leaves:
                _guard_owner(principal, member)
            _refuse_last_owner(transaction, member)
            transaction.delete(member)

        await self._entities.transact(work)

    async def invite(
        self, principal: Principal, emails: Sequence[str], *, role: Role, message: str
    ) -> Sequence[tuple[Invitation, str]]:
        """Invite people, and return each invitation with its token, which is not kept.

        Raises:
            PermissionDeniedError: The role may do more than the caller.
            MemberExistsError: Somebody is a member already; nobody is invited.
            InvalidArgumentError: An address is given twice, for which capitals make no difference.
        """
        _refuse_more(principal, role)
        if len({email.casefold() for email in emails}) < len(emails):
            raise InvalidArgumentError("`emails` must be 1 to 50 different e-mail addresses.", field="emails")
        now = microseconds(self._clock)
        made = []
        for email in emails:
            identifier = self._ids.new_id()
            token = new_token(identifier)
            record = Invitation(
                id=identifier,
                organization_id=principal.organization_id,
                email=email,
                role=role,
                message=message,
                sha256=sha256(token),
                invited_by=principal.user_id,
                expires_at=now + VALID_US,
                created_at=now,
                updated_at=now,
            )
            made.append((record, token))

        def work(transaction: Transaction) -> None:
            again = {record.email.casefold() for record, _ in made}
            for earlier in list(transaction.children(Invitation, principal.organization_id)):
                # One that has expired is open no more.
                if earlier.expires_at <= now or earlier.email.casefold() in again:
                    transaction.delete(earlier)
            for record, _ in made:
                self._refuse_member(transaction, record)
                transaction.put(record)

        await self._entities.transact(work)
        return made

    def invitations(self, principal: Principal, page: PageRequest) -> Page[Invitation]:
        """Return one page of the open invitations, oldest first."""
        found, total = self._entities.page(
            Invitation, principal.organization_id, offset=page.offset, size=page.size, after=page.after
        )
        return Page(found, total, page)

    async def withdraw(self, principal: Principal, invitation_id: str) -> None:
        """Withdraw an invitation.

        Raises:
            InvitationNotFoundError: There is none of this id.
        """

        def work(transaction: Transaction) -> None:
            invitation = transaction.get(Invitation, invitation_id)
            if invitation is None or invitation.organization_id != principal.organization_id:
                raise InvitationNotFoundError(invitation_id=invitation_id)
            transaction.delete(invitation)

        await self._entities.transact(work)

    async def accept(self, principal: Principal, token: str) -> Person:
        """Make the calling user a member.

        Raises:
            NotAUserError, InvitationInvalidError, MemberExistsError: As their sentences say.
        """
        user, now, member_id = self._accounts.user(principal), microseconds(self._clock), self._ids.new_id()
        member = await self._entities.transact(lambda transaction: accepted(transaction, token, user, now, member_id))
        return Person(member, user)

    def _person(self, member: Member) -> Person:
        return Person(member, self._entities.get(User, member.user_id) or User(id=member.user_id))

    @staticmethod
    def _refuse_member(transaction: Transaction, record: Invitation) -> None:
        user_id = transaction.holder(User, email=record.email)
        owner = {"organization_id": record.organization_id, "user_id": user_id or ""}
        if user_id is not None and transaction.holder(Member, **owner) is not None:
            raise MemberExistsError(email=record.email)


def _found(transaction: Transaction, principal: Principal, user_id: str) -> Member:
    identifier = transaction.holder(Member, organization_id=principal.organization_id, user_id=user_id)
    member = transaction.get(Member, identifier) if identifier is not None else None
    if member is None:
        raise MemberNotFoundError(user_id=user_id)
    return member


def _refuse_more(principal: Principal, role: Role) -> None:
    """Refuse to give a role that may do what the caller may not: a key gets no more by inviting its owner again."""
    if principal.chatbot_id:
        raise PermissionDeniedError("A key of one chatbot gives nobody a role.", permission="of a role")
    for missing in sorted(OF_ROLE[role] - principal.permissions):
        raise PermissionDeniedError(permission=NAMES.get(missing, "of an owner"))


def _guard_owner(principal: Principal, member: Member) -> None:
    """Refuse to change or remove an owner, unless the caller may do everything."""
    if member.role == Role.ROLE_OWNER:
        _refuse_more(principal, member.role)


def _refuse_last_owner(transaction: Transaction, member: Member) -> None:
    if member.role != Role.ROLE_OWNER:
        return
    for other in transaction.children(Member, member.organization_id):
        if other.user_id != member.user_id and other.role == Role.ROLE_OWNER:
            return
    raise LastOwnerError
