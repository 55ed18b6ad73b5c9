"""The tables of operations in the pages of the surfaces, from the descriptors of the protos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf import descriptor_pb2
from openapi_documents import AUTH, HTTP, SURFACES, VARIABLE, VERBS, Surface, words
from openapi_schemas import Protos, name_in_json

from knowflow.options.v1 import options_pb2

PERMISSION: Any = options_pb2.permission
BEGIN = "<!-- operations: written by clients/generate.py -->"
END = "<!-- end of operations -->"
HEAD = "| call | gRPC | permission | what it does |\n| --- | --- | --- | --- |"


def pages(files: list[descriptor_pb2.FileDescriptorProto], present: dict[str, str]) -> dict[str, str]:
    """Return pages with their tables as the protos give them, by file name.

    Args:
        files: All protos with source information.
        present: The pages as they are, by file name; those without the two marks stay as they are.

    Raises:
        KeyError: A surface has no page, or its page has no place for the tables.
    """
    protos = Protos(files)
    made = dict(present)
    for surface in SURFACES:
        name = f"{surface.name}.md"
        before, _, rest = present[name].partition(BEGIN)
        _, mark, after = rest.partition(END)
        if not mark:
            raise KeyError(f"{name} needs a line {BEGIN!r}, and below it {END!r}.")
        found = sorted((file for file in files if file.package == surface.package), key=lambda file: file.name)
        tables = "\n\n".join(_tables(surface, found, protos))
        made[name] = f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"
    return made


def _tables(surface: Surface, files: list[descriptor_pb2.FileDescriptorProto], protos: Protos) -> Iterator[str]:
    for file in files:
        for service in file.service:
            name = f".{file.package}.{service.name}"
            rows = [_row(surface, name, method, protos) for method in service.method]
            yield "\n".join([f"**{words(service.name)}.** {protos.comment(name)}\n", HEAD, *rows])


def _row(surface: Surface, service: str, method: descriptor_pb2.MethodDescriptorProto, protos: Protos) -> str:
    comment = protos.comment(f"{service}.{method.name}")
    what = re.split(r"(?<=\.)\s", comment)[0].replace("|", "\\|")
    calls = ", ".join(dict.fromkeys(_calls(surface, method, protos))) or "gRPC alone"
    grpc = f"`{service.rpartition('.')[2]}/{method.name}`"
    return f"| {calls} | {grpc} | {_permission(method, protos)} | {what} |"


def _calls(surface: Surface, method: descriptor_pb2.MethodDescriptorProto, protos: Protos) -> Iterator[str]:
    if not method.options.HasExtension(HTTP):
        return
    rule = method.options.Extensions[HTTP]
    for binding in (rule, *rule.additional_bindings):
        verb = binding.WhichOneof("pattern")
        if verb in VERBS:
            path = VARIABLE.sub(
                lambda match: f"{{{name_in_json(protos.field_at(method.input_type, match[1])[1])}}}",
                getattr(binding, verb),
            )
            yield f"`{verb.upper()} {path.removeprefix(surface.base)}`"


def _permission(method: descriptor_pb2.MethodDescriptorProto, protos: Protos) -> str:
    if method.options.Extensions[AUTH] == options_pb2.AUTH_NONE:
        return "no key"
    value = options_pb2.Permission.Name(method.options.Extensions[PERMISSION])
    if value == "PERMISSION_ANY":
        return "any key"
    if value == "PERMISSION_WEBCHAT":
        return "a visitor's token"
    key = re.search(r"Key: (`[a-z_:]+`)", protos.comment(f".knowflow.options.v1.{value}"))
    return key[1] if key else "everything"
