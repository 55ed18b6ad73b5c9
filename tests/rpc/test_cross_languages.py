"""Questions in other languages, over a real server with a provider that translates."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.providers.openai_stand_in import KEY
from tests.rpc.calls import data_of
from tests.serving import Server
from tests.standins.openai_chat import ChatStandIn, Messages, answers


def translated(messages: Messages) -> str:
    assert "Language: English" in messages[0]["content"]
    return {"Wann blüht der Kirschbaum?": "When does the cherry tree blossom?"}[messages[-1]["content"]]


async def test_question_finds_what_is_written_in_another_language(own_server: Callable[..., Server]) -> None:
    with ChatStandIn() as provider:
        provider.default = answers(translated)
        providers = {"Words": {"base_url": provider.url, "api_key": KEY, "models": ["m"]}}
        server = own_server(settings={"PROVIDERS": json.dumps(providers), "DEFAULT_CHAT_MODEL": "m@Words"})
        async with server.rest() as rest:
            dataset = data_of(await rest.post("/api/v1/datasets", json={"name": "Trees"}))["id"]
            files = {"file": ("trees.txt", b"")}
            [document] = data_of(await rest.post(f"/api/v1/datasets/{dataset}/documents", files=files))
            chunks = f"/api/v1/datasets/{dataset}/documents/{document['id']}/chunks"
            for text in ("The cherry tree blossoms in April.", "Oaks keep their leaves long into winter."):
                data_of(await rest.post(chunks, json={"content": text}))
            asked = {"question": "Wann blüht der Kirschbaum?", "dataset_ids": [dataset], "explain": True}
            plain = data_of(await rest.post("/api/v1/retrieval", json=asked))
            there = data_of(await rest.post("/api/v1/retrieval", json={**asked, "cross_languages": ["English"]}))
            assert "The cherry tree blossoms in April." == there["chunks"][0]["content"]
            assert "When does the cherry tree blossom?" == there["chunks"][0]["explanation"]["wording"]
            best = max((chunk["similarity"] for chunk in plain["chunks"]), default=0.0)
            assert there["chunks"][0]["similarity"] > best
            data_of(await rest.post("/api/v1/retrieval", json={**asked, "cross_languages": ["English"], "page": 2}))
            # The translation is remembered, so that pages fit together.
            assert 1 == len(provider.requests)
