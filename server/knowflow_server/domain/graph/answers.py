"""What a chat model answered, read strictly: only what is well formed and stands in the text counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowflow_server.domain.graph.extraction import RELATED, Extraction
from knowflow_server.domain.graph.names import MAX_NAME, WORD, key_of, tidy

# Some models think aloud before they answer.
THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
# Models spell the members of the same answer differently, whatever the prompt says.
NAME = ("name", "entity_name", "entity", "title", "id")
TYPE = ("type", "entity_type", "category", "label")
SOURCE = ("source", "src", "head", "subject", "from", "source_entity")
TARGET = ("target", "tgt", "tail", "object", "to", "target_entity")
RELATION = ("relation", "relationship", "predicate", "label", "type")
STRENGTH = ("strength", "weight", "score", "relationship_strength")
MAX_STRENGTH = 10.0


class UnreadableAnswerError(Exception):
    """An answer holds no JSON object at all."""


def read_answer(answer: str, text: str) -> Extraction:
    """Return what an answer says about a text.

    Entities whose name has no word in common with the text were made up, and are left out; so are relations whose ends
    are no entities of the answer. What comes before a cut in the answer counts.

    Raises:
        UnreadableAnswerError: Nothing in the answer is a JSON object.
    """
    found = Extraction()
    objects = list(_flat(_objects(THOUGHTS.sub("", answer))))
    if not objects:
        raise UnreadableAnswerError
    words = {word.casefold() for word in WORD.findall(text)}
    folded = text.casefold()
    for item in objects:
        if not _text(item, SOURCE):
            _add_entity(found, item, words, folded)
    for item in objects:
        source, target = key_of(_text(item, SOURCE)), key_of(_text(item, TARGET))
        if source in found.entities and target in found.entities:
            found.relate(
                source,
                target,
                _text(item, RELATION).lower() or RELATED,
                weight=_strength(item),
                description=_text(item, ("description", "desc")),
            )
    return found


def written(found: Extraction) -> str:
    """Return what was found as an answer, to be read again by `read_answer`."""
    entities = [
        {"name": entity.name, "type": entity.type, "description": " ".join(entity.descriptions)}
        for entity in found.entities.values()
    ]
    relations = [
        {
            "source": found.entities[source].name,
            "target": found.entities[target].name,
            "relation": relation.labels.most_common(1)[0][0],
            "description": " ".join(relation.descriptions),
            "strength": relation.weight,
        }
        for (source, target), relation in found.relations.items()
    ]
    return json.dumps({"entities": entities, "relations": relations}, ensure_ascii=False)


def _add_entity(found: Extraction, item: Mapping[str, Any], words: set[str], folded: str) -> None:
    name = tidy(_text(item, NAME))
    key = key_of(name)
    if not key or len(name) > MAX_NAME:
        return
    # Names in scripts without blanks are one "word" with what stands around them.
    if name.casefold() not in folded and not any(word.casefold() in words for word in WORD.findall(name)):
        return
    kind = _text(item, TYPE).casefold()[:40] or "concept"
    found.name(name, kind, description=_text(item, ("description", "desc")))


def _objects(answer: str) -> Iterator[Any]:
    """Yield the JSON values in an answer; where the outer one is cut or wrong, those inside of it."""
    decoder = json.JSONDecoder()
    place = 0
    while (place := answer.find("{", place)) >= 0:
        try:
            value, place = decoder.raw_decode(answer, place)
        except (ValueError, RecursionError):
            place += 1
        else:
            yield value


def _flat(values: Iterator[Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the objects that may be entities or relations, out of the lists that hold them."""
    for value in values:
        if not isinstance(value, dict):
            continue
        lists = [member for member in value.values() if isinstance(member, list)]
        if not lists or _text(value, NAME) or _text(value, SOURCE):
            yield value
        for member in lists:
            yield from (item for item in member if isinstance(item, dict))
        if lists and not _text(value, NAME):
            # An answer which says that there is nothing is an answer.
            yield {}


def _text(item: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((item[name].strip() for name in names if isinstance(item.get(name), str) and item[name].strip()), "")


def _strength(item: Mapping[str, Any]) -> float:
    for name in STRENGTH:
        value = item.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return min(float(value), MAX_STRENGTH)
    return 1.0


def read_report(answer: str) -> tuple[str, str]:
    """Return title and summary of a report; a report that is no JSON object has no title."""
    bare = THOUGHTS.sub("", answer)
    for value in _objects(bare):
        if isinstance(value, dict) and (summary := _text(value, ("summary", "report", "description"))):
            return tidy(_text(value, ("title", "name"))), summary
    return "", "" if "{" in bare else " ".join(bare.split())
