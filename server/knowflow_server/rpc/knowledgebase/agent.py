"""Agents on the surface of knowledge bases: what they search, and their instructions."""

from __future__ import annotations

from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value

from knowflow.knowledgebase.v1 import agent_service_pb2 as messages
from knowflow.knowledgebase.v1.agent_service_pb2_grpc import AgentServiceServicer
from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.instructions_pb2 import InstructionsVersion
from knowflow_server.domain.clock import iso_milliseconds
from knowflow_server.domain.instructions import Instructions
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowledgebase import item


class AgentService(AgentServiceServicer):
    """Answers for agents."""

    def __init__(self, knowledgebases: Knowledgebases, instructions: Instructions) -> None:
        self._knowledgebases = knowledgebases
        self._instructions = instructions

    async def GetAgentKnowledgebase(
        self, request: messages.GetAgentKnowledgebaseRequest, context: Any
    ) -> messages.GetAgentKnowledgebaseResponse:
        """Return the knowledge base of an agent."""
        agent, dataset = self._knowledgebases.of_agent(caller(), request.agent_id)
        shown = item.knowledgebase(await self._knowledgebases.contents(caller(), dataset))
        return messages.GetAgentKnowledgebaseResponse(
            data=messages.AgentKnowledgebase(agent=_summary(agent), knowledgebase=shown)
        )

    async def AssignAgentKnowledgebase(
        self, request: messages.AssignAgentKnowledgebaseRequest, context: Any
    ) -> messages.AssignAgentKnowledgebaseResponse:
        """Assign a knowledge base to an agent, or take it away."""
        agent, dataset = await self._knowledgebases.assign(caller(), request.agent_id, _wanted(request))
        done = "assigned" if dataset is not None else "unassigned"
        return messages.AssignAgentKnowledgebaseResponse(
            data=messages.AgentAssignment(agent=_summary(agent), knowledgebase=_named(dataset)),
            message=f"Knowledgebase {done} successfully",
        )

    async def GetAgentInstructions(
        self, request: messages.GetAgentInstructionsRequest, context: Any
    ) -> messages.GetAgentInstructionsResponse:
        """Return the instructions of an agent."""
        agent = self._instructions.get(caller(), request.agent_id)
        return messages.GetAgentInstructionsResponse(data=_instructions(agent))

    async def UpdateAgentInstructions(
        self, request: messages.UpdateAgentInstructionsRequest, context: Any
    ) -> messages.UpdateAgentInstructionsResponse:
        """Give an agent new instructions."""
        agent = await self._instructions.update(caller(), request.agent_id, request.instructions)
        return messages.UpdateAgentInstructionsResponse(
            data=_instructions(agent), message="Agent instructions updated successfully"
        )

    async def ListAgentInstructionsVersions(
        self, request: messages.ListAgentInstructionsVersionsRequest, context: Any
    ) -> messages.ListAgentInstructionsVersionsResponse:
        """List the versions of an agent's instructions."""
        versions = self._instructions.versions(caller(), request.agent_id)
        return messages.ListAgentInstructionsVersionsResponse(data=map(_version, versions))

    async def RestoreAgentInstructions(
        self, request: messages.RestoreAgentInstructionsRequest, context: Any
    ) -> messages.RestoreAgentInstructionsResponse:
        """Restore a version of an agent's instructions."""
        agent = await self._instructions.restore(caller(), request.agent_id, request.version)
        return messages.RestoreAgentInstructionsResponse(
            data=_instructions(agent), message="Agent instructions restored successfully"
        )


def _wanted(request: messages.AssignAgentKnowledgebaseRequest) -> str:
    """Return the knowledge base which an agent is to get, empty for null.

    Raises:
        InvalidArgumentError: It is absent, or neither a text nor null.
    """
    kind = request.knowledgebase_id.WhichOneof("kind")
    if kind == "null_value":
        return ""
    if kind != "string_value" or not request.knowledgebase_id.string_value:
        sentence = "knowledgebaseId is required: the id of a knowledgebase, or null to unassign it"
        raise InvalidArgumentError(sentence, field="knowledgebase_id")
    return request.knowledgebase_id.string_value


def _named(dataset: Dataset | None) -> Value:
    if dataset is None:
        return Value(null_value=NULL_VALUE)
    named = Struct()
    named.update({"id": dataset.id, "name": dataset.name})
    return Value(struct_value=named)


def _summary(agent: Agent) -> messages.AgentSummary:
    return messages.AgentSummary(id=agent.id, name=agent.title)


def _instructions(agent: Agent) -> messages.AgentInstructions:
    return messages.AgentInstructions(
        id=agent.id,
        name=agent.title,
        instructions=agent.simple.instructions,
        updated_at=iso_milliseconds(agent.updated_at),
    )


def _version(version: InstructionsVersion) -> messages.AgentInstructionsVersion:
    return messages.AgentInstructionsVersion(
        version=version.number,
        instructions=version.instructions,
        created_at=iso_milliseconds(version.created_at),
    )
