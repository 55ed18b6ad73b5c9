"""The tree as the contract tests read it: its files, their syntax trees, and the protos with their comments."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from google.protobuf import descriptor_pb2

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py", ".binpb", "python/knowflow/errors.py")


@cache
def kept_files() -> tuple[Path, ...]:
    """Return all files that git tracks, or would when everything is added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in sorted(set(output.split("\0")) - {""}) if (path := ROOT / name).is_file())


@cache
def python_files() -> tuple[Path, ...]:
    """Return our Python files, generated ones left out."""
    return tuple(path for path in kept_files() if path.suffix == ".py" and not str(path).endswith(GENERATED))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield all functions of a Python file, inner ones included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def relative(path: Path) -> str:
    """Return the name of a file below the root."""
    return str(path.relative_to(ROOT))


@cache
def generator() -> ModuleType:
    """Return the module of `clients/generate.py`, which lies in no package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "clients" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def descriptors_with_comments() -> descriptor_pb2.FileDescriptorSet:
    """Return the descriptors of our protos with the comments, which the committed set leaves out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "image.binpb"
        generator().image(ROOT / "proto", path)
        return descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the virtual environment in the root of the tree."""
    binary = str(Path(sys.executable).parent / command[0])
    return subprocess.run([binary, *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True)
