"""Generated Go code. The plugins are built from the sources which Debian packages, so nothing is downloaded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

SOURCES = Path("/usr/share/gocode")
PLUGINS = {
    "protoc-gen-go": "google.golang.org/protobuf/cmd/protoc-gen-go",
    "protoc-gen-go-grpc": "google.golang.org/grpc/cmd/protoc-gen-go-grpc",
}
PACKAGES = (
    "golang-go golang-google-grpc-dev golang-google-genproto-dev golang-google-protobuf-dev"
    " golang-github-golang-protobuf-1-5-dev"
)
# Lines which name the versions that generated a file: they say nothing about the protos.
VERSIONS = re.compile(r"^// (?:versions:|- protoc.*|\tprotoc.*)\n", re.MULTILINE)


def is_possible() -> bool:
    """Return whether this machine has Go and the sources of its plugins."""
    return shutil.which("go") is not None and all((SOURCES / "src" / path).is_dir() for path in PLUGINS.values())


def plugins(folder: Path) -> list[str]:
    """Build the plugins which are not there yet, and return the arguments by which protoc finds them."""
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(SOURCES), "GOFLAGS": ""}
    for name, path in PLUGINS.items():
        if not (folder / name).exists():
            subprocess.run(["go", "build", "-o", str(folder / name), path], env=environment, check=True)
    return [f"--plugin={name}={folder / name}" for name in PLUGINS]


def mappings(files: Iterable[str]) -> list[str]:
    """Return the arguments which give each proto its Go package."""
    places = {name: str(Path(name).parent) for name in files}
    return [
        f"--{kind}_opt=M{name}=knowflow/gen/{place};{place.replace('/', '')}"
        for name, place in places.items()
        for kind in ("go", "go-grpc")
    ]


def without_versions(paths: Sequence[Path]) -> None:
    """Take the versions out of generated files."""
    for path in paths:
        path.write_text(VERSIONS.sub("", path.read_text()))
