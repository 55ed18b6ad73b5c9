"""Leaving out what libraries load and nothing here uses."""

from __future__ import annotations

import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType

# LanceDB loads a client of remote catalogues for the types beside it: a quarter of a server's start.
CATALOGUES = "lance_namespace_urllib3_client.api"


class _Empty(ModuleType):
    """A module of which every public name is a class that cannot be used."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": _refuse})


def _refuse(*_: object, **__: object) -> None:
    raise NotImplementedError(f"{CATALOGUES} is left out at the start, see {__name__}.")


class _Finder(Loader):
    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Return the specification of an empty module for what is left out."""
        if fullname == CATALOGUES or fullname.startswith(f"{CATALOGUES}."):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty module."""
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run."""


def leave_out_catalogues() -> None:
    """Keep LanceDB from loading its client of remote catalogues; call it before LanceDB is imported."""
    sys.meta_path.insert(0, _Finder())
