"""What a worker finds in its environment variables."""

import os
from pathlib import Path

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # glibc's per-thread arenas hold tens of megabytes each.
    "MALLOC_ARENA_MAX": "2",
}
"""Keeps model libraries from the network, and quiet."""

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def worker_environment() -> dict[str, str]:
    """Return this process' environment for a worker: offline, and with none of the server's settings and secrets."""
    environment = {key: value for key, value in os.environ.items() if not key.upper().startswith("KNOWFLOW_")}
    paths = [str(_PACKAGE_ROOT), environment.get("PYTHONPATH", "")]
    return environment | OFFLINE | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
