"""JSON schemas of proto messages, as the REST surfaces speak them: names, rules and comments of the protos."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from google.protobuf import descriptor_pb2

from buf.validate import validate_pb2

Field = descriptor_pb2.FieldDescriptorProto
Message = descriptor_pb2.DescriptorProto
Schema = dict[str, Any]
Place = tuple[int, ...]

# Extensions are typed for messages of their own file only.
RULES: Any = validate_pb2.field

INTEGERS = {
    Field.TYPE_INT32: (-(2**31), 2**31 - 1),
    Field.TYPE_SINT32: (-(2**31), 2**31 - 1),
    Field.TYPE_SFIXED32: (-(2**31), 2**31 - 1),
    Field.TYPE_UINT32: (0, 2**32 - 1),
    Field.TYPE_FIXED32: (0, 2**32 - 1),
}
# JSON carries 64 bits as text.
LONG = {Field.TYPE_INT64, Field.TYPE_UINT64, Field.TYPE_SINT64, Field.TYPE_FIXED64, Field.TYPE_SFIXED64}
NUMBERS = {Field.TYPE_DOUBLE, Field.TYPE_FLOAT}
ANYTHING: Schema = {}
WELL_KNOWN: dict[str, Schema] = {
    ".google.protobuf.Struct": {"type": "object"},
    ".google.protobuf.Value": ANYTHING,
    ".google.protobuf.ListValue": {"type": "array", "items": {}},
    ".google.protobuf.Empty": {"type": "object"},
    ".google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    ".google.api.HttpBody": {"type": "string", "contentMediaType": "application/octet-stream"},
}
BOUNDS = {"gte": "minimum", "lte": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
STRINGS = {"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern"}
EXAMPLE = re.compile(r"\s*Example: `([^`]*)`\.?")
DEFAULT = re.compile(r"Default: `?([^`\s]+?)`?\.(?:\s|$)")


class Protos:
    """All messages of a descriptor set with their comments.

    Args:
        files: With source information.
    """

    def __init__(self, files: Iterable[descriptor_pb2.FileDescriptorProto]) -> None:
        self._comments: dict[str, str] = {}
        self.messages: dict[str, Message] = {}
        self.enums: dict[str, descriptor_pb2.EnumDescriptorProto] = {}
        for file in files:
            places = {tuple(at.path): " ".join(at.leading_comments.split()) for at in file.source_code_info.location}
            for index, message in enumerate(file.message_type):
                self._read(message, f".{file.package}", (4, index), places)
            for e, enum in enumerate(file.enum_type):
                self.enums[f".{file.package}.{enum.name}"] = enum
                for v, value in enumerate(enum.value):
                    self._comments[f".{file.package}.{value.name}"] = places.get((5, e, 2, v), "")
            for s, service in enumerate(file.service):
                name = f".{file.package}.{service.name}"
                self._comments[name] = places.get((6, s), "")
                for m, method in enumerate(service.method):
                    self._comments[f"{name}.{method.name}"] = places.get((6, s, 2, m), "")

    def _read(self, message: Message, scope: str, place: Place, places: Mapping[Place, str]) -> None:
        name = f"{scope}.{message.name}"
        self.messages[name] = message
        self._comments[name] = places.get(place, "")
        for index, field in enumerate(message.field):
            self._comments[f"{name}.{field.name}"] = places.get((*place, 2, index), "")
        for index, inner in enumerate(message.nested_type):
            self._read(inner, name, (*place, 3, index), places)
        for enum in message.enum_type:
            self.enums[f"{name}.{enum.name}"] = enum

    def comment(self, name: str) -> str:
        """Return the comment of an element by its full name, which begins with a dot; blanks are single."""
        return self._comments.get(name, "")

    def field_at(self, message: str, path: str) -> tuple[str, Field]:
        """Return the full name and the field which a dotted path of proto names leads to."""
        head, _, rest = path.partition(".")
        field = next(one for one in self.messages[message].field if one.name == head)
        return self.field_at(field.type_name, rest) if rest else (f"{message}.{head}", field)


class Schemas:
    """Makes schemas, and collects those of messages that they refer to.

    Args:
        protos: All messages.
        name_of: Gives a message its name in the document, by its full name.
    """

    def __init__(self, protos: Protos, name_of: Callable[[str], str]) -> None:
        self._protos = protos
        self._name_of = name_of
        self.components: dict[str, Schema] = {}

    def reference(self, message: str) -> Schema:
        """Return the schema of a message by reference; well-known ones are written out."""
        if message in WELL_KNOWN:
            return dict(WELL_KNOWN[message])
        name = self._name_of(message)
        if name not in self.components:
            # Taken before it is made: messages may hold themselves.
            self.components[name] = {}
            self.components[name] = self.message(message)
        return {"$ref": f"#/components/schemas/{name}"}

    def message(self, message: str, *, without: frozenset[str] = frozenset()) -> Schema:
        """Return the schema of a message, written out, without some fields."""
        schema: Schema = {"type": "object"}
        if comment := self._protos.comment(message):
            schema["description"] = comment
        fields = [field for field in self._protos.messages[message].field if field.name not in without]
        schema["properties"] = {name_in_json(field): self.field(f"{message}.{field.name}", field) for field in fields}
        required = [name_in_json(field) for field in fields if self.is_required(f"{message}.{field.name}", field)]
        return schema | ({"required": required} if required else {})

    def is_required(self, name: str, field: Field) -> bool:
        """Return whether a caller must give a field."""
        return self._protos.comment(name).startswith("Required.") or field.options.Extensions[RULES].required

    def field(self, name: str, field: Field) -> Schema:
        """Return the schema of a field with its comment."""
        rules = field.options.Extensions[RULES]
        entry = self._protos.messages.get(field.type_name)
        if entry is not None and entry.options.map_entry:
            schema: Schema = {"type": "object", "additionalProperties": self._single(entry.field[1], None)}
        elif field.label == Field.LABEL_REPEATED:
            schema = {"type": "array", "items": self._single(field, rules.repeated.items)}
            if rules.repeated.HasField("min_items"):
                schema["minItems"] = rules.repeated.min_items
            if rules.repeated.HasField("max_items"):
                schema["maxItems"] = rules.repeated.max_items
        else:
            schema = self._single(field, rules)
        return schema | _said(self._protos.comment(name), schema)

    def _single(self, field: Field, rules: Any) -> Schema:
        if field.type == Field.TYPE_MESSAGE:
            return self.reference(field.type_name)
        if field.type == Field.TYPE_ENUM:
            return {"type": "string", "enum": [value.name for value in self._protos.enums[field.type_name].value]}
        return _scalar(field, rules)

    def leaves(self, message: str, taken: frozenset[str], prefix: str = "") -> Iterator[tuple[str, str, Field]]:
        """Yield what can stand in a query: dotted JSON name, full name and field."""
        for field in self._protos.messages[message].field:
            if f"{prefix}{field.name}" in taken:
                continue
            if field.type != Field.TYPE_MESSAGE:
                yield prefix + name_in_json(field), f"{message}.{field.name}", field
            elif field.label != Field.LABEL_REPEATED and field.type_name not in WELL_KNOWN:
                yield from self.leaves(field.type_name, taken, f"{prefix}{name_in_json(field)}.")


def name_in_json(field: Field) -> str:
    """Return the name of a field in JSON."""
    return field.json_name or field.name


def _scalar(field: Field, rules: Any) -> Schema:
    if field.type == Field.TYPE_STRING:
        return {"type": "string"} | _limits(rules.string if rules else None, STRINGS)
    if field.type == Field.TYPE_BYTES:
        return {"type": "string", "format": "byte"}
    if field.type == Field.TYPE_BOOL:
        return {"type": "boolean"}
    if field.type in LONG:
        return {"type": "string", "pattern": "^-?[0-9]+$"}
    kind = rules.WhichOneof("type") if rules else None
    limits = _limits(getattr(rules, kind), BOUNDS) if rules and kind in {"int32", "uint32", "double", "float"} else {}
    if field.type in NUMBERS:
        return {"type": "number"} | limits
    low, high = INTEGERS[field.type]
    bounds = {} if {"minimum", "exclusiveMinimum"} & limits.keys() else {"minimum": low}
    bounds |= {} if {"maximum", "exclusiveMaximum"} & limits.keys() else {"maximum": high}
    return {"type": "integer", "format": "int32"} | bounds | limits


def _limits(rules: Any, words: Mapping[str, str]) -> Schema:
    found: Schema = {}
    if rules is None:
        return found
    for descriptor, value in rules.ListFields():
        if descriptor.name in words:
            found[words[descriptor.name]] = value
        elif descriptor.name == "in":
            found["enum"] = list(value)
    return found


def _said(comment: str, schema: Schema) -> Schema:
    """Return what a comment says beside the type: description, example and default."""
    said: Schema = {}
    text = EXAMPLE.sub("", comment).strip()
    if text:
        said["description"] = text
    if example := EXAMPLE.search(comment):
        said["examples"] = [_value(example[1], schema)]
    if (default := DEFAULT.search(comment)) and schema.get("type") in {"boolean", "integer", "number", "string"}:
        value = _value(default[1], schema)
        if isinstance(value, str) == (schema["type"] == "string") and not _is_word(default[0], schema):
            said["default"] = value
    return said


def _is_word(text: str, schema: Schema) -> bool:
    """Return whether the default of a text is a word of a sentence rather than a value: values stand in backticks."""
    return schema["type"] == "string" and "`" not in text


def _value(text: str, schema: Schema) -> Any:
    if schema.get("type") == "string":
        return text.strip('"')
    try:
        return json.loads(text)
    except ValueError:
        return text
