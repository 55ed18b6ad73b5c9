"""The source of the Lua filter: `errors.lua` and `rest.lua` behind the tables which they work on, from the protos."""

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import TypeAlias

from knowflow_gateway.routes import HttpRoute
from knowflow_gateway.surfaces import DEFAULT_SURFACE, exceptions, surface_rules

LuaValue: TypeAlias = "str | int | Sequence[LuaValue] | Mapping[str, LuaValue]"

_WILDCARDS = {"*": "[^/]+", "**": ".+"}


def lua_source(routes: Sequence[HttpRoute], *, max_json_bytes: int, max_upload_bytes: int) -> str:
    """Return the Lua filter's source for these routes.

    Args:
        routes: Every REST route.
        max_json_bytes: Largest body of a JSON request.
        max_upload_bytes: Largest body of any other request; another filter counts it, this one names it.
    """
    rules = surface_rules(routes)
    tables: dict[str, LuaValue] = {
        "DEFAULT_SURFACE": DEFAULT_SURFACE,
        "MAX_JSON_BYTES": max_json_bytes,
        "MAX_UPLOAD_BYTES": max_upload_bytes,
        "SURFACES": [{"path": _lua_prefix(rule.prefix), "surface": rule.surface} for rule in rules],
        "EXCEPTIONS": [
            {"verb": route.verb, "path": _lua_path(route.pattern), "surface": surface}
            for route, surface in exceptions(routes, rules)
        ],
        "ROUTES": [
            {
                "verb": route.verb,
                "path": _lua_path(route.pattern),
                "variables": route.variables,
                "upload": int(route.upload),
            }
            for route in routes
        ],
    }
    package = resources.files("knowflow_gateway")
    sources = [package.joinpath(name).read_text(encoding="utf-8") for name in ("errors.lua", "rest.lua")]
    return "\n".join([*(f"local {name} = {_lua(value)}" for name, value in tables.items()), "", *sources])


def _lua_prefix(prefix: str) -> str:
    """Return a Lua pattern for a path with a final slash which lies at or below a prefix."""
    return f"^{_lua_segments(prefix)}/"


def _lua_path(pattern: str) -> str:
    """Return a Lua pattern for exactly this path with a final slash."""
    return f"^{_lua_segments(pattern)}/$"


def _lua_segments(pattern: str) -> str:
    return re.sub(r"\*\*|\*|[^\w/]", lambda match: _WILDCARDS.get(match[0], "%" + match[0]), pattern)


def _lua(value: LuaValue) -> str:
    """Return a value as Lua source. Strings are patterns, names and words of this package: printable ASCII."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_lua(item)}" for key, item in value.items()) + "}"
    return "{" + ",".join(f"\n  {_lua(item)}" for item in value) + ("\n}" if value else "}")
