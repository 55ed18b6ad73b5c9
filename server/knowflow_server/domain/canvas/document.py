"""The graph of an agent as callers write it: read, completed, and checked, so that what is kept can run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from knowflow_server.domain.canvas.alias import Aliases
from knowflow_server.domain.canvas.component import Component, Params, registry
from knowflow_server.domain.canvas.order import Order
from knowflow_server.domain.free_json import mistake
from knowflow_server.errors.core import AgentDslInvalidError

GLOBALS: Mapping[str, Any] = {"sys.query": "", "sys.user_id": "", "sys.conversation_turns": 0, "sys.files": []}
MAX_COMPONENTS = 500
BEGIN, START, PAUSE = "Begin", "IterationItem", "UserFillUp"
# In a loop through one of these each round has a question of the user in it.
PAUSES = frozenset({PAUSE, "Answer", "Question"})
MEMORY = ("history", "path", "retrieval")


@dataclass(frozen=True, slots=True)
class Node:
    """A component in its place.

    Args:
        id: Identifier in the graph.
        title: Name as an editor shows it.
        component: Its class.
        params: Its parameters, of the type `component.params`.
        downstream: The components which go on after it.
        parent: The Iteration whose body it belongs to; empty outside of bodies.
    """

    id: str
    title: str
    component: type[Component]
    params: Any
    downstream: tuple[str, ...]
    parent: str

    @property
    def ahead(self) -> tuple[str, ...]:
        """The components it may go on with when it does not fail."""
        return tuple(dict.fromkeys([*self.downstream, *self.component.targets(self.params)]))

    @property
    def successors(self) -> tuple[str, ...]:
        """All components it may go on with."""
        return tuple(dict.fromkeys([*self.ahead, *self.params.exception_goto]))


class Canvas:
    """A graph that can run.

    Args:
        nodes: The components by id.
    """

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self.begin = next(node for node in nodes.values() if node.component.name == BEGIN)

    @cached_property
    def order(self) -> Order:
        """Which components come before which."""
        items = [node.id for node in self.nodes.values() if node.component.name == START]
        return Order({node.id: node.successors for node in self.nodes.values()}, [self.begin.id, *items])

    def body(self, parent: str) -> Iterator[Node]:
        """Yield the components inside an Iteration."""
        return (node for node in self.nodes.values() if node.parent == parent)


def complete(dsl: Mapping[str, Any]) -> dict[str, Any]:
    """Return a graph with everything it must have beside its components."""
    kept = dict(dsl)
    kept.setdefault("graph", {"nodes": [], "edges": []})
    kept["globals"] = {**GLOBALS, **_mapping(kept.get("globals"))}
    for name in MEMORY:
        kept[name] = kept.get(name) or []
    return kept


def load(dsl: Mapping[str, Any]) -> Canvas:
    """Return the graph which a document describes.

    Raises:
        AgentDslInvalidError: It cannot run; the sentence names the component.
    """
    components = dsl.get("components")
    if not isinstance(components, Mapping) or not components:
        raise AgentDslInvalidError("`components` of the DSL is required: an object of components by id.", component="")
    if len(components) > MAX_COMPONENTS:
        raise AgentDslInvalidError(f"An agent has at most {MAX_COMPONENTS} components.", component="")
    _check_memory(dsl)
    titles = _titles(dsl)
    aliases = Aliases(components)
    nodes = {identifier: _node(identifier, raw, titles, aliases) for identifier, raw in components.items()}
    begins = [node.id for node in nodes.values() if node.component.name == BEGIN]
    if len(begins) != 1:
        problem = (
            "has no component Begin" if not begins else f"has several components Begin: {', '.join(sorted(begins))}"
        )
        raise AgentDslInvalidError(f"The DSL {problem}; it needs exactly one.", component="")
    for node in nodes.values():
        _check_links(node, nodes)
    for node in nodes.values():
        _check_references(node, nodes)
    canvas = Canvas(nodes)
    _check_loops(canvas)
    return canvas


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _titles(dsl: Mapping[str, Any]) -> dict[str, str]:
    """Return the names which an editor shows, by component."""
    nodes = _mapping(dsl.get("graph")).get("nodes")
    found: dict[str, str] = {}
    for node in nodes if isinstance(nodes, list) else []:
        name = _mapping(_mapping(node).get("data")).get("name")
        if isinstance(name, str) and name:
            found[str(_mapping(node).get("id"))] = name
    return found


def _node(identifier: str, raw: Any, titles: Mapping[str, str], aliases: Aliases) -> Node:
    known = _mapping(_mapping(raw).get("obj"))
    name = known.get("component_name")
    if not isinstance(name, str) or not name:
        raise AgentDslInvalidError(f"The component {identifier} has no `obj.component_name`.", component=identifier)
    name, given = aliases.successor(name, _mapping(known.get("params")), identifier)
    component = registry().get(name)
    if component is None:
        raise AgentDslInvalidError(f"The component {identifier} is of the unknown class {name}.", component=identifier)
    try:
        # Editors write null for what nobody has filled in.
        set_ = {key: value for key, value in given.items() if value is not None}
        params: Params = component.params.model_validate(set_)
    except ValidationError as error:
        place, message = mistake(error)
        sentence = f"The component {identifier} has a wrong parameter `{place}`: {message}."
        raise AgentDslInvalidError(sentence, component=identifier) from None
    parent = _mapping(raw).get("parent_id") or ""
    return Node(
        identifier,
        titles.get(identifier, identifier),
        component,
        params,
        _ids(identifier, "downstream", _mapping(raw).get("downstream")),
        parent if isinstance(parent, str) else "",
    )


def _ids(identifier: str, field: str, value: Any) -> tuple[str, ...]:
    items = value or []
    if not isinstance(items, Sequence) or isinstance(items, str) or not all(isinstance(item, str) for item in items):
        raise AgentDslInvalidError(f"`{field}` of {identifier} should be a list of ids.", component=identifier)
    return tuple(dict.fromkeys(items))


def _check_links(node: Node, nodes: Mapping[str, Node]) -> None:
    for target in (*node.downstream, *node.component.targets(node.params), *node.params.exception_goto):
        if target not in nodes:
            sentence = f"The component {node.id} leads to {target}, which does not exist."
            raise AgentDslInvalidError(sentence, component=node.id)
        if nodes[target].parent != node.parent and nodes[target].parent != node.id:
            sentence = f"The component {node.id} leads to {target} across the border of an Iteration."
            raise AgentDslInvalidError(sentence, component=node.id)
    if node.parent and (node.parent not in nodes or nodes[node.parent].component.name != "Iteration"):
        sentence = f"The component {node.id} belongs to {node.parent}, which is no Iteration of this DSL."
        raise AgentDslInvalidError(sentence, component=node.id)
    if node.component.name == "Iteration":
        starts = [inner for inner in nodes.values() if inner.parent == node.id and inner.component.name == START]
        if len(starts) != 1:
            raise AgentDslInvalidError(f"The Iteration {node.id} needs exactly one IterationItem.", component=node.id)
    if node.parent and node.component.name in {*PAUSES, BEGIN}:
        sentence = f"The component {node.id} is a {node.component.name}, which an Iteration cannot hold."
        raise AgentDslInvalidError(sentence, component=node.id)


def _check_memory(dsl: Mapping[str, Any]) -> None:
    """Refuse what a run could not go on with: a conversation that is none."""
    for name in MEMORY:
        if not isinstance(dsl.get(name) or [], list):
            raise AgentDslInvalidError(f"`{name}` of the DSL should be a list.", component="")
    if any(not isinstance(turn, list) or len(turn) != 2 for turn in dsl.get("history") or []):
        raise AgentDslInvalidError(
            "`history` of the DSL should be a list of pairs: who said it, and what.", component=""
        )
    if not all(isinstance(place, str) for place in dsl.get("path") or []):
        raise AgentDslInvalidError("`path` of the DSL should be a list of ids.", component="")
    turns = _mapping(dsl.get("globals")).get("sys.conversation_turns") or 0
    if isinstance(turns, bool) or not isinstance(turns, int | float):
        raise AgentDslInvalidError("`sys.conversation_turns` of the DSL should be a number.", component="")


def _check_references(node: Node, nodes: Mapping[str, Node]) -> None:
    for reference in node.component.references(node.params):
        if not reference.component:
            continue
        target = nodes.get(reference.component)
        if target is None:
            sentence = f"The component {node.id} refers to {reference.text}, but {reference.component} does not exist."
            raise AgentDslInvalidError(sentence, component=node.id)
        name = reference.output.split(".")[0]
        if name not in target.component.outputs(target.params):
            sentence = f"The component {node.id} refers to {reference.text}, but {target.id} has no output {name}."
            raise AgentDslInvalidError(sentence, component=node.id)


def _check_loops(canvas: Canvas) -> None:
    """Refuse a loop that nothing leaves: no component in it decides where to go on, or waits for the user."""
    open_ = {node.id for node in canvas.nodes.values() if not _lets_out(node, canvas)}
    closed = Order({name: [place for place in canvas.nodes[name].ahead if place in open_] for name in open_}, ())
    for identifier in canvas.nodes:
        if identifier in open_ and (members := closed.loop_of(identifier)):
            sentence = f"The loop through {', '.join(sorted(members))} has no exit."
            raise AgentDslInvalidError(sentence, component=identifier)


def _lets_out(node: Node, canvas: Canvas) -> bool:
    """Return whether a run can leave a loop at a component."""
    if node.component.name in PAUSES:
        return True
    if not node.component.routes:
        return False
    members = canvas.order.loop_of(node.id)
    return node.component.may_end(node.params) or any(place not in members for place in node.ahead)
