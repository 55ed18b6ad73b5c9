"""Follow-up questions made self-contained, and questions to go on with."""

from __future__ import annotations

import pytest

from knowflow_server.domain.chat.followup import related_by_model, related_by_words, self_contained
from knowflow_server.domain.ports import ChatMessage
from tests.domain.chat.fake_model import FakeModel

HISTORY = [
    ChatMessage("user", "How often does the pump need oil?"),
    ChatMessage("assistant", "Every six months."),
]


async def test_first_question_stays_and_nobody_is_asked() -> None:
    model = FakeModel("Something else?")
    assert await self_contained(model, "And why?", []) == "And why?"
    assert await self_contained(model, "And why?", [ChatMessage("assistant", "Hello!")]) == "And why?"
    assert model.asked == []


async def test_follow_up_is_written_anew_with_the_conversation_at_hand() -> None:
    model = FakeModel(" Why does the pump need oil? \n")
    assert await self_contained(model, "And why?", HISTORY) == "Why does the pump need oil?"
    [[told, asked]] = model.asked
    assert (told.role, asked.role) == ("system", "user")
    for part in (HISTORY[0].content, HISTORY[1].content, "And why?"):
        assert part in asked.content


@pytest.mark.parametrize("written", ["", "   ", "word " * 500])
async def test_rewriting_that_went_wrong_leaves_the_question(written: str) -> None:
    assert await self_contained(FakeModel(written), "And why?", HISTORY) == "And why?"


async def test_model_that_follows_no_instructions_is_not_asked() -> None:
    model = FakeModel(follows_instructions=False)
    assert await self_contained(model, "And why?", HISTORY) == "How often does the pump need oil? And why?"
    assert model.asked == []


async def test_long_question_before_does_not_push_this_one_out_of_the_search() -> None:
    before = [ChatMessage("user", "pump " * 10_000)]
    asked = await self_contained(FakeModel(follows_instructions=False), "And why?", before)
    assert asked.endswith(" And why?")
    assert len(asked) < 3_000


async def test_long_conversation_is_cut_to_its_end() -> None:
    model = FakeModel("Why?", context_tokens=100)
    history = [ChatMessage("user", f"turn{number} " * 40) for number in range(6)]
    await self_contained(model, "And why?", history)
    [[_, asked]] = model.asked
    assert model.count_tokens(asked.content) < 80
    assert "turn5" in asked.content
    assert "turn0" not in asked.content


async def test_related_questions_of_a_model_are_cleaned() -> None:
    lines = ["Here are some questions:", "1. What is oil?", "- What is oil?", '"Why six months?"', "2) And why?", ""]
    model = FakeModel("\n".join(lines + [f"* Number {number}?" for number in range(20)]))
    found = await related_by_model(model, "And why?", ["A passage.", "Another one."])
    assert found[:3] == ["What is oil?", "Why six months?", "Number 0?"]
    assert len(found) == 10
    assert "Another one." in model.asked[0][1].content


def test_related_questions_of_words_begin_with_known_ones() -> None:
    passages = ["Gradient descent trains neural networks.", "Gradient descent is slow."]
    found = related_by_words(
        "What is slow?", passages, ["What is a network?", "what is slow?", "", "What is a network?"]
    )
    assert found[0] == "What is a network?"
    assert found[1] == "What does the knowledge base say about Gradient descent trains?" or "Gradient" in found[1]
    assert len(found) == len(set(found)) <= 10
    assert not any("slow" in question for question in found[1:])


def test_related_questions_of_nothing_are_none() -> None:
    assert related_by_words("Why?", [], []) == []
