"""Components of older graphs as their successors.

They are Answer, Generate, RewriteQuestion, KeywordExtract, Relevant, Template and Concentrator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

# The output which speaks for a component where old texts say `{input}`.
MAIN_OUTPUTS = {
    "Retrieval": "formalized_content",
    "StringTransform": "result",
    "Invoke": "result",
    "Template": "result",
    "Concentrator": "result",
    "Categorize": "category_name",
    "ExeSQL": "formalized_content",
}
OLD = {"Answer", "Generate", "RewriteQuestion", "KeywordExtract", "Relevant", "Template", "Concentrator"}
DECIDING = {"Relevant", "Switch", "Categorize"}
REWRITE = (
    "Rewrite the user's last question so that it can be understood without the conversation. "
    "Write nothing but the question."
)
KEYWORDS = "List the key terms of the text, at most {n}, separated by commas. Write nothing else."
RELEVANT = {"yes": "The passages answer the question.", "no": "The passages do not answer the question."}
INPUT = re.compile(r"\{\{?input\}?\}")
BARE = re.compile(r"\{\{?([A-Za-z]+:[A-Za-z0-9]+)\}?\}")


class Aliases:
    """Reads the components of one graph.

    Args:
        components: The components as the graph has them.
    """

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components
        self._is_old = any(_name(raw) in OLD for raw in components.values())

    def successor(self, name: str, params: Mapping[str, Any], identifier: str) -> tuple[str, Mapping[str, Any]]:
        """Return the class and the parameters which stand for an older component; newer ones come back as they are."""
        given = {**params, **_older(name, params, self._components)}
        if not self._is_old:
            return name, given
        before = self._before.get(identifier, [])
        feeds = [self._main(other) for other in before if _name(self._components[other]) not in DECIDING]
        asked = given.get("query") or (feeds[0] if feeds else "sys.query")
        text = " ".join(f"{{{feed}}}" for feed in feeds) or "{sys.query}"
        asks = {"role": "user", "content": "{sys.query}"}
        if name == "Relevant":
            choices = {
                key: {"description": meaning, "examples": [], "to": [params[key]] if params.get(key) else []}
                for key, meaning in RELEVANT.items()
            }
            return "Categorize", {**given, "query": asked, "category_description": choices}
        keywords = KEYWORDS.format(n=params.get("top_n") or 3)
        # What a Message has said by itself, an Answer does not say again.
        said = [f"{{{self._main(other)}}}" for other in before if _name(self._components[other]) != "Message"]
        new: dict[str, tuple[str, dict[str, Any]]] = {
            "Generate": ("LLM", {"sys_prompt": self._modern(params.get("prompt"), text), "prompts": [asks]}),
            "RewriteQuestion": ("LLM", {"sys_prompt": REWRITE, "prompts": [asks]}),
            "KeywordExtract": ("LLM", {"sys_prompt": keywords, "prompts": [{**asks, "content": f"{{{asked}}}"}]}),
            "Template": ("StringTransform", {"method": "merge", "script": self._modern(params.get("content"), text)}),
            "Concentrator": ("StringTransform", {"method": "merge", "script": text}),
            "Answer": ("Answer", {"content": said, "after": before}),
            "Retrieval": ("Retrieval", {"query": asked}),
            "Categorize": ("Categorize", {"query": asked}),
        }
        found, changes = new.get(name, (name, {}))
        return found, {**given, **changes}

    def _main(self, identifier: str) -> str:
        return _main(identifier, self._components)

    def _modern(self, old: Any, text: str) -> str:
        """Return an old text with references of today; `text` stands for `{input}`."""
        new = INPUT.sub(text, old if isinstance(old, str) else "")
        return BARE.sub(lambda match: f"{{{self._main(match[1])}}}" if match[1] in self._components else match[0], new)

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        """For each component, those right before it which make something."""
        found: dict[str, list[str]] = {}
        for other, raw in self._components.items():
            if not isinstance(raw, Mapping) or _name(raw) in {"Begin", "Answer"}:
                continue
            known = raw.get("obj")
            params = known.get("params") if isinstance(known, Mapping) else None
            targets = _targets(params) if isinstance(params, Mapping) else set()
            for identifier in _texts(raw.get("downstream")) | targets:
                found.setdefault(identifier, []).append(other)
        return found


def _older(name: str, params: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of today for those which were written in another way; the others are left out."""
    found: dict[str, Any] = {}
    query = params.get("query")
    if name == "Begin" and isinstance(query, list) and not params.get("inputs"):
        found["inputs"] = {item["key"]: item for item in query if isinstance(item, Mapping) and item.get("key")}
    elif isinstance(query, list):
        # `[{"component_id": "Retrieval:X"}]`
        known = [item.get("component_id") for item in query if isinstance(item, Mapping)]
        first = next((place for place in known if isinstance(place, str) and place), "")
        is_made = first in components and _name(components[first]) not in {"Begin", "Answer"}
        found["query"] = _main(first, components) if is_made else first if "@" in first else "sys.query"
    if name == "Message" and not params.get("content"):
        found["content"] = params.get("messages")
    if name == "Switch":
        found["conditions"] = [_compared(condition, components) for condition in params.get("conditions") or []]
        found["end_cpn_ids"] = params.get("end_cpn_ids") or params.get("end_cpn_id")
    return found


def _compared(condition: Any, components: Mapping[str, Any]) -> Any:
    """Return a condition whose items name outputs, where they name components."""
    if not isinstance(condition, Mapping) or not isinstance(condition.get("items"), list):
        return condition
    items = [
        {
            **item,
            "cpn_id": _main(item["cpn_id"], components)
            if _name(components[item["cpn_id"]]) != "Answer"
            else "sys.query",
        }
        if isinstance(item, Mapping) and isinstance(item.get("cpn_id"), str) and item["cpn_id"] in components
        else item
        for item in condition["items"]
    ]
    return {**condition, "items": items}


def _targets(params: Mapping[str, Any]) -> set[str]:
    """Return where the parameters of a component that decides lead to."""
    categories = params.get("category_description")
    listed = [*categories.values()] if isinstance(categories, Mapping) else []
    conditions = params.get("conditions")
    listed += conditions if isinstance(conditions, list) else []
    found = [item.get("to") for item in listed if isinstance(item, Mapping)]
    found += [params.get(name) for name in ("end_cpn_ids", "end_cpn_id", "yes", "no")]
    return set().union(*map(_texts, found))


def _texts(value: Any) -> set[str]:
    items = value if isinstance(value, list) else [value]
    return {item for item in items if isinstance(item, str)}


def _name(raw: Any) -> str:
    known = raw.get("obj") if isinstance(raw, Mapping) else None
    name = known.get("component_name") if isinstance(known, Mapping) else None
    return name if isinstance(name, str) else ""


def _main(identifier: str, components: Mapping[str, Any]) -> str:
    return f"{identifier}@{MAIN_OUTPUTS.get(_name(components.get(identifier)), 'content')}"
