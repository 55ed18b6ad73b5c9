"""CodeExec: a program, in the sandbox of the server's operator."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from knowflow_server.domain.canvas.component import ComponentError, Params, Result, Tool, pure
from knowflow_server.domain.canvas.reference import Reference, parsed_json, shown
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.tooling import Text, ToolComponent, resolved
from knowflow_server.domain.outgoing import OutgoingError, Sandbox

RUN_S = 60.0
LANGUAGES = {"python": "python", "python3": "python", "py": "python"} | dict.fromkeys(
    ("nodejs", "javascript", "js", "node"), "nodejs"
)


class CodeParams(Params):
    """Parameters.

    Attributes:
        lang: `python` or `nodejs`.
        script: The program; it defines `main`, whose return value becomes the outputs.
        arguments: What `main` is given, by name; a reference is replaced by its value.
    """

    lang: Literal["python", "nodejs"] = "python"
    script: Text = ""
    arguments: Mapping[str, Any] = Field(default_factory=dict)

    @field_validator("lang", mode="before")
    @classmethod
    def _language(cls, value: Any) -> Any:
        return LANGUAGES.get(value.lower(), value) if isinstance(value, str) else value or "python"

    @field_validator("arguments", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return value or {}


class CodeExec(ToolComponent):
    """The component."""

    name = "CodeExec"
    params = CodeParams
    limit_s = RUN_S + 10
    results = ("result",)
    tool = Tool(
        "execute_code",
        "Runs a program in a sandbox. It must define a function `main`, whose return value is the result.",
        {"lang": "`python` or `nodejs`.", "script": "The program, with `main` without arguments."},
    )

    @classmethod
    def references(cls, params: CodeParams) -> Iterable[Reference]:
        """Return what the arguments refer to; braces in a program are its own."""
        return pure(*(value for value in params.arguments.values() if isinstance(value, str)))

    @classmethod
    async def run(cls, scope: Scope, params: CodeParams) -> Result:
        """Run the program of the parameters."""
        given = {name: await resolved(scope, value) for name, value in params.arguments.items()}
        return await cls._run(scope, params, params.lang, params.script, given)

    @classmethod
    async def call(cls, scope: Scope, params: CodeParams, arguments: Mapping[str, Any]) -> Result:
        """Run the program of a model."""
        language = LANGUAGES.get(shown(arguments.get("lang")).lower(), "")
        if not language:
            raise ComponentError("`lang` should be python or nodejs.")
        return await cls._run(scope, params, language, shown(arguments.get("script")), {})

    @classmethod
    async def _run(
        cls, scope: Scope, params: CodeParams, language: str, script: str, given: Mapping[str, Any]
    ) -> Result:
        if not script.strip():
            raise ComponentError("CodeExec has no program: `script` is empty.")
        sandbox: Sandbox = scope.tool("sandbox")
        try:
            output = await sandbox.run(language, script, given, timeout_s=RUN_S)
        except OutgoingError as error:
            raise ComponentError(error.sentence) from None
        if output.stderr:
            raise ComponentError(f"The program failed: {output.stderr.strip()[-2000:]}")
        return Result(_outputs(params, _value(output.stdout)))


def _value(stdout: str) -> Any:
    """Return what a program printed as the value it is: JSON, or what Python prints of simple values."""
    text = stdout.strip()
    try:
        return parsed_json(text)
    except ValueError:
        pass
    try:
        value = ast.literal_eval(text)
        # A tuple becomes a list, which fills the outputs one by one; sets and bytes are no JSON.
        return parsed_json(json.dumps(value))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def _outputs(params: CodeParams, value: Any) -> dict[str, Any]:
    """Return the declared outputs: by name of an object, by place of a list, else all the same value."""
    names = [name for name in params.outputs if not name.startswith("_")]
    made: dict[str, Any] = {"result": value}
    if isinstance(value, dict):
        made |= {name: value[name] for name in names if name in value}
    elif isinstance(value, list) and len(names) > 1:
        made |= dict(zip(names, value, strict=False))
    else:
        made |= dict.fromkeys(names, value)
    return made
