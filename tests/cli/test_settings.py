"""What is said about settings that are wrong."""

from __future__ import annotations

import click
import pytest

from knowflow_server.cli.options import settings_from


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "tcp://10.0.0.1:80", "KNOWFLOW_PORT: Input should be a valid integer"),
        (
            "RATE_LIMITS",
            '{"knowlegebase": "1/minute"}',
            "KNOWFLOW_RATE_LIMITS: there is no surface or class knowlegebase.",
        ),
        (
            "RATE_LIMITS",
            '{"platform.serch": "1/minute"}',
            "KNOWFLOW_RATE_LIMITS: there is no surface or class platform.serch.",
        ),
        ("RATE_LIMITS", '{"platform": "often"}', "KNOWFLOW_RATE_LIMITS: platform must read as 60/minute;1000/day."),
        ("SECRET_KEY", "hidden", "KNOWFLOW_SECRET_KEY must have at least 32 characters."),
        ("TOOL_URLS", '{"tavly": "http://a"}', "KNOWFLOW_TOOL_URLS.tavly: Input should be 'tavily', "),
        ("PROVIDERS", '{"a": {"base_url": "b", "api_key": "hidden", "c": 1}}', "KNOWFLOW_PROVIDERS.a.c: Extra inputs"),
    ],
)
def test_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(f"KNOWFLOW_{name}", value)
    with pytest.raises(click.ClickException) as caught:
        settings_from(None, None, None)
    assert caught.value.message.startswith(f"Wrong settings:\n  {line}")
    assert "hidden" not in caught.value.message
