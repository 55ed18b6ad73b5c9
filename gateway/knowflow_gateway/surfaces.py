"""Which documented surface, and so which error dialect, a path belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowflow_gateway.routes import HttpRoute

DEFAULT_SURFACE = "knowflow"

_BY_PACKAGE = {
    "knowflow.v1": "knowflow",
    "knowflow.platform.v1": "platform",
    "knowflow.flowgent.v1": "flowgent",
    "knowflow.knowledgebase.v1": "knowledgebase",
    "knowflow.konversation.v1": "konversation",
}

# The first match decides; `*` stands for one segment, and a rule covers everything below it.
_BY_PATH = (
    ("/v1/system/healthz", "health"),
    ("/api/v1/chats_openai", "openai"),
    ("/api/v1/agents_openai", "openai"),
    ("/api/v1/knowledgebase", "knowledgebase"),
    ("/api/v1/agents/*/knowledgebase", "knowledgebase"),
    ("/api/v1", "knowflow"),
    ("/v1", "platform"),
    ("/api/public", "flowgent"),
    ("/api", "konversation"),
)

# Parts of surface 003 which have an error body of their own.
_PART_OF = {"openai": "knowflow", "health": "knowflow"}


@dataclass(frozen=True)
class SurfaceRule:
    """A path prefix of whole segments and the surface of everything below it."""

    prefix: str
    surface: str

    def covers(self, pattern: str) -> bool:
        """Return whether a path, with or without `*` segments, lies at or below the prefix."""
        expected, actual = self.prefix.split("/"), pattern.split("/")
        return len(actual) >= len(expected) and all(
            want in ("*", have) for want, have in zip(expected, actual, strict=False)
        )


def surface_rules(routes: Sequence[HttpRoute]) -> list[SurfaceRule]:
    """Return the rules which give a path its surface, also a path which no route has; the first match decides."""
    rules = [SurfaceRule(prefix, surface) for prefix, surface in _BY_PATH]
    # Surface 004 is served without /api, too: each first segment of its routes is its own, unless a rule above has it.
    for route in routes:
        if _BY_PACKAGE.get(route.package) == "konversation" and not any(rule.covers(route.pattern) for rule in rules):
            rules.append(SurfaceRule("/" + route.pattern.split("/")[1], "konversation"))
    return rules


def exceptions(routes: Sequence[HttpRoute], rules: Sequence[SurfaceRule]) -> list[tuple[HttpRoute, str]]:
    """Return the routes whose package belongs to another surface than their path's rule says, with that surface."""
    found = []
    for route in routes:
        surface = _BY_PACKAGE.get(route.package)
        by_path = next((rule.surface for rule in rules if rule.covers(route.pattern)), DEFAULT_SURFACE)
        if surface is not None and surface not in (by_path, _PART_OF.get(by_path)):
            found.append((route, surface))
    return found
