"""What a model is told fits into what it reads: the question always, then the passages, then the latest turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.chat_pb2 import AssistantPrompt, Variable
from knowflow_server.domain.chat.prompt import TURN_TOKENS, Passage, build, filled
from knowflow_server.domain.ports import ChatMessage
from knowflow_server.errors.core import ContextTooLongError, PromptVariableMissingError
from tests.domain.chat.fake_model import FakeModel

WORDS = st.integers(0, 60).map(lambda count: "word " * count)
TURNS = st.lists(st.tuples(st.sampled_from(["user", "assistant"]), WORDS), max_size=12)
TEXTS = st.sampled_from(["Use {knowledge} only.", "{knowledge}", "No place.", "{knowledge} and {knowledge}", ""])


def turns(*pairs: tuple[str, str]) -> list[ChatMessage]:
    return [ChatMessage(role, content) for role, content in pairs]


@given(
    context=st.integers(1, 400),
    text=TEXTS,
    question=WORDS,
    passages=st.lists(WORDS, max_size=6),
    history=TURNS,
    further=st.sampled_from(["", "Cite.", "See {knowledge}."]),
    max_tokens=st.one_of(st.none(), st.integers(1, 500)),
)
def test_build_fits_or_refuses(
    context: int,
    text: str,
    question: str,
    passages: list[str],
    history: list[tuple[str, str]],
    further: str,
    max_tokens: int | None,
) -> None:
    model = FakeModel(context_tokens=context)
    said = turns(*history)
    try:
        built = build(
            model,
            text,
            question=question,
            passages=[Passage("a.md", words) for words in passages],
            history=said,
            further=further,
            max_tokens=max_tokens,
        )
    except ContextTooLongError:
        assert model.count_tokens(f"{text} {further} {question}") + 2 * TURN_TOKENS > context // 2 - 1
        return
    tokens = sum(model.count_tokens(message.content) + TURN_TOKENS for message in built.messages)
    reserve = max_tokens or min(1024, context // 4)
    assert tokens <= context - min(reserve, context // 2)
    # The question is whole and comes last; what was kept of the history is its end, and begins with a question.
    assert built.messages[-1] == ChatMessage("user", question)
    kept = [message for message in built.messages[:-1] if message.role != "system"]
    assert kept == said[len(said) - len(kept) :]
    assert not kept or kept[0].role == "user"
    told = [message.content for message in built.messages if message.role == "system"]
    assert sum(f"[ID:{number}]" in "".join(told) for number in range(6)) == built.passages <= len(passages)


def test_build_gives_all_that_fits_in_order() -> None:
    built = build(
        FakeModel(),
        "Know: {knowledge} End.",
        question="And?",
        passages=[Passage("a.md", "Alpha."), Passage("b.md", "Beta.")],
        history=turns(("user", "Why?"), ("assistant", "So.")),
        further="Cite.",
    )
    assert built.passages == 2
    assert built.messages == turns(
        ("system", "Know: [ID:0] a.md\nAlpha.\n\n[ID:1] b.md\nBeta. End.\n\nCite."),
        ("user", "Why?"),
        ("assistant", "So."),
        ("user", "And?"),
    )


def test_build_drops_the_oldest_turns_first() -> None:
    history = turns(*[(role, f"{role}{n} " * 10) for n in range(20) for role in ("user", "assistant")])
    built = build(FakeModel(context_tokens=200), "", question="And?", history=history)
    kept = built.messages[:-1]
    assert 2 <= len(kept) < len(history)
    assert list(kept) == history[-len(kept) :]


def test_build_prefers_passages_to_turns() -> None:
    model = FakeModel(context_tokens=100)
    passages = [Passage("a.md", "word " * 40)]
    built = build(model, "{knowledge}", question="And?", passages=passages, history=turns(("user", "word " * 40)))
    assert (built.passages, len(built.messages)) == (1, 2)


def test_build_cuts_the_best_passage_and_drops_the_others() -> None:
    passages = [Passage("a.md", "word " * 500), Passage("b.md", "short")]
    built = build(FakeModel(context_tokens=100), "{knowledge}", question="And?", passages=passages)
    assert built.passages == 1
    assert built.messages[0].content.startswith("[ID:0] a.md\nword word")


def test_build_passages_replace_the_place_in_the_prompt_alone() -> None:
    passages = [Passage("a.md", "Alpha {knowledge}.")]
    built = build(FakeModel(), "Use {knowledge}, {knowledge}.", question="?", passages=passages, further="{knowledge}")
    assert built.messages[0].content == "Use [ID:0] a.md\nAlpha {knowledge}., .\n\n{knowledge}"


def prompt(text: str, **variables: bool) -> AssistantPrompt:
    return AssistantPrompt(
        prompt=text, variables=[Variable(key=key, optional=value) for key, value in variables.items()]
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "Ada", "tone": "kind"}, "{knowledge} Ada kind {other}"),
        ({"name": "Ada"}, "{knowledge} Ada  {other}"),
        ({"name": "{tone}", "tone": "{name}"}, "{knowledge} {tone} {name} {other}"),
        ({"name": "", "other": "x"}, "{knowledge}   {other}"),
        ({"name": "\\1 \\g<0>"}, "{knowledge} \\1 \\g<0>  {other}"),
    ],
)
def test_filled_replaces_declared_variables_but_the_knowledge(values: dict[str, str], expected: str) -> None:
    made = prompt("{knowledge} {name} {tone} {other}", knowledge=False, name=False, tone=True)
    assert expected == filled(made, values)


def test_filled_without_a_required_variable_is_refused() -> None:
    with pytest.raises(PromptVariableMissingError, match="Miss parameter: name"):
        filled(prompt("{name}", name=False), {"tone": "kind"})
