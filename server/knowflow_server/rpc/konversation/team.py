"""The workspace: agents, labels and groups."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, team_service_pb2_grpc
from knowflow.konversation.v1 import team_service_pb2 as pb
from knowflow.store.v1.flow_label_pb2 import TeamLabel
from knowflow.store.v1.team_pb2 import AgentGroup
from knowflow_server.domain.konversation.tag import TeamLabels
from knowflow_server.domain.konversation.team import Agent, Team
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request


class TeamService(team_service_pb2_grpc.TeamServiceServicer):
    """Answers for the workspace."""

    def __init__(self, team: Team, labels: TeamLabels) -> None:
        self._team = team
        self._labels = labels

    async def GetTeam(self, request: pb.GetTeamRequest, context: Any) -> pb.TeamResponse:
        """Return the workspace."""
        organization, owner = self._team.workspace(caller())
        data = pb.Team(id=organization.id, name=organization.name)
        if owner is not None:
            data.owner_id, data.owner_email = owner.id, owner.email
        return pb.TeamResponse(status=OK, data=data)

    async def GetMe(self, request: pb.GetMeRequest, context: Any) -> pb.MeResponse:
        """Return who calls."""
        found = self._team.caller(caller())
        return pb.MeResponse(status=OK, data=pb.Me(id=found.id, name=found.name, email=found.email))

    async def ListAgents(self, request: pb.ListAgentsRequest, context: Any) -> pb.ListAgentsResponse:
        """List agents."""
        page = await self._team.agents(caller(), page_request(request), name=request.name, role=request.role)
        return pb.ListAgentsResponse(**listed(request, page, "/flow/agents", [_agent(one) for one in page.items]))

    async def ListLabels(self, request: pb.ListLabelsRequest, context: Any) -> pb.ListLabelsResponse:
        """List labels."""
        page = self._labels.list(caller(), page_request(request), name=request.name)
        return pb.ListLabelsResponse(**listed(request, page, "/team/labels", [_label(one) for one in page.items]))

    async def CreateLabel(self, request: pb.CreateLabelRequest, context: Any) -> pb.LabelResponse:
        """Create a label."""
        return pb.LabelResponse(status=OK, data=_label(await self._labels.create(caller(), name=request.name)))

    async def DeleteLabel(self, request: pb.DeleteLabelRequest, context: Any) -> page_pb2.Done:
        """Delete a label."""
        await self._labels.delete(caller(), number=request.label_id)
        return done()

    async def DeleteLabelByName(self, request: pb.DeleteLabelByNameRequest, context: Any) -> page_pb2.Done:
        """Delete a label by its name."""
        await self._labels.delete(caller(), name=request.name)
        return done()

    async def ListAgentGroups(self, request: pb.ListAgentGroupsRequest, context: Any) -> pb.ListAgentGroupsResponse:
        """List groups of agents."""
        page = self._team.groups(caller(), page_request(request), name=request.name)
        items = [_group(one) for one in page.items]
        return pb.ListAgentGroupsResponse(**listed(request, page, "/team/agent-groups", items))

    async def CreateAgentGroup(self, request: pb.CreateAgentGroupRequest, context: Any) -> pb.AgentGroupResponse:
        """Create a group of agents."""
        group = await self._team.create_group(caller(), name=request.name, agents=request.agent_ids)
        return pb.AgentGroupResponse(status=OK, data=_group(group))

    async def DeleteAgentGroup(self, request: pb.DeleteAgentGroupRequest, context: Any) -> page_pb2.Done:
        """Delete a group of agents."""
        await self._team.delete_group(caller(), request.agent_group_id)
        return done()


def _agent(agent: Agent) -> pb.Agent:
    user = agent.user
    return pb.Agent(id=agent.number, name=user.name, email=user.email, role=agent.role, is_online=agent.is_online)


def _label(record: TeamLabel) -> pb.TeamLabel:
    return pb.TeamLabel(id=record.number, name=record.name)


def _group(record: AgentGroup) -> pb.AgentGroup:
    return pb.AgentGroup(id=record.number, name=record.name, agent_ids=record.agents)
