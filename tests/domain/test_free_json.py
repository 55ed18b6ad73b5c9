"""JSON of any shape: what callers send, and what models and tools make."""

from __future__ import annotations

import math
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from knowflow.v1 import agent_pb2, agent_service_pb2
from knowflow_server.domain import free_json
from knowflow_server.errors.base import InvalidArgumentError


def nested(levels: int, *, is_list: bool) -> Any:
    """Return a value inside so many lists or objects."""
    value: Any = 1
    for _ in range(levels):
        value = [value] if is_list else {"a": value}
    return value


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_values_of_a_number_that_is_none_are_refused(number: float) -> None:
    message = Struct()
    message.fields["x"].number_value = number
    with pytest.raises(InvalidArgumentError):
        free_json.values(message)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (math.nan, None),
        (-math.inf, None),
        (10**400, str(10**400)),
        ("a\ud800b", "a?b"),
        ((1, 2), [1, 2]),
        ({1: True}, {"1": True}),
        ({"a": [None, 1.5, "x"]}, {"a": [None, 1.5, "x"]}),
        (b"x", "\"b'x'\""),
    ],
)
def test_struct_shows_what_json_cannot_say_as_near_as_possible(given: Any, shown: Any) -> None:
    assert {"x": shown} == json_format.MessageToDict(free_json.struct({"x": given}))


@pytest.mark.parametrize("is_list", [True, False])
@pytest.mark.parametrize("levels", [1, 20, 29, 33, 60, 200, 5_000])
def test_struct_can_be_read_by_every_client_however_deep_it_is(levels: int, *, is_list: bool) -> None:
    session = agent_pb2.AgentSession(dsl=free_json.struct({"x": nested(levels, is_list=is_list)}))
    answer = agent_service_pb2.ListAgentSessionsResponse(data=[session])
    assert answer == agent_service_pb2.ListAgentSessionsResponse.FromString(answer.SerializeToString())
    assert answer == json_format.Parse(json_format.MessageToJson(answer), agent_service_pb2.ListAgentSessionsResponse())
