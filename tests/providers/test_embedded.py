"""The built-in model, really: conversion, quality, order, priority, and what happens when its worker dies."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from knowflow_server.domain.ports import Embedder, ProviderError
from knowflow_server.providers.embedded import EmbeddedEmbedder, split_pieces
from knowflow_server.workers import minilm
from knowflow_server.workers.environment import worker_environment

_SUBJECTS = ("The invoice", "A whale", "Our contract", "The old bridge", "Every neuron")
_VERBS = (
    "must be paid within thirty days after delivery of the goods",
    "dives deeper than one thousand metres to hunt for squid in the dark",
    "ends without notice when either party becomes insolvent",
    "carries more traffic in one hour than its builders expected in a year",
)
TEXTS = [f"{subject} {verb}. " * repeats for repeats, subject in enumerate(_SUBJECTS, 1) for verb in _VERBS]

# The reference is computed apart: torch's import alone warns of this and that.
_REFERENCE = """
import json, sys
from knowflow_server.workers import minilm
model = minilm.load_sentence_transformer()
print(json.dumps(model.encode(json.load(sys.stdin), normalize_embeddings=True, show_progress_bar=False).tolist()))
"""


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache folder that two processes have converted the model into at the same time."""
    cache = tmp_path_factory.mktemp("models")
    command = [sys.executable, "-P", "-m", "knowflow_server.workers.embed", "--prepare", "--cache", str(cache)]
    both = [subprocess.Popen(command, env=worker_environment()) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    return cache


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def embedder(cache_dir: Path) -> AsyncIterator[EmbeddedEmbedder]:
    embedder = EmbeddedEmbedder(cache_dir=cache_dir)
    yield embedder
    await embedder.close()


@pytest.fixture(scope="session")
def reference() -> NDArray[np.float32]:
    """Return sentence-transformers' vectors in float32: shape (20, 384)."""
    command = [sys.executable, "-P", "-c", _REFERENCE]
    texts = json.dumps(TEXTS)
    made = subprocess.run(command, input=texts, capture_output=True, text=True, env=worker_environment(), check=True)
    return np.asarray(json.loads(made.stdout), dtype=np.float32)


def _assert_same(actual: NDArray[np.float32], expected: NDArray[np.float32]) -> None:
    """Compare by cosine: the batch a text is in changes the last bits of bfloat16."""
    assert actual.shape == expected.shape
    assert float((actual * expected).sum(axis=-1).min()) > 0.9995


def test_prepare_twice_at_once_leaves_one_whole_model(cache_dir: Path) -> None:
    assert minilm.is_converted(cache_dir)
    assert [path.name for path in cache_dir.iterdir()] == [minilm.converted_dir(cache_dir).name]


async def test_embed_documents_agree_with_sentence_transformers(
    embedder: EmbeddedEmbedder, reference: NDArray[np.float32]
) -> None:
    vectors = await embedder.embed_documents(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (20, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert float((vectors * reference).sum(axis=1).min()) >= 0.999


async def test_embed_query_similar_texts_are_closer_than_others(embedder: EmbeddedEmbedder) -> None:
    question = await embedder.embed_query("When do I have to pay the bill?")
    near, far = await embedder.embed_documents(
        ["Invoices are due thirty days after delivery.", "Whales are mammals that live in the sea."]
    )
    assert question @ near > question @ far + 0.2


async def test_embed_documents_order_is_kept(embedder: EmbeddedEmbedder) -> None:
    texts = [text for pair in zip(TEXTS, reversed(TEXTS), strict=True) for text in pair]
    vectors = await embedder.embed_documents(texts)
    singles = np.stack([await embedder.embed_query(text) for text in texts])
    _assert_same(vectors, singles)


@pytest.mark.parametrize("words", [255, 600])
async def test_embed_documents_long_text_is_the_weighted_mean_of_its_windows(
    embedder: EmbeddedEmbedder, words: int
) -> None:
    # Each of these words is one word piece, so that the windows can be made by hand.
    vocabulary = ["tree", "house", "river", "stone", "cloud", "paper", "engine", "winter"]
    text = [vocabulary[index * index % 7] for index in range(words)]
    count = -(-words // 254)
    cuts = [index * words // count for index in range(count + 1)]
    windows = [text[start:end] for start, end in pairwise(cuts)]
    parts = await embedder.embed_documents([" ".join(window) for window in windows])
    mean = sum(len(window) * part for window, part in zip(windows, parts, strict=True))
    _assert_same(await embedder.embed_query(" ".join(text)), mean / np.linalg.norm(mean))


async def test_embed_documents_end_of_a_long_text_counts(embedder: EmbeddedEmbedder) -> None:
    body = "The committee met and talked about the budget. " * 400
    plain, with_end = await embedder.embed_documents([body, body + "Whales dive deep for squid. " * 200])
    whale = await embedder.embed_query("whales hunting squid")
    assert whale @ with_end > whale @ plain + 0.1


@pytest.mark.parametrize("text", ["", " \n", "\ud800 broken \udfff", "漢字" * 3_000, "x" * 20_000, "\0"])
async def test_embed_query_strange_text_has_a_unit_vector(embedder: EmbeddedEmbedder, text: str) -> None:
    assert np.linalg.norm(await embedder.embed_query(text)) == pytest.approx(1.0, abs=1e-5)


async def test_embed_documents_none_is_an_empty_array(embedder: EmbeddedEmbedder) -> None:
    assert (await embedder.embed_documents([])).shape == (0, 384)


@given(text=st.text(max_size=300).map(lambda text: text * 60) | st.just("a" * 20_000))
def test_split_pieces_join_to_the_text_and_are_short(text: str) -> None:
    pieces = split_pieces(text)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= 4_096 for piece in pieces) or text == ""
    assert len(pieces) == 1 or len(text) > 4_096


def test_split_pieces_cuts_at_white_space() -> None:
    pieces = split_pieces("wonderful " * 1_000)
    assert len(pieces) == 3
    assert all(piece.startswith(" ") for piece in pieces[1:])


async def test_embed_query_overtakes_documents(embedder: EmbeddedEmbedder) -> None:
    documents = asyncio.create_task(embedder.embed_documents([f"{number} {TEXTS[-1]}" for number in range(150)]))
    start = asyncio.get_running_loop().time()
    waits: list[float] = []
    while len(waits) < 3:
        began = asyncio.get_running_loop().time()
        await embedder.embed_query(f"question {len(waits)}")
        waits.append(asyncio.get_running_loop().time() - began)
    assert not documents.done()
    await documents
    took = asyncio.get_running_loop().time() - start
    # About 0.1 s at most on an idle machine; on a loaded one a small part of what the documents take.
    assert max(waits) < max(1.0, took / 3)


async def test_embed_query_overtakes_the_callers_that_wait(embedder: EmbeddedEmbedder) -> None:
    order: list[int] = []

    async def embed(number: int) -> None:
        await (embedder.embed_query("question") if number == 20 else embedder.embed_documents([f"{number} {TEXTS[0]}"]))
        order.append(number)

    # Tasks begin in the order they are made: the question comes last, behind twenty that wait.
    await asyncio.gather(*(embed(number) for number in range(21)))
    assert order.index(20) <= 1
    order.remove(20)
    assert order == list(range(20))


async def test_embed_documents_two_callers_take_turns(embedder: EmbeddedEmbedder) -> None:
    large = asyncio.create_task(embedder.embed_documents([f"{number} {TEXTS[-1]}" for number in range(150)]))
    await embedder.embed_query("the large call has begun")
    assert (await embedder.embed_documents(TEXTS[:3])).shape == (3, 384)
    assert not large.done()
    await large


async def test_embed_documents_cancelled_call_leaves_the_worker_to_others(embedder: EmbeddedEmbedder) -> None:
    await embedder.warm()
    assert embedder.worker is not None
    pid = embedder.worker.pid
    documents = asyncio.create_task(embedder.embed_documents([f"{number} {TEXTS[-1]}" for number in range(150)]))
    await embedder.embed_query("begun")
    documents.cancel()
    with pytest.raises(asyncio.CancelledError):
        await documents
    assert (await embedder.embed_query("after")).shape == (384,)
    assert embedder.worker.pid == pid


async def test_embed_documents_worker_killed_in_mid_batch_is_repeated(embedder: EmbeddedEmbedder) -> None:
    expected = await embedder.embed_documents(TEXTS)
    documents = asyncio.create_task(embedder.embed_documents(TEXTS * 5))
    await embedder.embed_query("begun")
    assert embedder.worker is not None
    before = embedder.worker.pid
    os.kill(before, signal.SIGKILL)
    _assert_same(await documents, np.concatenate([expected] * 5))
    assert embedder.worker is not None
    assert embedder.worker.pid != before


async def test_worker_memory_stays_small_after_every_length(embedder: EmbeddedEmbedder) -> None:
    await embedder.embed_documents([" ".join(["tree"] * length) for length in range(1, 300, 3)])
    assert embedder.worker is not None
    assert embedder.worker.memory_mb() < 450


async def test_worker_does_not_import_torch(embedder: EmbeddedEmbedder) -> None:
    await embedder.warm()
    assert embedder.worker is not None
    assert embedder.worker.ready == {"model": "all-MiniLM-L6-v2", "dimension": 384, "engine": "OpenVINO bf16"}
    libraries = {Path(mapping.path).name for mapping in psutil.Process(embedder.worker.pid).memory_maps()}
    assert not [name for name in libraries if "torch" in name]


async def test_embed_query_worker_that_cannot_start_raises_provider_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    embedder: Embedder = EmbeddedEmbedder(cache_dir=tmp_path / "file")
    with pytest.raises(ProviderError) as caught:
        await embedder.embed_query("where")
    assert caught.value.provider == "embedded"
    assert caught.value.is_retryable
    assert any("FileExistsError" in message for message in caplog.messages)


async def test_embed_query_after_close_raises_provider_error(cache_dir: Path) -> None:
    embedder = EmbeddedEmbedder(cache_dir=cache_dir, threads=1)
    documents = asyncio.create_task(embedder.embed_documents([f"{number} {TEXTS[-1]}" for number in range(100)]))
    await embedder.embed_query("begun")
    assert embedder.worker is not None
    pid = embedder.worker.pid
    await embedder.close()
    for waiting in (documents, asyncio.ensure_future(embedder.embed_query("late"))):
        with pytest.raises(ProviderError):
            await waiting
    assert not psutil.pid_exists(pid)


async def test_warm_without_openvino_runs_on_torch_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, reference: NDArray[np.float32]
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['openvino'] = None\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    embedder = EmbeddedEmbedder(cache_dir=tmp_path)
    with caplog.at_level(logging.WARNING):
        vectors = await embedder.embed_documents(TEXTS)
    assert embedder.worker is not None
    assert embedder.worker.ready is not None
    assert embedder.worker.ready["engine"] == "torch bf16"
    await embedder.close()
    assert float((vectors * reference).sum(axis=1).min()) >= 0.999
    assert any("OpenVINO is not installed" in message for message in caplog.messages)


def test_convert_damaged_model_is_noticed_and_replaced(cache_dir: Path, tmp_path: Path) -> None:
    folder = minilm.converted_dir(tmp_path)
    folder.mkdir()
    for name in ("manifest.json", "model.xml", "tokenizer.json"):
        (folder / name).symlink_to(minilm.converted_dir(cache_dir) / name)
    assert not minilm.is_converted(tmp_path)
    (folder / "model.bin").write_bytes(b"cut off")
    assert not minilm.is_converted(tmp_path)
    made = tmp_path / "scratch" / "model"
    made.parent.mkdir()
    made.symlink_to(minilm.converted_dir(cache_dir))
    minilm._put_in_place(made, folder)
    assert minilm.is_converted(tmp_path)


def test_verify_weights_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    minilm.verify_weights()
    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(minilm, "source_dir", lambda: tmp_path)
    with pytest.raises(minilm.ModelFileError, match="missing or damaged"):
        minilm.verify_weights()
