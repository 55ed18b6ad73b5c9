"""What the model is told: the conversation as far as it fits, the passages, the variables."""

from __future__ import annotations

import httpx
import pytest

from tests.chat.conftest import SMALL_WINDOW
from tests.chat.talk import ask, delete, filled_dataset, message_rows, messages, new_chat, new_session, said
from tests.reliability.store import eventually
from tests.serving import Server
from tests.standins.openai_chat import ChatStandIn, Messages, answers, refuses

PUMP = "The pump needs oil every six months."
TIDES = "The moon pulls the sea and makes the tides."


def turns(provider: ChatStandIn, number: int = -1) -> list[tuple[str, str]]:
    """Return who says what in a request, without what the model is told."""
    sent = [(message["role"], message["content"]) for message in provider.requests[number].messages]
    return [turn for turn in sent if turn[0] != "system"]


async def test_second_question_brings_the_first_turn_without_its_marks(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    dataset = await filled_dataset(rest, PUMP)
    chat = await new_chat(rest, dataset_ids=[dataset], prompt={"refine_multiturn": False})
    provider.default = answers(PUMP)
    first = await ask(rest, chat, "How often does the pump need oil?")
    assert first["answer"] == f"{PUMP} [ID:0]"
    await ask(rest, chat, "And the pump's oil?", session_id=first["session_id"])
    assert turns(provider) == [
        ("user", "How often does the pump need oil?"),
        ("assistant", PUMP),
        ("user", "And the pump's oil?"),
    ]
    assert len(provider.requests) == 2


async def test_first_question_of_a_session_is_not_rewritten_despite_the_opener(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    dataset = await filled_dataset(rest, PUMP)
    chat = await new_chat(rest, dataset_ids=[dataset])
    session = await new_session(rest, chat)
    await ask(rest, chat, "How often does the pump need oil?", session_id=session)
    assert turns(provider) == [("user", "How often does the pump need oil?")]
    assert len(provider.requests) == 1


async def test_follow_up_is_searched_for_in_its_self_contained_form(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    dataset = await filled_dataset(rest, PUMP, TIDES)
    chat = await new_chat(rest, dataset_ids=[dataset], prompt={"top_n": 1})
    first = await ask(rest, chat, "How often does the pump need oil?")

    def reply(sent: Messages) -> str:
        return "What makes the tides of the sea?" if "Write the question anew" in sent[0]["content"] else "The moon."

    provider.default = answers(reply)
    second = await ask(rest, chat, "And what makes those?", session_id=first["session_id"])
    assert second["search_question"] == "What makes the tides of the sea?"
    assert [chunk["content"] for chunk in second["reference"]["chunks"]] == [TIDES]
    # The model answers the question as it was asked.
    assert turns(provider)[-1] == ("user", "And what makes those?")
    assert [content for _, content in await said(rest, chat, first["session_id"])][2:] == [
        "And what makes those?",
        second["answer"],
    ]


async def test_failing_rewriter_fails_the_question_and_keeps_nothing(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    dataset = await filled_dataset(rest, PUMP)
    chat = await new_chat(rest, dataset_ids=[dataset])
    first = await ask(rest, chat, "How often does the pump need oil?")
    provider.replies.append(refuses(500))
    body = {"question": "And why?", "session_id": first["session_id"], "stream": True}
    answer = await rest.post(f"/api/v1/chats/{chat}/completions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, 500)
    assert len(await said(rest, chat, first["session_id"])) == 2


async def test_oldest_turns_are_dropped_first_when_the_window_is_small(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest, "any@Small")
    session = await new_session(rest, chat)
    for number in range(8):
        provider.default = answers(f"Answer {number}: " + "word " * 40)
        await ask(rest, chat, f"Question {number}?", session_id=session)
    sent = turns(provider)
    assert sent[-1] == ("user", "Question 7?")
    assert 3 <= len(sent) < 15
    # What is left is the end of the conversation, in order and from a question on.
    assert sent == (await said(rest, chat, session))[-len(sent) - 1 : -1]
    assert sent[0][0] == "user"
    assert len(await said(rest, chat, session)) == 16


async def test_question_that_does_not_fit_is_refused_and_no_provider_asked(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest, "any@Small")
    answer = await rest.post(f"/api/v1/chats/{chat}/completions", json={"question": "word " * SMALL_WINDOW})
    assert (answer.status_code, answer.json()["code"]) == (400, 102)
    assert answer.json()["message"].startswith("The question and the prompt are longer than the model any@Small reads")
    assert provider.requests == []


@pytest.mark.parametrize("length", [5_000, 100_000])
async def test_long_question_is_answered_whole(rest: httpx.AsyncClient, provider: ChatStandIn, length: int) -> None:
    dataset = await filled_dataset(rest, PUMP)
    chat = await new_chat(rest, "any@Large", dataset_ids=[dataset])
    question = ("How often does the pump need oil? " * 3_000)[: length - 1] + "?"
    answer = await ask(rest, chat, question)
    assert answer["reference"]["total"] == 1
    assert turns(provider) == [("user", question)]
    assert (await said(rest, chat, answer["session_id"]))[0] == ("user", question)


async def test_question_of_100_001_characters_is_refused(rest: httpx.AsyncClient, provider: ChatStandIn) -> None:
    chat = await new_chat(rest, "any@Large")
    answer = await rest.post(f"/api/v1/chats/{chat}/completions", json={"question": "é" * 100_001})
    assert answer.status_code == 400
    assert answer.json() == {"code": 102, "message": "`question` should have at most 100000 characters"}
    assert provider.requests == []


async def test_prompt_without_knowledge_searches_nothing(rest: httpx.AsyncClient, provider: ChatStandIn) -> None:
    dataset = await filled_dataset(rest, PUMP)
    variables = [{"key": "tone", "optional": True}]
    prompt = {"prompt": "Be {tone}.", "variables": variables}
    chat = await new_chat(rest, dataset_ids=[dataset], prompt=prompt)
    answer = await ask(rest, chat, "How often does the pump need oil?", tone="kind")
    assert (answer["reference"]["total"], answer["search_question"]) == (0, "")
    assert [message["content"] for message in provider.requests[-1].messages][0] == "Be kind."


async def test_prompt_that_leaves_the_passages_out_refers_to_none(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    dataset = await filled_dataset(rest, PUMP)
    prompt = {"prompt": "Be brief.", "variables": [{"key": "knowledge", "optional": True}]}
    chat = await new_chat(rest, dataset_ids=[dataset], prompt=prompt)
    provider.default = answers(PUMP)
    answer = await ask(rest, chat, "How often does the pump need oil?")
    assert (answer["answer"], answer["reference"]["total"]) == (PUMP, 0)
    assert [message["content"] for message in provider.requests[-1].messages][0] == "Be brief."


async def test_options_of_the_assistant_and_of_the_caller_reach_the_provider(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    llm = {"temperature": 0.5, "top_p": 0.6, "presence_penalty": 0.7, "frequency_penalty": 0.8, "max_tokens": 9}
    chat = await new_chat(rest, "writer@StandIn", llm=llm)
    await ask(rest, chat, "Why?")
    sent = provider.requests[-1]
    assert {"model": "writer", **llm}.items() <= sent.body.items()
    assert sent.has_key
    body = {"model": "m", "messages": [{"role": "user", "content": "Why?"}], "temperature": 0, "stop": ["x"]}
    await rest.post(f"/api/v1/chats_openai/{chat}/chat/completions", json={**body, "max_completion_tokens": 3})
    expected = {**llm, "model": "writer", "temperature": 0, "max_tokens": 3, "stop": ["x"]}
    assert expected.items() <= provider.requests[-1].body.items()


async def test_references_stay_with_their_messages_when_the_dataset_is_gone(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    dataset = await filled_dataset(rest, PUMP)
    chat = await new_chat(rest, dataset_ids=[dataset])
    answer = await ask(rest, chat, "How often does the pump need oil?")
    await delete(rest, "datasets", dataset)
    [_, kept] = await messages(rest, chat, answer["session_id"])
    assert kept["reference"] == answer["reference"]["chunks"]
    assert [chunk["content"] for chunk in kept["reference"]] == [PUMP]


async def test_changed_assistant_answers_old_sessions_with_its_new_settings(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest, prompt={"prompt": "Old. {knowledge}"})
    answer = await ask(rest, chat, "Why?")
    change = {"prompt": {"prompt": "New.", "variables": [{"key": "knowledge", "optional": True}]}}
    await rest.put(f"/api/v1/chats/{chat}", json=change)
    await ask(rest, chat, "And?", session_id=answer["session_id"])
    assert provider.requests[-1].messages[0] == {"role": "system", "content": "New."}


async def test_deleted_session_leaves_no_message_on_the_disk(
    chat_server: Server, rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    chat = await new_chat(rest)
    answer = await ask(rest, chat, "Why?")
    other = await ask(rest, chat, "Why?")
    assert message_rows(chat_server, answer["session_id"]) == 2
    await delete(rest, f"chats/{chat}/sessions", answer["session_id"])
    await eventually(lambda: message_rows(chat_server, answer["session_id"]) == 0)
    assert message_rows(chat_server, other["session_id"]) == 2
    await delete(rest, "chats", chat)
    await eventually(lambda: message_rows(chat_server, other["session_id"]) == 0)
