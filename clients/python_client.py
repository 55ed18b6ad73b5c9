"""What of the Python client is generated: error classes from the reasons, and the blocking client from the other."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import unasync
from google.protobuf import descriptor_pb2
from openapi_schemas import Protos

PREFIX = "ERROR_REASON_"
WRITTEN = {"__init__.py", "transport.py"}
RULE = unasync.Rule(
    fromdir="/_async/",
    todir="/_sync/",
    additional_replacements={"_async": "_sync", "AsyncIterator": "Iterator"}
    | {
        f"Async{name}": name
        for name in ("Agents", "Chats", "Chunks", "Datasets", "Documents", "Keys", "KnowFlow", "Transport")
    },
)
HEADER = '''"""Errors by what happened: one class for each reason of `error_reason.proto`."""

from __future__ import annotations

from typing import ClassVar

from knowflow.api_error import ApiError
'''
CLASS = '''

class {name}(ApiError):
    """{comment}"""

    REASON: ClassVar[str] = "{reason}"
'''
TABLE = """

BY_REASON: dict[str, type[ApiError]] = {{
{rows}
}}
"""


PAGE = """# Errors

Generated from `proto/knowflow/options/v1/error_reason.proto`. gRPC callers find the reason and the metadata in the
`google.rpc.ErrorInfo` detail of the status, with the domain `knowflow`; the clients make it a class (`knowflow.errors`
in Python), a value (`error.reason` in TypeScript and Go). REST callers get the sentence in the words of their surface:

| surface | body |
| --- | --- |
| KnowFlow HTTP API | `{{"code": 102, "message": "…"}}` |
| its routes in OpenAI's format | `{{"error": {{"message", "type", "param", "code"}}}}` |
| platform API | `{{"status": "error", "error": {{"code", "message"}}}}` |
| FlowGent API | `{{"error", "message"}}`; chats: `{{"statusCode", "body"}}` |
| Knowledgebase API | `{{"error"}}`, with `details` where fields are wrong |
| Konversation API | `{{"message"}}` |

| reason | number | what happened | metadata |
| --- | --- | --- | --- |
{rows}
"""


def error_classes(files: Iterable[descriptor_pb2.FileDescriptorProto]) -> str:
    """Return the module of error classes.

    Args:
        files: All protos with source information.
    """
    protos = Protos(files)
    text, rows = HEADER, []
    for value in protos.enums[".knowflow.options.v1.ErrorReason"].value[1:]:
        reason, comment = value.name.removeprefix(PREFIX), protos.comment(f".knowflow.options.v1.{value.name}")
        name = "".join(word.capitalize() for word in reason.split("_")).removesuffix("Error") + "Error"
        sentence = re.sub(r"\s*Example: `.*`$", "", comment)
        text += CLASS.format(name=name, comment=_wrapped(sentence), reason=reason)
        rows.append(f'    "{reason}": {name},')
    return text + TABLE.format(rows="\n".join(rows))


def error_page(files: Iterable[descriptor_pb2.FileDescriptorProto]) -> str:
    """Return the page of all errors, as Markdown; arguments as of `error_classes`."""
    protos = Protos(files)
    rows = []
    for value in protos.enums[".knowflow.options.v1.ErrorReason"].value[1:]:
        comment = protos.comment(f".knowflow.options.v1.{value.name}")
        metadata = re.search(r'"metadata": \{(.*?)\}', comment)
        names = re.findall(r'"(\w+)":', metadata[1]) if metadata else []
        sentence = re.sub(r"\s*Example: `.*`$", "", comment).replace("|", "\\|")
        told = ", ".join(f"`{name}`" for name in names)
        rows.append(f"| `{value.name.removeprefix(PREFIX)}` | {value.number} | {sentence} | {told} |")
    return PAGE.format(rows="\n".join(rows))


def _wrapped(sentence: str) -> str:
    if len(sentence) <= 100:
        return sentence
    first, _, rest = sentence.partition(". ") if ". " in sentence[:100] else sentence.partition("; ")
    words, lines, line = rest.split(), [], "   "
    for word in words:
        if len(line) + len(word) + 1 > 110:
            lines.append(line)
            line = "   "
        line += f" {word}"
    body = "\n".join([*lines, line])
    return f"{first.removesuffix('.')}.\n\n{body[:4]}{body[4:5].upper()}{body[5:]}\n    "


def blocking(package: Path, out: Path) -> None:
    """Write the blocking client.

    Args:
        package: The package, which holds `_async`.
        out: Gets `_sync`.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(package / "_async", folder / "_async", ignore=shutil.ignore_patterns(*WRITTEN, "__pycache__"))
        unasync.unasync_files([str(path) for path in (folder / "_async").glob("*.py")], [RULE])
        shutil.copytree(folder / "_sync", out / "_sync", dirs_exist_ok=True)
