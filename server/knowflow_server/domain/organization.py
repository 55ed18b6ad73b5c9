"""Organizations: what may happen to them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from google.protobuf.message import Message

from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow.store.v1.job_pb2 import JOB_KIND_REMOVE, JOB_KIND_REMOVE_GRAPH, Job
from knowflow.store.v1.member_pb2 import Invitation, Member, Role
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain.account import Accounts
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.deletion import DELETED_AT_ONCE, delete_all, delete_many
from knowflow_server.domain.living import living
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.membership import Memberships
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock, IdSource, ModelTable, UnsupportedModelError
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import ChatModelUnsupportedError
from knowflow_server.errors.platform import OrganizationLimitError, OrganizationNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

REMOVALS = {JOB_KIND_REMOVE, JOB_KIND_REMOVE_GRAPH}

Sweep = Callable[[Principal], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Belonging:
    """An organization, and what the caller is in it: a value of `Role`, 0 for an API key."""

    organization: Organization
    role: int


class Organizations:
    """The organizations of the server.

    Args:
        entities: Where they are kept.
        accounts: Knows users.
        memberships: Who belongs where.
        locks: Has a user create one organization after the other.
        clock: Tells the time.
        ids: Makes ids.
        models: Knows which chat models there are.
        sweeps: Each deletes one kind of what an organization owns, and may be called again after a crash.
        most: Most organizations a user may belong to and still make another.
    """

    def __init__(
        self,
        entities: EntityStore,
        accounts: Accounts,
        memberships: Memberships,
        locks: NamedLocks,
        clock: Clock,
        ids: IdSource,
        *,
        models: ModelTable,
        sweeps: Sequence[Sweep],
        most: int,
    ) -> None:
        self._entities = entities
        self._accounts = accounts
        self._memberships = memberships
        self._locks = locks
        self._clock = clock
        self._ids = ids
        self._models = models
        self._sweeps = tuple(sweeps)
        self._most = most
        self._deletions: set[asyncio.Task[None]] = set()
        self._job_ended = asyncio.Event()
        entities.subscribe(Job, self._job_changed)

    async def close(self) -> None:
        """Stop the deletions under way; the next start goes on with them."""
        for deletion in self._deletions:
            deletion.cancel()
        await asyncio.gather(*self._deletions, return_exceptions=True)

    def get(self, principal: Principal) -> Belonging:
        """Return the organization for which the caller acts.

        Raises:
            OrganizationNotFoundError: There is none.
        """
        return Belonging(self._owned(self._entities, principal), principal.role)

    def list(self, principal: Principal, page: PageRequest) -> Page[Belonging]:
        """Return one page of the organizations of the caller, the one joined first first."""
        if not principal.user_id:
            return page_of([self.get(principal)], page)
        found = []
        for member in self._memberships.all(principal.user_id):
            organization = self._entities.get(Organization, member.organization_id)
            if organization is not None:
                found.append(Belonging(organization, member.role))
        return page_of(found, page)

    async def create(self, principal: Principal, *, name: str, description: str, icon: str) -> Belonging:
        """Create an organization whose owner is the calling user.

        Raises:
            NotAUserError: The caller is an API key.
            OrganizationLimitError: The user has enough organizations.
        """
        user = self._accounts.user(principal)
        now = microseconds(self._clock)
        organization = Organization(
            id=self._ids.new_id(),
            name=_named(name),
            description=description,
            icon=icon,
            created_at=now,
            updated_at=now,
        )
        member = Member(
            id=self._ids.new_id(),
            organization_id=organization.id,
            user_id=user.id,
            role=Role.ROLE_OWNER,
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            transaction.put(organization)
            transaction.put(member)

        # Memberships are counted by user as they are kept, not as a transaction sees them.
        async with self._locks.hold(f"organizations of {user.id}"):
            if len(self._memberships.all(user.id)) >= self._most:
                raise OrganizationLimitError(limit=self._most)
            await self._entities.transact(work)
        return Belonging(organization, member.role)

    async def update(self, principal: Principal, **changes: str) -> Belonging:
        """Change the organization for which the caller acts.

        Args:
            principal: The caller.
            changes: New values of name, description, icon, default_chat_model.

        Raises:
            OrganizationNotFoundError, ChatModelUnsupportedError, InvalidArgumentError: As their sentences say.
        """
        if changes.get("default_chat_model"):
            model = changes["default_chat_model"]
            try:
                self._models.resolve_chat(model)
            except UnsupportedModelError:
                sentence = f"Nobody on this server serves the chat model {model}."
                raise ChatModelUnsupportedError(sentence, model=model) from None
        if "name" in changes:
            changes["name"] = _named(changes["name"])

        def work(transaction: Transaction) -> Organization:
            organization = transaction.edit(self._owned(transaction, principal))
            for field, value in changes.items():
                setattr(organization, field, value)
            organization.updated_at = microseconds(self._clock)
            return organization

        return Belonging(await self._entities.transact(work), principal.role)

    async def delete(self, principal: Principal) -> None:
        """Delete the organization for which the caller acts, with everything it owns.

        Nobody can call for it any more when the first write is done. The deletion goes on when the caller leaves; what
        is left after a crash goes at the next start.

        Raises:
            OrganizationNotFoundError: There is none.
        """

        def work(transaction: Transaction) -> None:
            organization = transaction.edit(self._owned(transaction, principal))
            organization.deleting = True
            kinds: tuple[type[Message], ...] = (ApiKey, Member, Invitation)
            for kind in kinds:
                delete_all(transaction, transaction.children(kind, organization.id))

        async def whole() -> None:
            await self._entities.transact(work)
            await self._finish(principal.organization_id)

        deletion = asyncio.create_task(whole())
        self._deletions.add(deletion)
        deletion.add_done_callback(self._deletions.discard)
        await asyncio.shield(deletion)

    async def finish_deletions(self) -> None:
        """Delete what deletions left that a crash cut off."""
        for organization in self._entities.all(Organization):
            if organization.deleting:
                # The deletions of other organizations go on.
                with suppress(Exception):
                    await self._finish(organization.id)

    async def _finish(self, organization_id: str) -> None:
        try:
            await self._sweep(organization_id)
        except Exception:
            # The next start tries again.
            logger.exception("A deletion is unfinished.", extra={"organization_id": organization_id})
            raise

    async def _sweep(self, organization_id: str) -> None:
        failures = []
        for sweep in self._sweeps:
            try:
                await sweep(Principal(organization_id))
            except Exception as error:  # noqa: BLE001 - raised below
                # The others go on: what stands in the way of one kind keeps nothing else.
                failures.append(error)
        if failures:
            raise failures[0]
        await self._remove_records(organization_id)

        def work(transaction: Transaction) -> None:
            organization = transaction.get(Organization, organization_id)
            if organization is not None:
                transaction.delete(organization)

        await self._entities.transact(work)
        logger.info("An organization is deleted.", extra={"organization_id": organization_id})

    async def _remove_records(self, organization_id: str) -> None:
        """Delete what is left, and wait for the jobs which remove the chunks, files and graphs of what was deleted."""
        while True:
            self._job_ended.clear()
            left = self._entities.owned(organization_id, most=DELETED_AT_ONCE)
            if not left:
                return
            if records := [one for one in left if not (isinstance(one, Job) and one.kind in REMOVALS)]:
                await delete_many(self._entities, records)
            else:
                await self._job_ended.wait()

    def _job_changed(self, _: str, job: Job | None) -> None:
        if job is None:
            self._job_ended.set()

    @staticmethod
    def _owned(entities: EntityStore | Transaction, principal: Principal) -> Organization:
        organization = living(entities, principal.organization_id)
        if organization is None:
            raise OrganizationNotFoundError(organization_id=principal.organization_id)
        return organization


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidArgumentError("`name` is required.", field="name")
    return name
