"""What runs the embedding model: OpenVINO in bfloat16, or torch in bfloat16 where OpenVINO is not installed."""

import logging
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowflow_server.workers import minilm
from knowflow_server.workers.windows import Batch, WindowTokenizer

logger = logging.getLogger(__name__)

_LEAST_PROBE_COSINE = 0.999


class Engine(Protocol):
    """Runs batches through the model."""

    name: str

    def run(self, batch: Batch) -> NDArray[np.float32]:
        """Return the windows' vectors: shape (n, 384), float32, L2-normalised."""
        ...


class OpenVinoEngine:
    """The converted model on the CPU plug-in.

    The bfloat16 hint makes it about 1.7 times as fast as float32 on processors with AVX512_BF16 or AMX; others ignore
    it.

    Args:
        folder: From `minilm.convert`.
        threads: Threads of the inference, or None for one per core.
        precision: Hint for the arithmetic, "bf16" or "f32".
    """

    def __init__(self, folder: Path, *, threads: int | None, precision: str = "bf16") -> None:
        openvino = minilm.import_openvino()
        self.name = f"OpenVINO {precision}"
        properties: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": precision,
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
        }
        if threads is not None:
            properties["INFERENCE_NUM_THREADS"] = threads
        compiled = openvino.Core().compile_model(folder / "model.xml", "CPU", properties)
        self._request = compiled.create_infer_request()

    def run(self, batch: Batch) -> NDArray[np.float32]:
        """Return the windows' vectors: shape (n, 384), float32, L2-normalised."""
        self._request.infer([batch.ids, batch.mask], share_inputs=True)
        # The output tensor is overwritten by the next run.
        return np.array(self._request.get_output_tensor(0).data, dtype=np.float32)


class TorchEngine:
    """The model through sentence-transformers in bfloat16: slower, and 300 MB larger than OpenVINO.

    Args:
        threads: Threads of the inference, or None for torch's own choice.
    """

    name = "torch bf16"

    def __init__(self, *, threads: int | None) -> None:
        import torch

        minilm.verify_weights()
        if threads is not None:
            torch.set_num_threads(threads)
        self._torch = torch
        self._model = minilm.load_sentence_transformer(model_kwargs={"dtype": torch.bfloat16})

    def run(self, batch: Batch) -> NDArray[np.float32]:
        """Return the windows' vectors: shape (n, 384), float32, L2-normalised."""
        torch = self._torch
        ids, mask = torch.from_numpy(batch.ids), torch.from_numpy(batch.mask)
        features = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
        with torch.inference_mode():
            vectors = self._model(features)["sentence_embedding"].float()
            return np.asarray(torch.nn.functional.normalize(vectors, dim=1).numpy(), dtype=np.float32)


def load_openvino(folder: Path, *, threads: int | None) -> tuple[OpenVinoEngine, WindowTokenizer]:
    """Load the converted model, in bfloat16 if its probe vectors agree with torch's in float32, else in float32."""
    tokenizer = WindowTokenizer(folder / "tokenizer.json")
    engine = OpenVinoEngine(folder, threads=threads)
    cosine = _probe_cosine(engine, tokenizer, minilm.probe_vectors(folder))
    if cosine < _LEAST_PROBE_COSINE:
        logger.warning("bfloat16 is too inexact on this processor (cosine %.5f): float32 is used.", cosine)
        engine = OpenVinoEngine(folder, threads=threads, precision="f32")
    logger.info("%s runs on %s; least cosine of the probe texts to float32: %.5f.", minilm.MODEL, engine.name, cosine)
    return engine, tokenizer


def load_torch(*, threads: int | None) -> tuple[TorchEngine, WindowTokenizer]:
    """Load the model through sentence-transformers."""
    engine = TorchEngine(threads=threads)
    logger.info("%s runs on %s.", minilm.MODEL, engine.name)
    return engine, WindowTokenizer(minilm.source_dir() / "tokenizer.json")


def embed(engine: Engine, tokenizer: WindowTokenizer, texts: list[str]) -> NDArray[np.float32]:
    """Return for each text the sum of its windows' unit vectors, each times its token count.

    Returns:
        Shape (n, 384), float32, in the texts' order, *not* normalised: sums of parts of one text can be added.
    """
    sums = np.zeros((len(texts), minilm.DIMENSION), dtype=np.float32)
    for batch in tokenizer.batches(tokenizer.windows(texts)):
        for window, vector in zip(batch.windows, engine.run(batch), strict=True):
            sums[window.text] += window.weight * vector
    return sums


def _probe_cosine(engine: Engine, tokenizer: WindowTokenizer, expected: NDArray[np.float32]) -> float:
    vectors = embed(engine, tokenizer, list(minilm.PROBE_TEXTS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return float((vectors * expected).sum(axis=1).min())
