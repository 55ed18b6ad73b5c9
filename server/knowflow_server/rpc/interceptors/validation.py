"""The shapes of requests, as the protos state them."""

from __future__ import annotations

from typing import Any

import protovalidate
from google.protobuf.message import Message

from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer

# Rules whose id starts so have a sentence that a document prints to the letter.
SENTENCE = "sentence."
TEXTS = {"required": "Field required", "double.finite": "Input should be a finite number"}


def _path(violation: Any) -> str:
    names = []
    for element in violation.proto.field.elements:
        names.append(element.field_name)
        if element.subscript is not None:
            names.append(str(element.subscript.value))
    return ".".join(names)


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
            value = None if rule == "required" else violation.field_value
            lines.append(field_sentence(_path(violation), TEXTS.get(rule, message), value))
        raise InvalidArgumentError("\n".join(dict.fromkeys(lines)), field=_path(violations[0]))
