"""Parser configurations: what their members may be, and the defaults of each chunking method."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from google.protobuf.struct_pb2 import Struct
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from knowflow_server.domain import free_json
from knowflow_server.errors.base import InvalidArgumentError

MAX_CHARACTERS = 65_535
MAX_SHOWN_VALUE = 128

OFF = {"raptor": {"use_raptor": False}, "graphrag": {"use_graphrag": False}}
GENERAL = {
    "chunk_token_num": 512,
    # Two characters, as RAGFlow keeps it; the chunkers read them as a line feed.
    "delimiter": "\\n",
    "html4excel": False,
    "layout_recognize": "DeepDOC",
    **OFF,
}
DEFAULTS: dict[str, dict[str, Any] | None] = {
    "naive": GENERAL,
    "smart": GENERAL,
    **dict.fromkeys(("qa", "manual", "paper", "book", "laws", "presentation"), OFF),
    **dict.fromkeys(("table", "one", "email", "picture", "tag")),
}


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Raptor(_Strict):
    """Summaries of summaries."""

    use_raptor: bool = False
    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = "Summarise."
    max_token: Annotated[int, Field(ge=1, le=2048)] = 256
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.1
    max_cluster: Annotated[int, Field(ge=1, le=1024)] = 64
    random_seed: Annotated[int, Field(ge=0)] = 0


class GraphRag(_Strict):
    """A knowledge graph."""

    use_graphrag: bool = False
    entity_types: list[str] = []
    method: Literal["light", "general"] = "light"
    community: bool = False
    resolution: bool = False


class ParentChild(_Strict):
    """Small chunks that are searched, in large ones that are returned."""

    use_parent_child: bool = False
    child_token_num: Annotated[int, Field(ge=1, le=2048)] = 256
    parent_token_num: Annotated[int, Field(ge=1, le=8192)] = 1024


class ParserConfig(_Strict):
    """The members of a parser configuration."""

    auto_keywords: Annotated[int, Field(ge=0, le=32)] = 0
    auto_questions: Annotated[int, Field(ge=0, le=10)] = 0
    chunk_token_num: Annotated[int, Field(ge=1, le=2048)] = 512
    delimiter: Annotated[str, Field(min_length=1)] = "\\n"
    html4excel: bool = False
    layout_recognize: str = "DeepDOC"
    tag_kb_ids: list[str] = []
    topn_tags: Annotated[int, Field(ge=1, le=10)] = 1
    filename_embd_weight: Annotated[float, Field(ge=0, le=1)] | None = 0.1
    task_page_size: Annotated[int, Field(ge=1)] | None = None
    pages: list[list[int]] | None = None
    raptor: Raptor = Raptor()
    graphrag: GraphRag = GraphRag()
    parent_child: ParentChild = ParentChild()


def plain(struct: Struct) -> dict[str, Any]:
    """Return a Struct as a dictionary; whole numbers become integers, which JSON does not tell from others."""
    return dict(free_json.whole(free_json.values(struct)))


def struct(values: Mapping[str, Any] | None) -> Struct:
    """Return a dictionary as a Struct."""
    message = Struct()
    message.update(values or {})
    return message


def validate(config: Mapping[str, Any]) -> None:
    """Check the members of a configuration.

    Raises:
        InvalidArgumentError: Some member is unknown, of the wrong type or out of range; the sentence has a line per
        member.
    """
    try:
        struct(config).SerializeToString()
    except (ValueError, OverflowError, RecursionError):
        sentence = field_sentence(
            "parser_config", "Some value cannot be kept: it is too large, too deep or no text", ""
        )
        raise InvalidArgumentError(sentence, field="parser_config") from None
    if len(json.dumps(config)) > MAX_CHARACTERS:
        raise InvalidArgumentError(
            field_sentence(
                "parser_config", f"Parser config exceeds size limit (max {MAX_CHARACTERS:,} characters)", dict(config)
            ),
            field="parser_config",
        )
    try:
        ParserConfig.model_validate(dict(config))
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            path = ".".join(("parser_config", *(str(part) for part in problem["loc"])))
            lines.append(field_sentence(path, problem["msg"], problem["input"]))
        first = ".".join(("parser_config", *(str(part) for part in error.errors()[0]["loc"])))
        raise InvalidArgumentError("\n".join(lines), field=first) from None


def field_sentence(path: str, message: str, value: object) -> str:
    """Return the sentence for one wrong field, in the form RAGFlow's clients know."""
    return f"Field: <{path}> - Message: <{message}> - Value: <{str(value)[:MAX_SHOWN_VALUE]}>"


def complete(method: str, given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the configuration to keep for a chunking method: what was given, and the method's defaults for the rest.

    A configuration for `smart` stays as it was given: its other members have their defaults when a document is parsed.
    """
    defaults = DEFAULTS[method]
    if not given:
        return None if defaults is None else dict(defaults)
    if method == "smart" or defaults is None:
        return dict(given)
    return merge(defaults, given)


def merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the members of `change`, objects in it merged likewise."""
    merged = dict(base)
    for key, value in change.items():
        present = merged.get(key)
        merged[key] = merge(present, value) if isinstance(present, Mapping) and isinstance(value, Mapping) else value
    return merged
