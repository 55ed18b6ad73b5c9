"""Cases as YAML holds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from tests.cases.matching import Loader

FOLDER = Path(__file__).parent
SHARED = FOLDER / "shared"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Expect(_Strict):
    """What must come back.

    Attributes:
        status: HTTP status of the REST answer.
        grpc: gRPC status of the gRPC answer.
        reason: `ErrorReason` of a gRPC error, without its prefix.
        metadata: Metadata of a gRPC error.
        body: The JSON of the answer; of a gRPC error, its `message` must be the status's.
        messages: The messages of a streamed gRPC answer.
        events: The data of server-sent events, JSON or text.
        content: The bytes of a download: a text, or the name of a sample file after `!file`.
        headers: Headers of the answer, initial metadata over gRPC.
    """

    status: int = 200
    grpc: str = "OK"
    reason: str = ""
    metadata: Any = {}
    body: Any = None
    messages: Any = None
    events: Any = None
    content: Any = None
    headers: Any = {}


class Step(_Strict):
    """One call.

    Attributes:
        method: The RPC, `DatasetService/CreateDataset` of `knowflow.v1` or with another package in front.
        request: The request as JSON.
        requests: The messages of a client-streaming call, gRPC only.
        form: The parts of a multipart upload.
        body: `none` sends no body at all over REST.
        raw: A REST call to the letter: verb, path, headers, content.
        key: Whose API key is shown.
        headers: Further headers; metadata over gRPC.
        bind: Name under which later steps find the answer.
        expect: What must come back.
    """

    method: str = ""
    request: Any = {}
    requests: Any = []
    form: Any = []
    body: Literal["json", "none"] = "json"
    raw: Any = {}
    key: Literal["own", "stranger", "none", "wrong"] = "own"
    headers: Any = {}
    bind: str = "answer"
    expect: Expect = Expect()


class Case(Step):
    """One call with what comes before and after it.

    Attributes:
        description: What is shown.
        document: The section of the document that it comes from.
        only: The one way to call it, where the other cannot say it.
        server: `strict` has no fallback model, small files, and providers of its own.
        shared: Names of shared setups, made once and only read.
        setup: Steps before the call, see `World.set_up`.
        once: The setup is made once for all examples, none of which changes what it made.
        then: Calls after it.
        examples: Values by name; the case runs once with each.
    """

    description: str
    document: str = ""
    only: Literal["", "rest", "grpc"] = ""
    server: Literal["server", "strict"] = "server"
    shared: list[str] = []
    setup: list[Mapping[str, Any]] = []
    once: bool = False
    then: list[Step] = []
    examples: list[Mapping[str, Any]] = []

    @model_validator(mode="after")
    def _checked(self) -> Case:
        assert self.method or self.raw, "a case needs a method"
        assert self.only == "rest" or not self.raw, "a raw call is REST only"
        for step in (self, *self.then):
            expect = step.expect
            failed = expect.status >= 400 or expect.grpc != "OK"
            if failed and self.only != "rest":
                assert expect.grpc != "OK", "a failure needs its gRPC code"
                assert expect.reason, "a failure needs its reason"
            if failed and self.only != "grpc":
                assert expect.status >= 400, "a failure needs its HTTP status"
        return self


@dataclass(frozen=True)
class Run:
    """A case with one of its examples, over one transport."""

    case: Case
    path: Path
    example: Mapping[str, Any]
    place: int
    transport: Literal["rest", "grpc"]

    def __str__(self) -> str:
        name = f"{self.path.parent.name}/{self.path.stem}"
        if self.example:
            words = "-".join(str(value) for value in self.example.values())
            name += f"/{self.place}-" + re.sub(r"[^\w.]+", "-", words, flags=re.ASCII)[:40].strip("-")
        return f"{name}-{self.transport}"


def read(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.load(path.read_text(), Loader)


@cache
def cases() -> dict[Path, Case]:
    """Return all cases by file."""
    found = {}
    for path in sorted(FOLDER.glob("*/*/*.yaml")):
        try:
            found[path] = Case.model_validate(read(path))
        except Exception as error:
            raise ValueError(f"{path.relative_to(FOLDER)}: {error}") from error
    return found


def runs(server: str) -> list[Run]:
    """Return every case for a server, with each of its examples, over each of its transports."""
    return [
        Run(case, path, example, place, transport)
        for path, case in cases().items()
        for place, example in enumerate(case.examples or [{}])
        for transport in ("rest", "grpc")
        if case.server == server and case.only in ("", transport)
    ]
