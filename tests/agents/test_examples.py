"""The shapes that agents usually have, as `examples/*.json` has them, on a real server."""

from __future__ import annotations

import json

import pytest

from tests.agents.conftest import VACATION
from tests.agents.office import Office
from tests.standins.openai_chat import Messages, answers, refuses

pytestmark = pytest.mark.usefixtures("handbook")


def _told(messages: Messages) -> str:
    return "\n".join(str(message["content"]) for message in messages if message["role"] == "system")


async def test_retrieval_qa_answers_from_the_passages_and_cites_them(office: Office) -> None:
    office.provider.default = answers(lambda messages: "Thirty days. [ID:0]" if VACATION in _told(messages) else "?")
    agent = await office.example("retrieval_qa")
    data = await office.ask(agent, "How many days of vacation are there?")
    assert data["answer"] == "Thirty days. [ID:0]"
    assert data["reference"]["chunks"][0]["content"] == VACATION
    (session,) = await office.sessions(agent)
    assert session["messages"][0]["content"] == "Hi! Ask me about the handbook."
    assert session["messages"][2]["reference"][0]["content"] == VACATION


@pytest.mark.parametrize(
    ("says", "answer", "component"),
    [
        ("billing", "from the billing department", "LLM:Billing"),
        ("It is Technical.", "from the technical desk", "LLM:Technical"),
        ("no idea", "Sorry, that is not for this desk.", "Message:Sorry"),
    ],
)
async def test_categorize_and_route_takes_one_way(office: Office, says: str, answer: str, component: str) -> None:
    def reply(messages: Messages) -> str:
        told = _told(messages)
        if "categories" in told:
            return says
        return "from the billing department" if "billing department" in told else "from the technical desk"

    office.provider.default = answers(reply)
    agent = await office.example("categorize_and_route")
    data = await office.ask(agent, "Where is my invoice?")
    assert data["answer"] == answer
    steps = await office.steps(agent, data["session_id"])
    assert component in steps
    assert len(steps) == (3 if component == "Message:Sorry" else 4)


async def test_iteration_works_on_each_item(office: Office) -> None:
    office.provider.default = answers(lambda messages: f"<{messages[-1]['content']}>{_told(messages)[-8:]}")
    agent = await office.example("iteration")
    data = await office.ask(agent, "one;two\nthree", inputs={"language": "German"})
    assert data["answer"] == "1. <one> German.\n2. <two> German.\n3. <three> German.\n"
    steps = await office.steps(agent, data["session_id"])
    assert steps.count("LLM:Translator") == 3


async def test_deep_research_asks_its_researcher_who_searches(office: Office) -> None:
    def reply(messages: Messages) -> str:
        told, last = _told(messages), str(messages[-1]["content"])
        is_lead = "You lead" in told
        if "Answer the user now" in last:
            found = any(VACATION in str(message["content"]) for message in messages)
            return ("The report: thirty days." if is_lead else VACATION) if found else "Nothing."
        if "returned:" in last:
            return '[{"name": "complete_task", "arguments": {}}]'
        if is_lead:
            return json.dumps([{"name": "researcher", "arguments": {"user_prompt": "Find the days of vacation."}}])
        return json.dumps([{"name": "search_handbook", "arguments": {"query": "days of vacation"}}])

    office.provider.default = answers(reply)
    agent = await office.example("deep_research")
    data = await office.ask(agent, "How much vacation do we have?")
    assert data["answer"] == "# Report\n\nThe report: thirty days."
    assert data["reference"]["chunks"][0]["content"] == VACATION
    (run,) = await office.runs(agent, data["session_id"])
    (lead,) = [step for step in run["steps"] if step["component_id"] == "Agent:Lead"]
    (use,) = lead["outputs"]["use_tools"]
    assert (use["name"], use["results"]) == ("researcher", VACATION)
    # All six questions to the model count.
    assert lead["completion_tokens"] == run["completion_tokens"] > 6


async def test_customer_support_asks_for_the_order_and_goes_on_with_it(office: Office) -> None:
    office.provider.default = answers(
        lambda messages: "order" if "categories" in _told(messages) else f"Answer: {_told(messages)}"
    )
    agent = await office.example("customer_support")
    first = await office.ask(agent, "Where is my parcel?")
    assert first["answer"] == "Please tell me about your order."
    assert [item["component_id"] for item in first["awaited"]] == ["UserFillUp:Order"]
    inputs = {"number": {"value": "A-17"}, "email": {"value": "a@b.example"}}
    second = await office.ask(agent, session_id=first["session_id"], inputs=inputs)
    assert second["answer"] == "Answer: You are a clerk. The order is A-17."
    again = await office.ask(agent, "And the other one?", session_id=first["session_id"])
    unknown = await office.ask(agent, session_id=again["session_id"], inputs={"number": {"value": "B-1"}})
    assert unknown["answer"] == "There is no order B-1."


async def test_customer_support_says_so_when_the_model_is_down(office: Office) -> None:
    office.provider.default = answers("order")
    agent = await office.example("customer_support")
    first = await office.ask(agent, "Where is my parcel?")
    office.provider.default = refuses(500)
    inputs = {"number": "A-17", "email": "a@b.example"}
    data = await office.ask(agent, session_id=first["session_id"], inputs=inputs)
    assert data["answer"] == "Our clerk is not there."


async def test_graph_0_19_talks_about_the_handbook(office: Office) -> None:
    def reply(messages: Messages) -> str:
        told = _told(messages)
        if "Rewrite" in told:
            return "days of vacation"
        if "categories" in told:
            return "yes" if VACATION in str(messages[-1]["content"]) else "no"
        return f"Thirty, {messages[-1]['content']}" if VACATION in told else "?"

    office.provider.default = answers(reply)
    agent = await office.example("graph_0_19")
    first = await office.ask(agent, "How many days?")
    assert first["answer"] == "Thirty, How many days?"
    second = await office.ask(agent, "Really?", session_id=first["session_id"])
    assert second["answer"] == "Thirty, Really?"
    assert len((await office.sessions(agent))[0]["messages"]) == 5
