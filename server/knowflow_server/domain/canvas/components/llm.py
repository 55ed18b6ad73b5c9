"""LLM: asks a model once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from jsonschema import Draft202012Validator, SchemaError
from jsonschema import ValidationError as SchemaMismatchError
from pydantic import BaseModel, ConfigDict, field_validator

from knowflow_server.domain.canvas.asking import ModelParams, answer, fitted, grounding_of, model_of, whole
from knowflow_server.domain.canvas.component import Component, ComponentError, Result
from knowflow_server.domain.canvas.reference import whole_characters
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.ports import ChatMessage

QUERY = "{sys.query}"
CITE = (
    "Where a passage is marked [ID:n], and a sentence of your answer rests on it, put the same mark after the sentence."
)
JSON_ONLY = "Answer with one JSON value that matches this JSON schema, and with nothing else:\n{schema}"
ATTEMPTS = 2


class Prompt(BaseModel):
    """One message to the model."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    role: str = "user"
    content: str = ""


class LlmParams(ModelParams):
    """Parameters.

    Attributes:
        sys_prompt: What the model is told.
        prompts: The messages after it; by default the question.
        output_structure: JSON schema of the answer; then the output is `structured_content`.
        cite: Whether the answer names the passages it rests on.
        visual_files_var: A reference to pictures; models in this version read text only.
    """

    sys_prompt: str = ""
    prompts: tuple[Prompt, ...] = (Prompt(role="user", content=QUERY),)
    output_structure: Mapping[str, Any] | None = None
    cite: bool = True
    visual_files_var: str | None = None

    @field_validator("prompts", mode="before")
    @classmethod
    def _prompts(cls, value: Any) -> Any:
        if isinstance(value, str):
            return ({"role": "user", "content": value},)
        return value or ({"role": "user", "content": QUERY},)

    @field_validator("sys_prompt", mode="before")
    @classmethod
    def _told(cls, value: Any) -> Any:
        return value or ""

    @field_validator("output_structure", mode="before")
    @classmethod
    def _schema(cls, value: Any) -> Any:
        if not value:
            return None
        try:
            Draft202012Validator.check_schema(value)
        except SchemaError as error:
            raise ValueError(f"it is no JSON schema: {error.message}") from None
        return value


class Llm(Component):
    """The component."""

    name = "LLM"
    params = LlmParams
    limit_s = 600.0
    results: ClassVar[tuple[str, ...]] = ("content", "structured_content")
    streams = "content"
    error_output = "content"

    @classmethod
    async def run(cls, scope: Scope, params: Any) -> Result:
        """Ask the model."""
        model = model_of(scope, params.llm_id)
        messages = await conversation(scope, params)
        options = params.options()
        ready = fitted(model, messages, options.max_tokens or model.context_tokens // 4)
        if params.output_structure:
            made = await _structured(scope, params, ready)
            return Result({"structured_content": made, "content": json.dumps(made, ensure_ascii=False)})
        stream = answer(scope, model, ready, options, grounding=grounding_of(scope))
        return Result(stream=stream)


async def conversation(scope: Scope, params: LlmParams, further: str = "") -> list[ChatMessage]:
    """Return what a model is to read: what it is told, earlier turns, and the messages of the parameters."""
    told = [await scope.text(params.sys_prompt)]
    if params.cite and scope.turn.cited():
        told.append(CITE)
    told.append(further)
    text = "\n\n".join(part for part in told if part)
    messages = [ChatMessage("system", text)] if text else []
    messages += scope.history(params.message_history_window_size)
    for prompt in params.prompts:
        content = await scope.text(prompt.content)
        if content:
            messages.append(ChatMessage(prompt.role if prompt.role in {"user", "assistant"} else "user", content))
    if not any(message.role == "user" for message in messages):
        raise ComponentError("There is nothing to ask: the question and the prompts are empty.")
    return messages


async def _structured(scope: Scope, params: LlmParams, messages: Sequence[ChatMessage]) -> Any:
    """Return the model's answer as a JSON value that matches the schema.

    Raises:
        ComponentError: The model does not write one.
    """
    schema = params.output_structure or {}
    model = model_of(scope, params.llm_id)
    told = JSON_ONLY.format(schema=json.dumps(schema, ensure_ascii=False))
    asked = [ChatMessage("system", told), *messages]
    problem = ""
    for _ in range(ATTEMPTS + params.max_retries):
        written = await whole(scope, model, asked, params.options())
        try:
            value = json_in(written)
            Draft202012Validator(schema).validate(value)
        except (ValueError, SchemaMismatchError) as error:
            problem = str(error).splitlines()[0]
            again = f"That was not valid: {problem}. Write the JSON value only."
            asked = [*asked, ChatMessage("assistant", written), ChatMessage("user", again)]
        else:
            return value
    raise ComponentError(f"The model {model.name} wrote no JSON that matches the schema: {problem}")


def json_in(text: str) -> Any:
    """Return the first JSON object or list in a text, which may stand in a code fence or after thinking.

    Raises:
        ValueError: There is none.
    """
    text = text.rpartition("</think>")[2]
    decoder = json.JSONDecoder()
    for place, character in enumerate(text):
        if character in "{[":
            try:
                return whole_characters(decoder.raw_decode(text, place)[0])
            except json.JSONDecodeError:
                continue
            except RecursionError:
                break
    raise ValueError("there is no JSON object or list in it")
