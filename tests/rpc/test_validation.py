"""Refusals of shapes speak to people."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor

from buf.validate import validate_pb2
from knowflow_server.rpc.interceptors.validation import PATTERNS, SENTENCE
from tests.cases import api

RULES: Any = validate_pb2.field


def _patterns(message: Descriptor, seen: set[str]) -> set[str]:
    """Return the patterns of a message that have no sentence of their own."""
    if message.full_name in seen:
        return set()
    seen.add(message.full_name)
    found = set()
    for field in message.fields:
        rules = field.GetOptions().Extensions[RULES]
        if not any(rule.id.startswith(SENTENCE) for rule in (*rules.cel, *rules.repeated.items.cel)):
            found |= {rules.string.pattern, rules.repeated.items.string.pattern} - {""}
        if field.message_type is not None:
            found |= _patterns(field.message_type, seen)
    return found


def test_every_pattern_has_words() -> None:
    seen: set[str] = set()
    found = set().union(*(_patterns(api.request_class(method).DESCRIPTOR, seen) for method in api.methods()))
    assert found == set(PATTERNS)
