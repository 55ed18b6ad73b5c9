"""Lists of ids: absent, null, empty and full are four different things."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format

from knowflow.v1.document_service_pb2 import DeleteDocumentsRequest
from knowflow_server.domain.selection import MAX_IDS, Selection, selection_of
from knowflow_server.errors.base import InvalidArgumentError


def selected(body: dict[str, Any]) -> Selection:
    return selection_of(json_format.ParseDict(body, DeleteDocumentsRequest()), "ids")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, Selection(given=False, everything=False, ids=(), duplicates=())),
        ({"ids": None}, Selection(given=True, everything=True, ids=(), duplicates=())),
        ({"ids": []}, Selection(given=True, everything=False, ids=(), duplicates=())),
        ({"ids": ["b", "a"]}, Selection(given=True, everything=False, ids=("b", "a"), duplicates=())),
        (
            {"ids": ["b", "a", "b", "c", "a", "b"]},
            Selection(given=True, everything=False, ids=("b", "a", "c"), duplicates=("b", "a")),
        ),
        ({"ids": [""]}, Selection(given=True, everything=False, ids=("",), duplicates=())),
    ],
)
def test_selection_of(body: dict[str, Any], expected: Selection) -> None:
    assert selected(body) == expected


@pytest.mark.parametrize("ids", ["a", 3, True, {"a": 1}, [1], ["a", None], [["a"]]])
def test_selection_of_anything_else_is_refused(ids: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="`ids` should be a list of ids") as caught:
        selected({"ids": ids})
    assert caught.value.metadata == {"field": "ids"}


def test_selection_of_ten_thousand_ids_is_quick() -> None:
    ids = [f"{number:032x}" for number in range(MAX_IDS // 2)]
    assert selected({"ids": ids * 2}).duplicates == tuple(ids)


def test_selection_of_more_ids_than_one_call_may_name_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="at most 10000 ids"):
        selected({"ids": ["a"] * (MAX_IDS + 1)})
