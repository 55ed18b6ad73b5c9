"""What an agent is given through the API it answers from, on every surface, from the moment the call has answered."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

SATURDAYS = "We deliver on Saturdays between ten and noon."
SUNDAYS = "We deliver on Sundays, too."


async def data(answer: httpx.Response) -> Any:
    """Return the JSON of an answer that succeeded."""
    assert answer.status_code == 200, answer.text
    return answer.json()


async def new_agent(rest: httpx.AsyncClient) -> str:
    """Make an agent whose model says what it was told and asked."""
    body = {"name": f"agent {uuid.uuid4().hex}", "instructions": "Be kind.", "model": "conversation@Models"}
    return str((await data(await rest.post("/api/public/agent", json=body)))["id"])


async def told(rest: httpx.AsyncClient, agent: str, question: str) -> str:
    """Return what the model of an agent was told with a question."""
    answer = await data(await rest.post(f"/api/public/agent/{agent}/chat", json={"messages": question}))
    assert answer["statusCode"] == 200, answer
    return str(answer["body"]["conversation_history"][-1]["content"])


async def found(rest: httpx.AsyncClient, agent_name: str, question: str) -> list[dict[str, Any]]:
    """Return what the core finds in the knowledge base that has the name of an agent."""
    [dataset] = (await data(await rest.get("/api/v1/datasets", params={"name": agent_name})))["data"]["datasets"]
    body = {"question": question, "dataset_ids": [dataset["id"]], "similarity_threshold": 0}
    chunks: list[dict[str, Any]] = (await data(await rest.post("/api/v1/retrieval", json=body)))["data"]["chunks"]
    return chunks


async def test_agent_answers_from_an_item_until_it_is_another_ones(rest: httpx.AsyncClient) -> None:
    first, second = await new_agent(rest), await new_agent(rest)
    body = {"content": SATURDAYS, "name": "Delivery", "agent_ids": first}
    item = await data(await rest.post("/api/public/knowledge", json=body))
    assert SATURDAYS in await told(rest, first, "When do you deliver?")
    assert SATURDAYS not in await told(rest, second, "When do you deliver?")
    await data(await rest.patch(f"/api/public/knowledge/{item['id']}", json={"content": SUNDAYS, "agent_ids": second}))
    assert "We deliver" not in await told(rest, first, "When do you deliver?")
    assert SUNDAYS in await told(rest, second, "When do you deliver?")
    await data(await rest.delete(f"/api/public/knowledge/{item['id']}"))
    assert "We deliver" not in await told(rest, second, "When do you deliver?")


async def test_item_is_found_by_its_description_and_after_new_content_by_that(rest: httpx.AsyncClient) -> None:
    agent = await new_agent(rest)
    name = (await data(await rest.get(f"/api/public/agent/{agent}")))["name"]
    description = "Opening hours of the warehouse"
    body = {"content": SATURDAYS, "agent_ids": [agent], "description_to_index_on": description}
    item = await data(await rest.post("/api/public/knowledge", json=body))
    [chunk] = await found(rest, name, description)
    assert chunk["content"] == f"{description}\n{SATURDAYS}"
    assert chunk["vector_similarity"] == 1
    await data(await rest.patch(f"/api/public/knowledge/{item['id']}", json={"content": SUNDAYS}))
    [chunk] = await found(rest, name, SUNDAYS)
    assert chunk["vector_similarity"] == 1
    assert description not in chunk["content"]
    [chunk] = await found(rest, name, description)
    assert chunk["vector_similarity"] < 0.9


async def test_item_is_counted_in_the_knowledge_base(rest: httpx.AsyncClient) -> None:
    agent = await new_agent(rest)
    name = (await data(await rest.get(f"/api/public/agent/{agent}")))["name"]
    await data(await rest.post("/api/public/knowledge", json={"content": SATURDAYS, "agent_ids": agent}))
    [dataset] = (await data(await rest.get("/api/v1/datasets", params={"name": name})))["data"]["datasets"]
    documents = (await data(await rest.get(f"/api/v1/datasets/{dataset['id']}/documents")))["data"]["docs"]
    assert [(document["chunk_count"], document["run"]) for document in documents] == [(1, "DONE")]
    assert (dataset["chunk_count"], dataset["document_count"]) == (1, 1)
