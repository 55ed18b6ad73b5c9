"""The embedded rerank model, where its package is installed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.embedded_reranker import EmbeddedReranker
from knowflow_server.workers.cross_encoder import SHA256, ModelFilesError, verified

pytestmark = pytest.mark.skipif(not EmbeddedReranker.is_installed(), reason="the extra `rerank` is not installed")
QUESTION = "What makes dough rise?"
ANSWER, OTHER = "Yeast makes the dough of bread rise.", "The moon pulls the sea and makes the tides."


@pytest_asyncio.fixture
async def reranker() -> AsyncIterator[EmbeddedReranker]:
    reranker = EmbeddedReranker(threads=1)
    yield reranker
    await reranker.close()


async def test_rerank_answer_scores_high_and_others_low(reranker: EmbeddedReranker) -> None:
    scores = await reranker.rerank(QUESTION, [OTHER, ANSWER])
    assert scores[0] < 0.01
    assert scores[1] > 0.9


async def test_rerank_passage_scores_the_same_in_any_company(reranker: EmbeddedReranker) -> None:
    alone = await reranker.rerank(QUESTION, [ANSWER])
    many = await reranker.rerank(QUESTION, [OTHER] * 20 + [ANSWER])
    assert alone[0] == many[20]
    assert (await reranker.rerank(QUESTION, [])).shape == (0,)


async def test_rerank_long_texts_are_read_as_far_as_they_fit(reranker: EmbeddedReranker) -> None:
    scores = await reranker.rerank("dough " * 3000, [ANSWER + " salt" * 3000, ""])
    assert ((scores >= 0) & (scores <= 1)).all()


async def test_rerank_caller_who_leaves_does_not_end_the_process(reranker: EmbeddedReranker) -> None:
    await reranker.rerank(QUESTION, [ANSWER])
    worker = reranker.worker
    leaving = asyncio.create_task(reranker.rerank(QUESTION, [ANSWER] * 40))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await reranker.rerank(QUESTION, [OTHER])
    assert reranker.worker is worker


async def test_rerank_after_close_is_a_clear_error(reranker: EmbeddedReranker) -> None:
    await reranker.close()
    with pytest.raises(ProviderError, match="not available at the moment"):
        await reranker.rerank(QUESTION, [ANSWER])


def test_verified_other_files_are_refused(tmp_path: Path) -> None:
    for name in SHA256:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(ModelFilesError, match="another one"):
        verified(tmp_path)
