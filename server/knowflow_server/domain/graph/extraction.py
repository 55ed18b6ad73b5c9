"""What was found in a document: entities, relations and aliases; and the facts that are kept of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import xxhash

from knowflow.store.v1 import graph_pb2
from knowflow.store.v1.graph_pb2 import GraphFact
from knowflow_server.domain.graph.names import initials, is_acronym, key_of, letters_of

RELATED = "related_to"
MAX_LABEL = 80
MAX_DESCRIPTION = 1_000
MAX_KEYWORDS = 8


def fact_id(generation: str, kind: int, source: str, target: str) -> str:
    """Return the id of a fact: 64-bit xxHash of what makes it unique, 16 hex digits."""
    return xxhash.xxh64("\x00".join((generation, str(kind), source, target)).encode()).hexdigest()


@dataclass(slots=True)
class Entity:
    """What a document says about an entity."""

    names: Counter[str] = field(default_factory=Counter)
    """Spellings and how often each occurs."""
    types: Counter[str] = field(default_factory=Counter)
    """Types and how much speaks for each."""
    descriptions: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The most frequent spelling of several words, else of one; the longest of equals."""
        return max(self.names, key=lambda name: (" " in name, self.names[name], len(name), name))

    @property
    def type(self) -> str:
        """The type for which most speaks."""
        return max(self.types, key=lambda name: (self.types[name], name))

    @property
    def weight(self) -> int:
        """How often the document names it."""
        return self.names.total()

    def absorb(self, other: Entity) -> None:
        """Take over what is known of another name of the same entity."""
        self.names.update(other.names)
        self.types.update(other.types)
        self.descriptions += [text for text in other.descriptions if text not in self.descriptions]


@dataclass(slots=True)
class Relation:
    """What a document says about how two entities relate."""

    labels: Counter[str] = field(default_factory=Counter)
    weight: float = 0.0
    descriptions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Extraction:
    """What was found in a text, by keys of entities."""

    entities: dict[str, Entity] = field(default_factory=dict)
    relations: dict[tuple[str, str], Relation] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """Key of a name, and the key of the entity it means."""

    def name(self, name: str, kind: str, *, description: str = "", number: int = 1, votes: int = 1) -> str:
        """Note an occurrence of an entity, and return its key."""
        key = key_of(name)
        entity = self.entities.setdefault(key, Entity())
        entity.names[name] += number
        entity.types[kind] += votes
        if description and description not in entity.descriptions:
            entity.descriptions.append(description)
        return key

    def relate(
        self, source: str, target: str, label: str, *, weight: float = 1.0, description: str = "", votes: int = 1
    ) -> None:
        """Note a relation between two entities, given by key."""
        if source == target:
            return
        relation = self.relations.setdefault((source, target), Relation())
        relation.labels[label[:MAX_LABEL] or RELATED] += votes
        relation.weight += weight
        if description and description not in relation.descriptions:
            relation.descriptions.append(description)

    def merge(self, other: Extraction) -> None:
        """Add what was found in another part of the document."""
        for key, entity in other.entities.items():
            self.entities.setdefault(key, Entity()).absorb(entity)
        for (source, target), found in other.relations.items():
            relation = self.relations.setdefault((source, target), Relation())
            relation.labels.update(found.labels)
            relation.weight += found.weight
            relation.descriptions += [text for text in found.descriptions if text not in relation.descriptions]
        self.aliases.update(other.aliases)

    def resolve(self) -> None:
        """Make one entity of several names for it, where the document leaves no doubt.

        An acronym goes to the name it was explained with, or to the only name whose first letters it is; the last part
        of a person's name to the only person who has it. What was explained is kept as an alias, for other documents.
        """
        moves = {alias: key for alias, key in self.aliases.items() if alias in self.entities and key in self.entities}
        by_initials: defaultdict[str, set[str]] = defaultdict(set)
        by_surname: defaultdict[str, set[str]] = defaultdict(set)
        for key, entity in self.entities.items():
            for letters in initials(entity.name):
                by_initials[letters].add(key)
            if entity.type == "person" and " " in key:
                by_surname[key.rpartition(" ")[2]].add(key)
        for key, entity in self.entities.items():
            if key in moves:
                continue
            acronym = is_acronym(entity.name)
            meant = (by_initials[letters_of(entity.name)] if acronym else by_surname[key]) - {key}
            if len(meant) == 1:
                moves[key] = meant.pop()
                if acronym:
                    self.aliases[key] = moves[key]
        self._move(moves)

    def _move(self, moves: dict[str, str]) -> None:
        def end(key: str) -> str:
            seen = set()
            while key in moves and key not in seen:
                seen.add(key)
                key = moves[key]
            return key

        for key in moves:
            if end(key) != key:
                self.entities[end(key)].absorb(self.entities[key])
        moved = {key for key in moves if end(key) != key}
        self.entities = {key: entity for key, entity in self.entities.items() if key not in moved}
        relations, self.relations = self.relations, {}
        for (first, second), found in relations.items():
            source, target = end(first), end(second)
            if source == target:
                continue
            relation = self.relations.setdefault((source, target), Relation())
            relation.labels.update(found.labels)
            relation.weight += found.weight
            relation.descriptions += found.descriptions

    def keep_types(self, wanted: Iterable[str]) -> None:
        """Leave out the entities of other types, and what relates to them; no types mean all."""
        chosen = {kind.casefold() for kind in wanted}
        if not chosen:
            return
        self.entities = {key: entity for key, entity in self.entities.items() if entity.type.casefold() in chosen}
        self.relations = {
            ends: relation
            for ends, relation in self.relations.items()
            if ends[0] in self.entities and ends[1] in self.entities
        }

    def facts(self, organization_id: str, dataset_id: str, document_id: str, generation: str) -> list[GraphFact]:
        """Return the facts to keep for a document; their creation time is left open."""

        def fact(kind: graph_pb2.GraphFactKind, source: str, target: str = "") -> GraphFact:
            return GraphFact(
                id=fact_id(generation, kind, source, target),
                organization_id=organization_id,
                dataset_id=dataset_id,
                document_id=document_id,
                generation=generation,
                kind=kind,
                source=source,
                target=target,
            )

        found = []
        for key, entity in self.entities.items():
            one = fact(graph_pb2.GRAPH_FACT_KIND_ENTITY, key)
            one.name, one.label, one.weight = entity.name, entity.type, entity.weight
            one.description = shortened(entity.descriptions)
            found.append(one)
        for (source, target), relation in self.relations.items():
            one = fact(graph_pb2.GRAPH_FACT_KIND_RELATION, source, target)
            ranked = [label for label, _ in relation.labels.most_common(MAX_KEYWORDS + 1)]
            telling = [label for label in ranked if label != RELATED] or [RELATED]
            one.label, one.weight = telling[0], relation.weight
            one.keywords.extend(telling[1:])
            one.description = shortened(relation.descriptions)
            found.append(one)
        for alias, key in self.aliases.items():
            found.append(fact(graph_pb2.GRAPH_FACT_KIND_ALIAS, alias, key))
        return found


def shortened(texts: Sequence[str], limit: int = MAX_DESCRIPTION) -> str:
    """Return as many texts as fit, joined by blanks; the first one is cut when it is too long."""
    kept: list[str] = []
    size = 0
    for text in texts:
        if kept and size + len(text) > limit:
            break
        kept.append(text[:limit])
        size += len(text) + 1
    return " ".join(kept)
