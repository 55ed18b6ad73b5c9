"""The shapes of requests, as the protos state them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import protovalidate
from google.protobuf import json_format
from google.protobuf.message import Message

from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer

# Rules whose id starts so have a sentence that a document prints to the letter.
SENTENCE = "sentence."
TEXTS = {
    "required": "Field required",
    "double.finite": "Input should be a finite number",
    "string.pattern": "Input should have the form that its description says",
}
# What has a smallest and a largest size, as clients of this form of sentences know it.
SIZES = {
    "string.min_len": "String should have at least {} character",
    "string.max_len": "String should have at most {} character",
    "repeated.min_items": "List should have at least {} item",
    "repeated.max_items": "List should have at most {} item",
}
# People read words; the patterns are for programs.
PATTERNS = {
    "^$|^[+]?[0-9][0-9 ()./-]*$": "Input should be a telephone number, for example +1 (555) 0100",
    "^$|^[^@ ]+@[^@ ]+$": "Input should be an e-mail address",
    "^(([01][0-9]|2[0-3]):(00|15|30|45)|24:00)$": "Input should be a quarter of an hour from 00:00 to 24:00",
    "^[A-Za-z]{3}$": "Input should be a currency of ISO 4217, for example EUR",
    "^\\S+$": "Input should have no blanks",
    "^[0-9]{5,32}$": "Input should be 5 to 32 digits",
}
# Fields whose values are not shown again: answers end on screens and in logs of callers.
SECRET = re.compile(r"(?:password|secret|token)$")
HIDDEN = "***"


def _path(violation: Any) -> str:
    names = []
    for element in violation.proto.field.elements:
        names.append(element.field_name)
        if element.subscript is not None:
            names.append(str(element.subscript.value))
    return ".".join(names)


def _words(violation: Any) -> str:
    """Return what a rule asks for: its own words, or for a rule of the library those which clients know."""
    rule: str = violation.proto.rule_id
    message: str = violation.proto.message
    limit = violation.rule_value
    if rule in SIZES:
        return SIZES[rule].format(limit) + ("" if limit == 1 else "s")
    if rule in {"string.in", "int32.in"}:
        # An empty text stands for absence.
        *most, last = (f"'{item}'" if isinstance(item, str) else str(item) for item in limit if item != "")
        return f"Input should be {', '.join(most)} or {last}" if most else f"Input should be {last}"
    if rule == "string.pattern":
        return PATTERNS.get(limit, TEXTS[rule])
    if message.startswith("must be "):
        return f"Input should be {message.removeprefix('must be ')}"
    return TEXTS.get(rule, message)


def _shown(value: Any) -> Any:
    """Return a refused value; of messages, the JSON of their callers."""
    if isinstance(value, Message):
        try:
            return json.dumps(json_format.MessageToDict(value), ensure_ascii=False)
        except json_format.Error:
            # A caller over gRPC can send NaN, which JSON cannot say.
            return "…"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"[{', '.join(_shown(item) if isinstance(item, Message) else repr(item) for item in value)}]"
    return value


class Validation(Layer):
    """Checks requests."""

    def __init__(self) -> None:
        self._validator = protovalidate.Validator()

    def check(self, call: Call, request: Message) -> None:
        """Refuse a request that breaks a rule.

        Raises:
            InvalidArgumentError: With a line per broken rule.
        """
        violations = self._validator.collect_violations(request)
        if not violations:
            return
        lines = []
        for violation in violations:
            rule, message = violation.proto.rule_id, violation.proto.message
            if rule.startswith(SENTENCE):
                raise InvalidArgumentError(message, field=_path(violation))
            path = _path(violation)
            value = HIDDEN if SECRET.search(path) else "" if rule == "required" else _shown(violation.field_value)
            lines.append(field_sentence(path, _words(violation), value))
        raise InvalidArgumentError("\n".join(dict.fromkeys(lines)), field=_path(violations[0]))
