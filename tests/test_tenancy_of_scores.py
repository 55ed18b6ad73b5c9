"""What one organization writes has no say in how another's chunks score."""

from __future__ import annotations

import httpx


async def write(client: httpx.AsyncClient, name: str, texts: list[str]) -> str:
    """Make a dataset with a chunk per text, and return its id."""
    dataset = (await client.post("/api/v1/datasets", json={"name": name})).json()["data"]["id"]
    path = f"/api/v1/datasets/{dataset}/documents"
    document = (await client.post(path, files={"file": ("a.txt", "")})).json()["data"][0]["id"]
    for text in texts:
        await client.post(f"{path}/{document}/chunks", json={"content": text})
    return dataset


async def terms(client: httpx.AsyncClient, dataset: str) -> list[float]:
    """Return the term similarities of a question with two rare words."""
    body = {
        "question": "zebrafish quokkamoon",
        "dataset_ids": [dataset],
        "similarity_threshold": 0,
        "vector_similarity_weight": 0,
    }
    chunks = (await client.post("/api/v1/retrieval", json=body)).json()["data"]["chunks"]
    return sorted(chunk["term_similarity"] for chunk in chunks)


async def test_scores_do_not_tell_which_words_another_organization_uses(
    rest: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    mine = await write(stranger, "probe", ["zebrafish lives here", "quokkamoon lives here"])
    before = await terms(stranger, mine)
    await write(rest, "secret", [f"quokkamoon number {number}" for number in range(10)])
    # A fuzzy search indexes what was written, so that all statistics there could be are there.
    await stranger.post("/api/v1/retrieval", json={"question": "moon", "dataset_ids": [mine], "keyword": True})
    assert await terms(stranger, mine) == before == [0.5, 0.5]
