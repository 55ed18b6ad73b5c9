"""People: what time does to sessions, keys and invitations, who may still act, and organizations that go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from limits.aio.storage import MemoryStorage

from knowflow.store.v1.app_pb2 import App
from knowflow.store.v1.job_pb2 import JOB_KIND_PARSE, JOB_KIND_REMOVE, Job
from knowflow.store.v1.member_pb2 import Member, Role
from knowflow.store.v1.organization_pb2 import Organization
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.user_pb2 import Login, User
from knowflow_server.domain.access import Access
from knowflow_server.domain.account import MAX_LOGINS, Accounts, Opened
from knowflow_server.domain.api_key import ApiKeys, sha256
from knowflow_server.domain.clock import Uuid1Source, microseconds
from knowflow_server.domain.counting import Counter
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.member import Members
from knowflow_server.domain.membership import Memberships
from knowflow_server.domain.organization import Organizations
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.password import Passwords
from knowflow_server.domain.permission import OF_ROLE, names_of
from knowflow_server.domain.ports import ModelTable
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk.visitor import Visitors
from knowflow_server.domain.throttle import Throttle
from knowflow_server.domain.website import Websites
from knowflow_server.errors.base import ApiKeyInvalidError, PermissionDeniedError
from knowflow_server.errors.platform import (
    InvitationInvalidError,
    LastOwnerError,
    LoginFailedError,
    OrganizationLimitError,
    OrganizationNotFoundError,
)
from knowflow_server.store.entities import EntityStore
from tests.store.records import open_entities, put


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self.time


class World:
    """People on a store."""

    def __init__(self, entities: EntityStore, sweeps: tuple[Callable[[Principal], Awaitable[object]], ...]) -> None:
        self.entities, self.clock, ids = entities, Hands(), Uuid1Source()
        memberships, self.keys = Memberships(entities), ApiKeys(entities, self.clock, ids)
        self.accounts = Accounts(
            entities,
            memberships,
            Passwords(),
            Throttle(Counter(MemoryStorage()), per_address=1000),
            self.clock,
            ids,
            session_hours=1,
            is_open=True,
        )
        self.access = Access(self.keys, self.accounts, Websites(entities), Visitors(entities, self.clock))
        self.members = Members(entities, self.accounts, self.clock, ids)
        models = cast("ModelTable", None)
        self.organizations = Organizations(
            entities, self.accounts, memberships, NamedLocks(), self.clock, ids, models=models, sweeps=sweeps, most=2
        )

    async def registered(self, name: str, invitation: str = "") -> Opened:
        """Register a user."""
        return await self.accounts.register(
            email=f"{name}@example.com",
            password="correct horse",
            name=name,
            organization_name="",
            invitation_token=invitation,
            address="here",
        )


@asynccontextmanager
async def world(folder: Path, *sweeps: Callable[[Principal], Awaitable[object]]) -> AsyncIterator[World]:
    async with open_entities(folder) as entities:
        yield World(entities, sweeps)


async def test_session_token_is_refused_once_its_time_is_over(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        opened = await people.registered("ada")
        people.clock.time += timedelta(minutes=59)
        assert opened.user.id == people.access.authenticate(opened.token).user_id
        people.clock.time += timedelta(minutes=1)
        with pytest.raises(ApiKeyInvalidError):
            people.access.authenticate(opened.token)
        # The next login takes what has expired away.
        await people.accounts.login(
            email="ADA@example.com", password="correct horse", organization_id="", address="here"
        )
        assert 1 == len(people.entities.children(Login, "", opened.user.id))


async def test_key_is_refused_once_its_time_is_over(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        owner = people.access.authenticate((await people.registered("ada")).token)
        ends = microseconds(people.clock) + 1_000_000
        _, value = await people.keys.create(owner, name="one", expires_at=ends)
        assert owner.organization_id == people.access.authenticate(value).organization_id
        people.clock.time += timedelta(seconds=1)
        with pytest.raises(ApiKeyInvalidError):
            people.access.authenticate(value)


async def test_invitation_is_refused_once_its_time_is_over_and_is_used_once(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        owner = people.access.authenticate((await people.registered("ada")).token)
        [(_, late)] = await people.members.invite(owner, ["late@example.com"], role=Role.ROLE_VIEWER, message="")
        people.clock.time += timedelta(days=7)
        with pytest.raises(InvitationInvalidError):
            await people.registered("late", late)
        assert people.entities.holder(User, email="late@example.com") is None
        again = Principal(owner.organization_id)
        [(_, token)] = await people.members.invite(again, ["bob@example.com"], role=Role.ROLE_VIEWER, message="")
        assert ["bob@example.com"] == [one.email for one in people.members.invitations(again, PageRequest(1, 9)).items]
        bob = await people.registered("bob", token)
        with pytest.raises(InvitationInvalidError):
            await people.members.accept(people.access.authenticate(bob.token), token)


async def test_key_gives_nobody_a_role_that_may_do_more(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        opened = await people.registered("ada")
        owner = people.access.authenticate(opened.token)
        bound = Principal(owner.organization_id, permissions=OF_ROLE[Role.ROLE_ADMIN], chatbot_id="f1")
        inviting = ["organizations:write", *names_of(OF_ROLE[Role.ROLE_VIEWER])]
        _, value = await people.keys.create(owner, name="inviting", permissions=inviting)
        key = people.access.authenticate(value)
        [(_, token)] = await people.members.invite(key, ["bob@example.com"], role=Role.ROLE_VIEWER, message="")
        bob = await people.registered("bob", token)
        for caller, role, missing in (
            (key, Role.ROLE_EDITOR, "knowledge_bases:write"),
            (key, Role.ROLE_OWNER, "of an owner"),
            (bound, Role.ROLE_VIEWER, "of a role"),
        ):
            with pytest.raises(PermissionDeniedError) as denied:
                await people.members.invite(caller, ["eve@example.com"], role=role, message="")
            assert {"permission": missing} == denied.value.metadata
            with pytest.raises(PermissionDeniedError):
                await people.members.update(caller, bob.user.id, role)


async def test_password_that_changes_while_it_is_looked_at_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path) as people:
        ada = people.access.authenticate((await people.registered("ada")).token)

        async def fits_until_it_changes(password_hash: str, password: str) -> bool:
            changed = User()
            changed.CopyFrom(people.accounts.user(ada))
            changed.password_hash = f"{password_hash} and {password}"
            await put(people.entities, changed)
            return True

        monkeypatch.setattr(people.accounts._passwords, "fits", fits_until_it_changes)
        with pytest.raises(LoginFailedError):
            await people.accounts.change_password(ada, current="mine", new="next", address="here")
        assert people.accounts.user(ada).password_hash.endswith(" and mine")
        with pytest.raises(LoginFailedError):
            await people.accounts.login(email="ada@example.com", password="stolen", organization_id="", address="there")
        assert 1 == len(people.entities.children(Login, "", ada.user_id))


async def test_too_many_sessions_push_the_oldest_out(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        opened = await people.registered("ada")
        for _ in range(MAX_LOGINS):
            people.clock.time += timedelta(seconds=1)
            user = people.accounts.user(Principal("", user_id=opened.user.id))
            await people.entities.transact(
                lambda transaction, user=user: people.accounts._begin(transaction, user, opened.login.acting_for)
            )
        assert MAX_LOGINS == len(people.entities.children(Login, "", opened.user.id))
        with pytest.raises(ApiKeyInvalidError):
            people.access.authenticate(opened.token)


async def test_owners_who_leave_at_once_leave_one_behind(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        first = people.access.authenticate((await people.registered("ada")).token)
        emails = [f"owner{number}@example.com" for number in range(4)]
        invited = await people.members.invite(first, emails, role=Role.ROLE_OWNER, message="")
        owners = [first]
        for email, (_, token) in zip(emails, invited, strict=True):
            opened = await people.registered(email.partition("@")[0], token)
            owners.append(people.access.authenticate(opened.token))
        left = await asyncio.gather(
            *(people.members.remove(owner, owner.user_id) for owner in owners), return_exceptions=True
        )
        assert 1 == sum(isinstance(one, LastOwnerError) for one in left)
        assert 1 == len(people.entities.children(Member, first.organization_id))


async def test_users_who_register_with_one_address_at_once_are_one(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        made = await asyncio.gather(*(people.registered("ada") for _ in range(5)), return_exceptions=True)
        assert 1 == sum(isinstance(one, Opened) for one in made)
        assert 1 == len(list(people.entities.all(Organization)))


async def test_organizations_of_a_user_are_limited(tmp_path: Path) -> None:
    async with world(tmp_path) as people:
        ada = people.access.authenticate((await people.registered("ada")).token)
        made = await asyncio.gather(
            *(people.organizations.create(ada, name=name, description="", icon="") for name in ("second", "third")),
            return_exceptions=True,
        )
        assert 1 == sum(isinstance(one, OrganizationLimitError) for one in made)
        assert 2 == len(list(people.entities.all(Organization)))
        with pytest.raises(OrganizationLimitError):
            await people.organizations.create(ada, name="third", description="", icon="")


async def test_deletion_that_was_cut_off_is_finished_by_the_next_start(tmp_path: Path) -> None:
    async def breaks(_: Principal) -> None:
        raise ConnectionAbortedError

    async with world(tmp_path, breaks) as people:
        opened = await people.registered("ada")
        ada = people.access.authenticate(opened.token)
        _, key = await people.keys.create(ada, name="one")
        website, visitor = App(id="app", organization_id=ada.organization_id), Subscriber(id="f1u1")
        website.website_sha256, visitor.organization_id = sha256("kfw_token"), ada.organization_id
        await put(people.entities, website, visitor)
        tokens = [key, "kfw_token", await Visitors(people.entities, people.clock).renew(visitor)]
        assert {ada.organization_id} == {people.access.authenticate(token).organization_id for token in tokens}
        with pytest.raises(ConnectionAbortedError):
            await people.organizations.delete(ada)
        # Nobody acts for it any more, although a part of it is still there.
        for token in tokens:
            with pytest.raises(ApiKeyInvalidError):
                people.access.authenticate(token)
        assert "" == people.access.authenticate(opened.token).organization_id
        with pytest.raises(OrganizationNotFoundError):
            people.organizations.get(ada)
    swept = []

    async def sweep(principal: Principal) -> None:
        swept.append(principal.organization_id)

    async with world(tmp_path, sweep) as people:
        await people.organizations.finish_deletions()
        assert [ada.organization_id] == swept
        assert [] == list(people.entities.all(Organization))


async def test_deletion_goes_on_without_its_caller_and_waits_for_what_removes_files(tmp_path: Path) -> None:
    begun, go, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def sweep(principal: Principal) -> None:
        begun.set()
        await go.wait()
        parse = Job(id="parse", organization_id=principal.organization_id, kind=JOB_KIND_PARSE)
        remove = Job(id="remove", organization_id=principal.organization_id, kind=JOB_KIND_REMOVE)
        await put(people.entities, parse, remove)

    async with world(tmp_path, sweep) as people:
        ada = people.access.authenticate((await people.registered("ada")).token)
        people.entities.subscribe(Job, lambda identifier, job: ended.set() if job is None else None)
        call = asyncio.create_task(people.organizations.delete(ada))
        await begun.wait()
        call.cancel()
        go.set()
        # What would be parsed is not; what removes the chunks of deleted datasets is let do so.
        await ended.wait()
        job = people.entities.get(Job, "remove")
        assert job is not None
        assert people.entities.get(Job, "parse") is None
        assert people.entities.get(Organization, ada.organization_id) is not None
        gone = asyncio.Event()
        people.entities.subscribe(Organization, lambda _, organization: gone.set() if organization is None else None)
        await people.entities.transact(lambda transaction: transaction.delete(job))
        await gone.wait()
        assert call.cancelled()
