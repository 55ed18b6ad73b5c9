"""What a question is after, as its words tell."""

from __future__ import annotations

import pytest

from knowflow_server.domain.chat.intent import ASKS_OVERVIEW, is_about_the_whole


@pytest.mark.parametrize(
    "question",
    [
        "Summarize the document for me",
        "Can you give me a short summary of this PDF, please?",
        "What is the main topic of this document?",
        "What are these documents about?",
        "tl;dr",
        "List the key points in 5 sentences.",
        "请总结一下这篇文档的内容。",
        "この文書を要約してください。",
    ],
)
def test_question_about_everything_is_about_the_whole(question: str) -> None:
    assert is_about_the_whole(question)


@pytest.mark.parametrize(
    "question",
    [
        "Summarize what the document says about tides",
        "What are the main ideas of Kant?",
        "Give me an overview of prices in 1990",
        "请总结潮汐的原因",
    ],
)
def test_overview_of_something_is_not_about_the_whole(question: str) -> None:
    assert ASKS_OVERVIEW.search(question)
    assert not is_about_the_whole(question)


@pytest.mark.parametrize("question", ["", "Why?", "What does it say?", "The document, please", "这是什么?"])
def test_question_that_asks_for_no_overview_is_not_about_the_whole(question: str) -> None:
    assert not is_about_the_whole(question)
