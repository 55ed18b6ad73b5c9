"""Parent-child chunking: which documents have it, and how large the two tiers are."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from knowflow_server.domain.ingest.config import MAX_CHUNK_TOKENS, whole

DEFAULT_CHILD_TOKENS = 256
DEFAULT_PARENT_TOKENS = 1024
MAX_PARENT_TOKENS = 8192
# The layouts and the method for which the API's document promises parents without asking.
_AUTOMATIC_LAYOUTS = frozenset({"mineru", "dots"})
_AUTOMATIC_METHOD = "smart"


class ParentChild(NamedTuple):
    """The two tiers.

    Attributes:
        child_tokens: Largest number of tokens of a child, 1 to 2,048.
        parent_tokens: Largest number of tokens of a parent, from `child_tokens` to 8,192.
    """

    child_tokens: int = DEFAULT_CHILD_TOKENS
    parent_tokens: int = DEFAULT_PARENT_TOKENS


def read_parent_child(config: Mapping[str, Any], method: str) -> ParentChild | None:
    """Return the tiers of a document, None when it has but one.

    `parent_child.use_parent_child` of its `parser_config` decides; where that is absent, a document with the method
    `smart` and the layout `mineru` or `dots` has two.
    """
    given = config.get("parent_child")
    given = given if isinstance(given, Mapping) else {}
    layout = config.get("layout_recognize")
    layout = layout.strip().lower() if isinstance(layout, str) else ""
    is_wanted = given.get("use_parent_child")
    if not isinstance(is_wanted, bool):
        is_wanted = method == _AUTOMATIC_METHOD and layout in _AUTOMATIC_LAYOUTS
    if not is_wanted:
        return None
    child = whole(given.get("child_token_num"), DEFAULT_CHILD_TOKENS, MAX_CHUNK_TOKENS)
    parent = whole(given.get("parent_token_num"), DEFAULT_PARENT_TOKENS, MAX_PARENT_TOKENS)
    return ParentChild(child, max(child, parent))
