"""Agent: a model that works in rounds with tools, until it can answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowflow_server.domain.canvas.asking import answer, fitted, grounding_of, model_of, whole
from knowflow_server.domain.canvas.component import Component, ComponentError, Params, Result, Tool, registry
from knowflow_server.domain.canvas.components.llm import Llm, LlmParams, conversation, json_in
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.free_json import mistake
from knowflow_server.domain.ports import ChatMessage, ChatModel
from knowflow_server.errors.base import KnowFlowError

TOLD = (
    "You can use tools before you answer. In each round write a JSON list of the calls to make now, and nothing else: "
    '[{{"name": "tool", "arguments": {{...}}}}]. Calls of one round run side by side; their results come with the next '
    'message. When you know enough, or no tool helps, write [{{"name": "complete_task", "arguments": {{}}}}].\n\n'
    "The tools:\n{tools}"
)
ANSWER_NOW = "Answer the user now, completely, from what the tools have found. Write the answer only."
COMPLETE = "complete_task"
MAX_DEPTH = 4
MAX_CALLS = 8
SHOWN = 8_000


class ToolUse(BaseModel):
    """A tool of an agent: a component with parameters, under a name."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    component_name: str
    name: str = ""
    params: Mapping[str, Any] = Field(default_factory=dict)


class AgentParams(LlmParams):
    """Parameters.

    Attributes:
        tools: The tools; a tool may be an Agent with tools of its own.
        mcp: Servers of further tools; this version has no client for them, so the list must be empty.
        max_rounds: Most rounds with tools.
        user_prompt: What a sub-agent is asked, beside what the calling agent says.
    """

    tools: tuple[ToolUse, ...] = ()
    mcp: tuple[Any, ...] = ()
    max_rounds: int = Field(default=5, ge=1, le=50)
    user_prompt: str = ""

    @field_validator("tools", "mcp", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return value or ()

    @field_validator("mcp")
    @classmethod
    def _none(cls, value: Any) -> Any:
        if value:
            raise ValueError("this server has no client for MCP servers")
        return value

    @field_validator("tools")
    @classmethod
    def _known(cls, value: tuple[ToolUse, ...]) -> tuple[ToolUse, ...]:
        for use in value:
            component = registry().get(use.component_name)
            if component is None or component.tool is None:
                raise ValueError(f"{use.component_name} is no tool")
            try:
                component.params.model_validate(use.params)
            except ValidationError as error:
                place, message = mistake(error)
                raise ValueError(f"the tool {use.component_name} has a wrong parameter `{place}`: {message}") from None
        return value


@dataclass(frozen=True, slots=True)
class _Usable:
    """A tool as the model sees it."""

    name: str
    tool: Tool
    component: type[Component]
    params: Params


class Agent(Llm):
    """The component."""

    name = "Agent"
    params = AgentParams
    limit_s = 1200.0
    results = ("content", "structured_content", "use_tools")
    tool = Tool(
        "agent",
        "Another assistant, which works on a task with tools of its own and returns what it found.",
        {
            "user_prompt": "The task, with everything the assistant must know.",
            "reasoning?": "Why it is asked.",
            "context?": "What is known already.",
        },
    )

    @classmethod
    async def run(cls, scope: Scope, params: Any) -> Result:
        """Work in rounds, then answer; without tools, answer at once."""
        if not params.tools:
            return await super().run(scope, params)
        messages = await conversation(scope, params)
        used: list[dict[str, Any]] = []
        stream = cls._work(scope, params, messages, used, depth=0)
        # `use_tools` fills while the answer is made; it is whole when the answer is.
        return Result({"use_tools": used}, stream=stream)

    @classmethod
    async def call(cls, scope: Scope, params: AgentParams, arguments: Mapping[str, Any], depth: int = 0) -> Result:
        """Work on a task of another agent."""
        if depth >= MAX_DEPTH:
            raise ComponentError(f"Agents call each other more than {MAX_DEPTH} levels deep.")
        told = await scope.text(params.sys_prompt)
        parts = [arguments.get(name) for name in ("user_prompt", "context", "reasoning")]
        asked = "\n\n".join(str(part) for part in parts if part) or await scope.text(params.user_prompt)
        messages = [*([ChatMessage("system", told)] if told else []), ChatMessage("user", asked)]
        used: list[dict[str, Any]] = []
        made = [piece async for piece in cls._work(scope, params, messages, used, depth=depth)]
        return Result({"content": "".join(made), "use_tools": used})

    @classmethod
    async def _work(
        cls,
        scope: Scope,
        params: AgentParams,
        messages: Sequence[ChatMessage],
        used: list[dict[str, Any]],
        *,
        depth: int,
    ) -> AsyncIterator[str]:
        model = model_of(scope, params.llm_id)
        talk = list(messages)
        usable = list(_usable(params))
        if usable:
            described = "\n".join(_described(tool) for tool in usable)
            told = ChatMessage("system", TOLD.format(tools=described))
            for _ in range(params.max_rounds):
                wanted = await cls._next(scope, model, [told, *talk], params)
                if not wanted:
                    break
                results = await asyncio.gather(*(cls._use(scope, usable, call, depth) for call in wanted[:MAX_CALLS]))
                used += results
                found = "\n\n".join(f"{r['name']} returned:\n{_cut(r['results'])}" for r in results)
                talk.append(ChatMessage("assistant", json.dumps(wanted, ensure_ascii=False)))
                talk.append(ChatMessage("user", found))
            talk.append(ChatMessage("user", ANSWER_NOW))
        options = params.options()
        ready = fitted(model, talk, options.max_tokens or model.context_tokens // 4)
        async for piece in answer(scope, model, ready, options, grounding=grounding_of(scope)):
            yield piece

    @classmethod
    async def _next(
        cls, scope: Scope, model: ChatModel, talk: Sequence[ChatMessage], params: AgentParams
    ) -> list[dict[str, Any]]:
        """Return the calls the model wants now; none when it is done, or writes something else than calls."""
        ready = fitted(model, talk, model.context_tokens // 4)
        written = await whole(scope, model, ready, params.options())
        try:
            value = json_in(written)
        except ValueError:
            return []
        calls = value if isinstance(value, list) else [value]
        valid = [call for call in calls if isinstance(call, dict) and isinstance(call.get("name"), str)]
        return [] if any(call["name"] == COMPLETE for call in valid) else valid

    @classmethod
    async def _use(cls, scope: Scope, usable: Sequence[_Usable], call: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """Return what a call found; what goes wrong is told to the model, which may try something else."""
        given = call.get("arguments")
        arguments = given if isinstance(given, dict) else {}
        tool = next((item for item in usable if item.name == call["name"]), None)
        report = {"name": call["name"], "arguments": arguments}
        if tool is None:
            return {**report, "results": f"There is no tool {call['name']}."}
        missing = [name for name in tool.tool.arguments if not name.endswith("?") and name not in arguments]
        if missing:
            return {**report, "results": f"The argument {missing[0]} is missing."}
        try:
            async with asyncio.timeout(tool.params.timeout_s or tool.component.limit_s):
                if issubclass(tool.component, Agent):
                    result = await tool.component.call(scope, tool.params, arguments, depth + 1)  # type: ignore[arg-type]
                else:
                    result = await tool.component.call(scope, tool.params, arguments)
        except TimeoutError:
            return {**report, "results": "The tool took too long."}
        except ComponentError as error:
            return {**report, "results": f"The tool failed: {error}"}
        except KnowFlowError as error:
            return {**report, "results": f"The tool failed: {error.sentence}"}
        return {**report, "results": _main(result.outputs)}


def _usable(params: AgentParams) -> Iterator[_Usable]:
    """Yield the tools with names that differ."""
    taken: set[str] = set()
    for use in params.tools:
        component = registry()[use.component_name]
        tool = component.tool
        assert tool is not None
        made = component.params.model_validate(use.params)
        wanted = "".join(c if c.isalnum() else "_" for c in use.name) if use.name else tool.name
        name = wanted
        while name in taken:
            name = f"{name}_"
        taken.add(name)
        yield _Usable(name, tool, component, made)


def _described(usable: _Usable) -> str:
    arguments = {
        name.rstrip("?"): meaning + (" Optional." if name.endswith("?") else "")
        for name, meaning in usable.tool.arguments.items()
    }
    text = usable.params.description or usable.tool.description
    return f"- {usable.name}: {text} Arguments: {json.dumps(arguments, ensure_ascii=False)}"


def _main(outputs: Mapping[str, Any]) -> Any:
    for name in ("formalized_content", "content", "result"):
        if outputs.get(name):
            return outputs[name]
    return {name: value for name, value in outputs.items() if not name.startswith("_")}


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[:SHOWN] + " …"
