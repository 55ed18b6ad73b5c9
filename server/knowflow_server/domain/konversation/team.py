"""The workspace behind chatbots: who looks after conversations, alone and in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow.store.v1.member_pb2 import Member, Role
from knowflow.store.v1.organization_pb2 import Organization
from knowflow.store.v1.team_pb2 import AgentGroup, TeamAgent
from knowflow.store.v1.user_pb2 import Login, User
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.flow import shown_name
from knowflow_server.domain.konversation.journal import Doer
from knowflow_server.domain.konversation.naming import identifier, next_number
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.konversation import FlowLimitReachedError, FlowNameTakenError, TeamAgentNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_GROUPS = 200
# What the roles of members are called here.
ROLE_NAMES: dict[int, str] = {
    Role.ROLE_OWNER: "owner",
    Role.ROLE_ADMIN: "admin",
    Role.ROLE_EDITOR: "member",
    Role.ROLE_VIEWER: "agent",
}


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who looks after conversations.

    Args:
        number: Number in the workspace.
        user: The user.
        role: What the user is, as this API calls it.
        is_online: Whether the user is logged in.
    """

    number: int
    user: User
    role: str
    is_online: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the user or the API key, with name and e-mail address."""

    id: str
    name: str
    email: str


class Team:
    """The workspaces of all organizations; each method acts for one caller."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def workspace(self, principal: Principal) -> tuple[Organization, User | None]:
        """Return the workspace with who has owned it the longest, if anybody does."""
        organization = self._entities.get(Organization, principal.organization_id) or Organization()
        owners = (one for one in self._members(principal) if one.role == Role.ROLE_OWNER)
        owner = next(owners, None)
        return organization, None if owner is None else self._entities.get(User, owner.user_id)

    def caller(self, principal: Principal) -> Caller:
        """Return who calls."""
        if principal.api_key_id:
            key = self._entities.get(ApiKey, principal.api_key_id) or ApiKey()
            return Caller(key.id, key.name, "")
        user = self._entities.get(User, principal.user_id) or User()
        return Caller(user.id, user.name, user.email)

    async def doer(self, principal: Principal) -> Doer:
        """Return who calls, as journals know them; a member who has no number yet gets one."""
        if not principal.user_id:
            return Doer(0, principal.api_key_id)
        wanted = identifier(principal.organization_id, principal.user_id)
        known = self._entities.get(TeamAgent, wanted)
        if known is None:
            await self._entities.transact(lambda transaction: self._number(transaction, principal))
            known = self._entities.get(TeamAgent, wanted)
        return Doer(0 if known is None else known.number, "")

    def names(self, organization_id: str) -> dict[int, str]:
        """Return the names of the agents who are members, by number."""
        members = self._entities.children(Member, organization_id)
        found = (self._agent(member) for member in members)
        return {agent.number: agent.user.name for agent in found if agent is not None}

    async def agents(self, principal: Principal, page: PageRequest, *, name: str = "", role: str = "") -> Page[Agent]:
        """Return one page of the members, those first who joined first; new ones get their numbers.

        Args:
            principal: The caller.
            page: Which page.
            name: Only those whose name holds this, without regard to case.
            role: Only those of this role, when not empty.
        """
        members = self._members(principal)
        if any(self._entities.get(TeamAgent, _agent_id(member)) is None for member in members):
            await self._entities.transact(lambda transaction: self._number(transaction, principal))
        found = [agent for member in members if (agent := self._agent(member)) is not None]
        found = [agent for agent in found if name.casefold() in agent.user.name.casefold()]
        return page_of([agent for agent in found if role in ("", agent.role)], page)

    def groups(self, principal: Principal, page: PageRequest, *, name: str = "") -> Page[AgentGroup]:
        """Return one page of the groups, oldest first; only those whose name holds `name`, without regard to case."""
        found = self._entities.children(AgentGroup, principal.organization_id)
        return page_of([group for group in found if name.casefold() in group.name.casefold()], page)

    async def create_group(self, principal: Principal, *, name: str, agents: Sequence[int]) -> AgentGroup:
        """Make a group of agents.

        Raises:
            TeamAgentNotFoundError, FlowNameTakenError, FlowLimitReachedError, InvalidArgumentError: As they say.
        """
        organization_id, now = principal.organization_id, microseconds(self._clock)

        def work(transaction: Transaction) -> AgentGroup:
            wanted = shown_name(name)
            for agent in agents:
                require_agent(transaction, organization_id, agent)
            if transaction.holder(AgentGroup, organization_id=organization_id, name=wanted) is not None:
                raise FlowNameTakenError(kind="group of agents", name=wanted)
            if sum(1 for _ in transaction.children(AgentGroup, organization_id)) >= MAX_GROUPS:
                raise FlowLimitReachedError(kind="groups of agents", limit=MAX_GROUPS)
            number = next_number(transaction, organization_id, AgentGroup)
            group = AgentGroup(
                id=identifier(organization_id, str(number)),
                organization_id=organization_id,
                number=number,
                name=wanted,
                agents=agents,
                created_at=now,
                updated_at=now,
            )
            transaction.put(group)
            return group

        return await self._entities.transact(work)

    async def delete_group(self, principal: Principal, number: int) -> None:
        """Delete a group of agents.

        Raises:
            TeamAgentNotFoundError: There is none.
        """
        await self._entities.transact(lambda t: t.delete(require_group(t, principal.organization_id, number)))

    def _members(self, principal: Principal) -> Sequence[Member]:
        return self._entities.children(Member, principal.organization_id)

    def _number(self, transaction: Transaction, principal: Principal) -> None:
        # By age: transactions see children in no particular order.
        members = sorted(transaction.children(Member, principal.organization_id), key=lambda one: one.created_at)
        for member in members:
            if transaction.get(TeamAgent, _agent_id(member)) is None:
                agent = TeamAgent(
                    id=_agent_id(member),
                    organization_id=member.organization_id,
                    user_id=member.user_id,
                    number=next_number(transaction, member.organization_id, TeamAgent),
                    created_at=microseconds(self._clock),
                )
                transaction.put(agent)

    def _agent(self, member: Member) -> Agent | None:
        known = self._entities.get(TeamAgent, _agent_id(member))
        user = self._entities.get(User, member.user_id)
        if known is None or user is None:
            return None
        now = microseconds(self._clock)
        is_online = any(login.expires_at > now for login in self._entities.children(Login, "", user.id))
        return Agent(known.number, user, ROLE_NAMES.get(member.role, "agent"), is_online)


def require_agent(transaction: Transaction, organization_id: str, number: int) -> None:
    """Refuse an agent who is none, or is no member any more.

    Raises:
        TeamAgentNotFoundError: There is none with this number.
    """
    for agent in transaction.children(TeamAgent, organization_id):
        member = {"organization_id": organization_id, "user_id": agent.user_id}
        if agent.number == number and transaction.holder(Member, **member) is not None:
            return
    raise TeamAgentNotFoundError(kind="agent", id=number)


def require_group(transaction: Transaction, organization_id: str, number: int) -> AgentGroup:
    """Return a group of agents, read-only.

    Raises:
        TeamAgentNotFoundError: There is none with this number.
    """
    group = transaction.get(AgentGroup, identifier(organization_id, str(number)))
    if group is None:
        raise TeamAgentNotFoundError(kind="group of agents", id=number)
    return group


def _agent_id(member: Member) -> str:
    return identifier(member.organization_id, member.user_id)
