"""README tells every setting with its default, as `settings.py` has it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from knowflow_server.settings import PREFIX, Settings
from tests.contract.sources import ROOT

ROW = re.compile(rf"^\| `({PREFIX}[A-Z_]+)` \| (.*?) \| (.+?) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows() -> dict[str, tuple[str, str]]:
    """Default and sentence of every setting in README's table."""
    return {name: (default, sentence) for name, default, sentence in ROW.findall((ROOT / "README.md").read_text())}


def shown(default: Any) -> str:
    """Return how README shows a default: as it is written in the environment, in backquotes; nothing for none."""
    if default is None or default is PydanticUndefined:
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple | list | dict):
        return f"`{json.dumps(default)}`" if default else ""
    assert not isinstance(default, SecretStr), "there is no default secret"
    return f"`{default}`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_is_in_the_table_with_its_default_and_sentence(name: str, rows: dict[str, tuple[str, str]]) -> None:
    field = Settings.model_fields[name]
    default, sentence = rows[PREFIX + name.upper()]
    assert default == shown(field.get_default(call_default_factory=True))
    assert sentence == field.description


def test_table_has_no_other_settings(rows: dict[str, tuple[str, str]]) -> None:
    assert set(rows) == {PREFIX + name.upper() for name in Settings.model_fields}
