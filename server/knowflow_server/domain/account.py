"""People: registration, login, sessions, passwords."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow.store.v1.member_pb2 import Member, Role
from knowflow.store.v1.organization_pb2 import Organization
from knowflow.store.v1.user_pb2 import Login, User
from knowflow_server.domain.api_key import new_key, sha256
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.invitation import accepted
from knowflow_server.domain.membership import Memberships
from knowflow_server.domain.password import Passwords
from knowflow_server.domain.permission import NOTHING, OF_ROLE
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.throttle import Throttle
from knowflow_server.errors.base import ApiKeyInvalidError, OverloadedError
from knowflow_server.errors.platform import (
    EmailTakenError,
    LoginFailedError,
    NotAUserError,
    OrganizationNotFoundError,
    RegistrationClosedError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

SESSION_PREFIX = "kfs_"
# A user who logs in more often loses the oldest sessions.
MAX_LOGINS = 50
NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has just begun.

    Args:
        token: Its token, which is not kept.
        login: The session.
        user: Its user.
        organization: The organization for which it acts; None when the user has none.
        role: What the user is there.
    """

    token: str
    login: Login
    user: User
    organization: Organization | None
    role: int


class Accounts:
    """The users of the server, and their sessions.

    Args:
        entities: Where they are kept.
        memberships: Who belongs where.
        passwords: Hashes passwords.
        throttle: Counts attempts.
        clock: Tells the time.
        ids: Makes ids.
        session_hours: Hours after which a session token is refused.
        is_open: Whether anybody may register; else only who is invited.
    """

    def __init__(
        self,
        entities: EntityStore,
        memberships: Memberships,
        passwords: Passwords,
        throttle: Throttle,
        clock: Clock,
        ids: IdSource,
        *,
        session_hours: float,
        is_open: bool,
    ) -> None:
        self._entities = entities
        self._memberships = memberships
        self._passwords = passwords
        self._throttle = throttle
        self._clock = clock
        self._ids = ids
        self._session_us = int(session_hours * 3600 * 1_000_000)
        self._is_open = is_open
        self._by_hash = {login.sha256: login for login in entities.all(Login)}
        self._hashes = {login.id: login.sha256 for login in self._by_hash.values()}
        entities.subscribe(Login, self._changed)

    def authenticate(self, token: str) -> Principal:
        """Return who shows a session token.

        Raises:
            ApiKeyInvalidError: The token is unknown, expired or revoked.
        """
        login = self._by_hash.get(sha256(token))
        if login is None or login.expires_at <= microseconds(self._clock):
            raise ApiKeyInvalidError
        return self._principal(login.user_id, login.id, login.acting_for)

    def acting_for(self, principal: Principal, organization_id: str) -> Principal:
        """Return a caller, acting for the organization which the call names.

        Raises:
            OrganizationNotFoundError: It does not exist, or the caller does not belong to it.
        """
        if organization_id == principal.organization_id:
            return principal
        if not principal.user_id or self._memberships.of(principal.user_id, organization_id) is None:
            raise OrganizationNotFoundError(organization_id=organization_id)
        return self._principal(principal.user_id, principal.login_id, organization_id)

    async def register(
        self, *, email: str, password: str, name: str, organization_name: str, invitation_token: str, address: str
    ) -> Opened:
        """Make a user, and an organization of which the user is the owner, unless an invitation leads into another.

        Args:
            email: E-mail address.
            password: Password.
            name: Name shown to people; empty means the e-mail address up to its @.
            organization_name: Name of the organization; empty means the user's.
            invitation_token: Token of an invitation, or empty.
            address: Address of the caller.

        Raises:
            RateLimitedError: Too many have registered from this address.
            RegistrationClosedError, InvitationInvalidError, EmailTakenError: As their sentences say.
        """
        if not self._is_open and not invitation_token:
            raise RegistrationClosedError
        await self._throttle.registration(address)
        self._refuse_taken(self._entities, email)
        self._refuse_when_busy()
        user = User(
            id=self._ids.new_id(),
            email=email,
            name=name.strip() or email.partition("@")[0][:NAME_CHARACTERS],
            password_hash=await self._passwords.hash(password),
        )
        user.created_at = user.updated_at = now = microseconds(self._clock)
        organization_id, member_id = self._ids.new_id(), self._ids.new_id()

        def work(transaction: Transaction) -> tuple[Organization, Member, Login, str]:
            self._refuse_taken(transaction, email)
            transaction.put(user)
            if invitation_token:
                member = accepted(transaction, invitation_token, user, now, member_id)
                organization = transaction.get(Organization, member.organization_id)
                assert organization is not None
            else:
                title = organization_name.strip() or user.name
                organization = Organization(id=organization_id, name=title, created_at=now, updated_at=now)
                member = Member(
                    id=member_id,
                    organization_id=organization.id,
                    user_id=user.id,
                    role=Role.ROLE_OWNER,
                    created_at=now,
                    updated_at=now,
                )
                transaction.put(organization)
                transaction.put(member)
            login, token = self._begin(transaction, user, organization.id)
            return organization, member, login, token

        organization, member, login, token = await self._entities.transact(work)
        return Opened(token, login, user, organization, member.role)

    async def login(self, *, email: str, password: str, organization_id: str, address: str) -> Opened:
        """Begin a session.

        Args:
            email: E-mail address.
            password: Password.
            organization_id: For which organization it acts; empty means the one the user joined first.
            address: Address of the caller.

        Raises:
            RateLimitedError: Too many attempts for this e-mail address, or from this address.
            LoginFailedError: The e-mail address is unknown, or the password is wrong.
            OrganizationNotFoundError: The user does not belong to the organization.
        """
        await self._throttle.login(email, address)
        self._refuse_when_busy()
        user = self._entities.holder(User, email=email)
        fits = await self._passwords.fits(user.password_hash if user else "", password)
        if user is None or not fits:
            raise LoginFailedError
        await self._throttle.forget(email, address)
        organization_id = organization_id or self._memberships.first(user.id)
        member = self._memberships.of(user.id, organization_id)
        if organization_id and member is None:
            raise OrganizationNotFoundError(organization_id=organization_id)
        login, token = await self._entities.transact(
            lambda transaction: self._begin(transaction, _as_shown(transaction, user), organization_id)
        )
        organization = self._entities.get(Organization, organization_id) if organization_id else None
        return Opened(token, login, user, organization, member.role if member else 0)

    async def logout(self, principal: Principal) -> None:
        """End the session of the caller.

        Raises:
            NotAUserError: The caller is an API key.
        """
        self.user(principal)

        def work(transaction: Transaction) -> None:
            login = transaction.get(Login, principal.login_id)
            if login is not None:
                transaction.delete(login)

        await self._entities.transact(work)

    async def change_password(self, principal: Principal, *, current: str, new: str, address: str) -> None:
        """Change the password of the caller, and end all its other sessions.

        Raises:
            NotAUserError: The caller is an API key.
            LoginFailedError: The present password is wrong.
            RateLimitedError: Too many attempts.
        """
        user = self.user(principal)
        await self._throttle.login(user.email, address)
        self._refuse_when_busy()
        if not await self._passwords.fits(user.password_hash, current):
            raise LoginFailedError
        await self._throttle.forget(user.email, address)
        password_hash = await self._passwords.hash(new)

        def work(transaction: Transaction) -> None:
            record = transaction.edit(_as_shown(transaction, user))
            record.password_hash = password_hash
            record.updated_at = microseconds(self._clock)
            for login in list(transaction.children(Login, "", user.id)):
                if login.id != principal.login_id:
                    transaction.delete(login)

        await self._entities.transact(work)

    def user(self, principal: Principal) -> User:
        """Return the user who calls, read-only.

        Raises:
            NotAUserError: The caller is an API key.
        """
        found = self._entities.get(User, principal.user_id) if principal.user_id else None
        if found is None:
            raise NotAUserError
        return found

    def _principal(self, user_id: str, login_id: str, organization_id: str) -> Principal:
        member = self._memberships.of(user_id, organization_id)
        if member is None:
            # A user who was removed may still join or make another organization.
            return Principal("", user_id=user_id, login_id=login_id, permissions=NOTHING)
        return Principal(
            organization_id, user_id=user_id, login_id=login_id, role=member.role, permissions=OF_ROLE[member.role]
        )

    def _begin(self, transaction: Transaction, user: User, organization_id: str) -> tuple[Login, str]:
        """Write a session and return it with its token; sessions that have ended, or are too many, go."""
        now = microseconds(self._clock)
        earlier = sorted(transaction.children(Login, "", user.id), key=lambda login: (login.created_at, login.id))
        alive = [login for login in earlier if login.expires_at > now]
        for login in [login for login in earlier if login.expires_at <= now] + alive[: -MAX_LOGINS + 1]:
            transaction.delete(login)
        token = new_key(SESSION_PREFIX)
        login = Login(
            id=self._ids.new_id(),
            user_id=user.id,
            acting_for=organization_id,
            sha256=sha256(token),
            expires_at=now + self._session_us,
            created_at=now,
        )
        transaction.put(login)
        return login, token

    @staticmethod
    def _refuse_taken(entities: EntityStore | Transaction, email: str) -> None:
        if entities.holder(User, email=email) is not None:
            raise EmailTakenError

    def _refuse_when_busy(self) -> None:
        if self._passwords.is_busy:
            raise OverloadedError("Too many people log in or register; try again in a few seconds.")

    def _changed(self, identifier: str, login: Login | None) -> None:
        if login is None:
            self._by_hash.pop(self._hashes.pop(identifier, ""), None)
            return
        self._by_hash[login.sha256] = login
        self._hashes[identifier] = login.sha256


def _as_shown(transaction: Transaction, user: User) -> User:
    """Return a user whose password has been shown; not when it was changed while that was being looked at.

    Raises:
        LoginFailedError: It was.
    """
    present = transaction.get(User, user.id)
    if present is None or present.password_hash != user.password_hash:
        raise LoginFailedError
    return present
