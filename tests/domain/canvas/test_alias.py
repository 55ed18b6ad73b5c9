"""Graphs of version 0.19 and before run with the components of today."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from knowflow_server.domain.canvas.document import load
from knowflow_server.domain.ports import ChatMessage
from tests.domain.canvas.harness import Conversation, Model, graph, node, started


def _told(messages: Sequence[ChatMessage]) -> str:
    return "|".join(f"{message.role}={message.content}" for message in messages)


async def test_graph_of_answer_and_generate_talks_turn_by_turn() -> None:
    dsl = graph(
        begin=node("Begin", "answer:0", prologue="Hi!"),
        answer__0=node("Answer", "generate:0"),
        generate__0=node("Generate", "answer:0", prompt="Be kind.", llm_id="", cite=True, temperature=0.1),
    )
    conversation = Conversation(dsl, {"default": Model("one two")})
    events = await conversation.turn("First?")
    assert conversation.answer == "one two"
    assert started(events) == ["begin", "answer:0", "generate:0", "answer:0"]
    assert events[-1].event == "workflow_finished"
    events = await conversation.turn("Second?")
    assert started(events) == ["answer:0", "generate:0", "answer:0"]
    assert conversation.answer == "one two"
    (asked,) = conversation.models["default"].asked[1:]
    assert [m.content for m in asked] == ["Be kind.", "First?", "one two", "Second?"]


async def test_answer_says_what_is_generated_while_it_is_made() -> None:
    dsl = graph(
        begin=node("Begin", "answer:0"),
        answer__0=node("Answer", "generate:0"),
        generate__0=node("Generate", "answer:0", prompt="Be kind."),
    )
    model = Model("one two")
    model.gates = {1: asyncio.Event()}
    conversation = Conversation(dsl, {"default": model})
    async for event in conversation.begin().events():
        if event.data.get("content") == "one ":
            model.gates[1].set()
    assert conversation.answer == "one two"


async def test_whole_old_graph_routes_rewrites_and_answers() -> None:
    categories = {
        "greeting": {"description": "Says hello.", "examples": "Hello\nHi", "to": "message:0"},
        "question": {"description": "Asks.", "to": "rewrite:0"},
    }
    dsl = graph(
        begin=node("Begin", "answer:0", query=[{"key": "lang", "name": "Language", "type": "line", "optional": True}]),
        answer__0=node("Answer", "categorize:0"),
        categorize__0=node("Categorize", "message:0", "rewrite:0", category_description=categories, llm_id="sorts"),
        message__0=node("Message", "answer:0", messages=["Hello yourself."]),
        rewrite__0=node("RewriteQuestion", "keyword:0", "template:0"),
        keyword__0=node("KeywordExtract", "template:0", top_n=2, query=[{"component_id": "rewrite:0"}]),
        template__0=node("Template", "switch:0", content="{rewrite:0} / {keyword:0} / {begin@lang}"),
        switch__0=node(
            "Switch",
            conditions=[
                {
                    "logical_operator": "or",
                    "items": [{"cpn_id": "template:0", "operator": "contains", "value": "key"}],
                    "to": "concentrator:0",
                }
            ],
            end_cpn_id="message:0",
        ),
        concentrator__0=node("Concentrator", "relevant:0"),
        relevant__0=node("Relevant", yes="generate:0", no="message:0", llm_id="agrees"),
        generate__0=node("Generate", "answer:0", prompt="Use {input} and {template:0}.", llm_id="tells"),
    )
    # Relevant says by its parameters where it goes, but older editors wrote it downstream, too.
    dsl["components"]["relevant:0"]["downstream"] = ["generate:0", "message:0"]
    models = {
        "sorts": Model(lambda messages: "question" if "what" in messages[-1].content else "greeting"),
        "default": Model(lambda messages: "keys" if "key terms" in messages[0].content else "rewritten"),
        "agrees": Model("yes"),
        "tells": Model(_told),
    }
    conversation = Conversation(dsl, models)
    await conversation.turn("hi", {"lang": "en"})
    assert conversation.answer == "Hello yourself."
    events = await conversation.turn("what is it")
    assert started(events)[-1] == "answer:0"
    assert started(events).count("template:0") == 1
    assert "rewritten / keys / en" in conversation.answer
    assert conversation.answer.endswith("|user=what is it")


async def test_old_interview_goes_on_at_the_answer_where_it_stopped() -> None:
    dsl = graph(
        begin=node("Begin", "answer:0"),
        answer__0=node("Answer", "generate:0"),
        generate__0=node("Generate", "answer:1", prompt="A"),
        answer__1=node("Answer", "generate:1"),
        generate__1=node("Generate", "answer:0", prompt="B"),
    )
    conversation = Conversation(dsl, {"default": Model(lambda messages: messages[0].content)})
    answers = []
    for question in ("one", "two", "three"):
        await conversation.turn(question)
        answers.append(conversation.answer)
    assert answers == ["A", "B", "A"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ([{"component_id": "generate:0", "type": "reference"}], "generate:0@content"),
        ([{"component_id": "answer:0", "type": "reference"}], "sys.query"),
        ([{"component_id": "begin@lang"}], "begin@lang"),
        (None, "generate:0@content"),
        ("sys.query", "sys.query"),
    ],
)
def test_query_of_an_old_retrieval(query: Any, expected: str) -> None:
    dsl = graph(
        begin=node("Begin", "answer:0", query=[{"key": "lang"}]),
        answer__0=node("Answer", "generate:0"),
        generate__0=node("Generate", "retrieval:0", prompt="x"),
        retrieval__0=node("Retrieval", kb_ids=["a"], query=query),
    )
    assert load(dsl).nodes["retrieval:0"].params.query == expected
