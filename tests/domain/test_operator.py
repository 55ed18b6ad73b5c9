"""Operators are known by their key, and nobody is one where none is set."""

from __future__ import annotations

import pytest

from knowflow_server.domain.operator import Operators
from knowflow_server.errors.credits import NotAnOperatorError


@pytest.mark.parametrize(("key", "shown"), [(None, ""), (None, "x"), ("", ""), ("right", ""), ("right", "wröng")])
def test_others_are_refused(key: str | None, shown: str) -> None:
    with pytest.raises(NotAnOperatorError):
        Operators(key).check(shown)


def test_operator_passes() -> None:
    Operators("right").check("right")
