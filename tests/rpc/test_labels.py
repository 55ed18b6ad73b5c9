"""What a parser configuration adds to chunks beside their text: keywords, questions, headings, the name, tags."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import grpc
import httpx
import pytest

from tests.providers.openai_stand_in import KEY
from tests.rpc.calls import chunks_of, data_of, document_of, ended, new_dataset, parsed, upload
from tests.serving import OTHER_KEY, Server
from tests.standins.openai_chat import ChatStandIn, answers, refuses

LIGHTS = (
    "# Lights\n\nThe lighthouse of Cordouan was built in 1611. The keeper of the lighthouse cleans the Fresnel lens at "
    "dawn. A Fresnel lens is a thin lens with rings.\n\n"
)
BREAD = "# Bread\n\nSourdough is a bread raised by wild yeast. The wild yeast makes gas.\n"
TAGS = (
    "description,tags\n"
    '"Ships, harbours and the navigation of the sea","seafaring"\n'
    '"Baking bread and cakes in an oven","baking"\n'
    '"Money, banks and loans","finance"\n'
)


async def ask(rest: httpx.AsyncClient, dataset: str, question: str, **options: Any) -> list[dict[str, Any]]:
    body = {"question": question, "dataset_ids": [dataset], "similarity_threshold": 0, **options}
    return list(data_of(await rest.post("/api/v1/retrieval", json=body))["chunks"])


async def made(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, text: str, *, name: str = "a.md", **fields: Any
) -> tuple[str, str]:
    """Return a dataset and a parsed document of it."""
    dataset = await new_dataset(rest, **fields)
    document = await upload(rest, dataset, name, text)
    last = await parsed(rest, channel, dataset, document)
    assert last.status == "1", last.progress_msg
    return dataset, document


@pytest.mark.parametrize("tiers", [{}, {"parent_child": {"use_parent_child": True, "child_token_num": 20}}])
async def test_auto_keywords_and_questions_are_shown_and_found(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, tiers: dict[str, Any]
) -> None:
    config = {"auto_keywords": 3, "auto_questions": 2, **tiers}
    dataset, document = await made(rest, channel, LIGHTS + BREAD, chunk_method="manual", parser_config=config)
    chunks = await chunks_of(rest, dataset, document)
    assert "Fresnel lens" in chunks[0]["important_keywords"]
    assert "When was the lighthouse of Cordouan built?" in chunks[0]["questions"]
    assert all(len(chunk["important_keywords"]) == 3 and len(chunk["questions"]) == 2 for chunk in chunks)
    # "built" stands in the text, "when" in the question alone; a question of stop words searches for them.
    [first, *_] = await ask(rest, dataset, "when", vector_similarity_weight=0, similarity_threshold=0.01)
    assert first["id"] == chunks[0]["id"]
    assert first["questions"] == chunks[0]["questions"]


async def test_words_of_headings_still_find_a_chunk_whose_text_was_edited(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    text = "# Walruses\n\n## Food\n\nThey eat clams.\n\n" + "They dive for mussels. " * 40
    config = {"parent_child": {"use_parent_child": True, "child_token_num": 40}}
    for method, options in (("book", {"chunk_token_num": 60}), ("smart", config)):
        dataset, document = await made(rest, channel, text, chunk_method=method, parser_config=options)
        chunk = (await chunks_of(rest, dataset, document))[-1]
        assert chunk["headings"][:1] == ["Walruses"]
        path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks/{chunk['id']}"
        data_of(await rest.put(path, json={"content": "Nothing but sea snails."}))
        found = await ask(rest, dataset, "walruses snails", vector_similarity_weight=0)
        assert found[0]["id"] == chunk["id"]
        assert {"walrus", "snail"} <= set(found[0]["content_ltks"].split())
        data_of(await rest.put(path, json={"important_keywords": ["gastropod"]}))
        found = await ask(rest, dataset, "walruses gastropod", vector_similarity_weight=0)
        assert {"walrus", "gastropod"} <= set(found[0]["content_ltks"].split())


async def test_filename_embd_weight_brings_chunks_nearer_to_the_name_of_their_document(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    similarities = []
    for weight in (0, 0.3, 1):
        config = {"filename_embd_weight": weight}
        name = "walrus_biology.txt"
        dataset, document = await made(rest, channel, "They eat clams.", name=name, parser_config=config)
        [found] = await ask(rest, dataset, "walrus biology", vector_similarity_weight=1)
        similarities.append(found["vector_similarity"])
        path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
        body = {"content": "They eat clams."}
        twin = data_of(await rest.post(path, json=body))["chunk"]["id"]
        data_of(await rest.put(f"{path}/{twin}", json={"content": "They eat mussels."}))
        data_of(await rest.put(f"{path}/{twin}", json=body))
        found = await ask(rest, dataset, "walrus biology", vector_similarity_weight=1)
        assert [round(chunk["vector_similarity"], 5) for chunk in found] == [round(similarities[-1], 5)] * 2
    assert similarities[0] < similarities[1] < similarities[2]
    assert similarities[2] == pytest.approx(1, abs=1e-4)


async def test_filename_embd_weight_that_changes_makes_new_vectors(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel, "They eat clams.", name="walrus.txt")
    [before] = await ask(rest, dataset, "walrus", vector_similarity_weight=1)
    path = f"/api/v1/datasets/{dataset}/documents/{document}"
    data_of(await rest.put(path, json={"parser_config": {"filename_embd_weight": 0.5}}))
    assert (await parsed(rest, channel, dataset, document)).status == "1"
    [after] = await ask(rest, dataset, "walrus", vector_similarity_weight=1)
    assert after["vector_similarity"] > before["vector_similarity"] + 0.1


async def tag_dataset(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> str:
    dataset, document = await made(rest, channel, TAGS, name="tags.csv", chunk_method="tag")
    chunks = await chunks_of(rest, dataset, document)
    assert [chunk["tag_kwd"] for chunk in chunks] == [["seafaring"], ["baking"], ["finance"]]
    return dataset


async def test_tags_label_chunks_and_questions_and_change_the_order(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    tags = await tag_dataset(rest, channel)
    texts = {
        "loan": "The bank gives a loan of money to a farmer.",
        "ship": "The captain steers his ship into the harbour.",
    }
    question = "On which bank do sailors run aground?"
    orders = []
    for config in ({}, {"tag_kb_ids": [tags], "topn_tags": 2}):
        dataset = await new_dataset(rest, parser_config={**config, "chunk_token_num": 64})
        document = await upload(rest, dataset, "note.txt", "A note.")
        path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
        for name, text in texts.items():
            chunk = data_of(await rest.post(path, json={"content": text}))["chunk"]
            expected = {"loan": "finance", "ship": "seafaring"}[name] if config else None
            assert next(iter(chunk.get("tag_feas", {})), None) == expected
        found = await ask(rest, dataset, question, vector_similarity_weight=0.4)
        orders.append([next(name for name, text in texts.items() if text == one["content"]) for one in found])
        assert all(0 <= one["similarity"] <= 1 for one in found)
    # The word `bank` brings the loan first; what the question is about brings the ship before it.
    assert orders == [["loan", "ship"], ["ship", "loan"]]


async def test_tags_are_given_at_parsing_and_follow_an_edit(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    tags = await tag_dataset(rest, channel)
    gone = await tag_dataset(rest, channel)
    config = {"tag_kb_ids": [tags, "ffff"], "chunk_token_num": 64}
    tiers = {"parent_child": {"use_parent_child": True, "child_token_num": 12, "parent_token_num": 64}}
    assert gone != tags
    for more in ({}, tiers):
        text = "The captain steers his ship into the harbour. " * 2
        dataset, document = await made(rest, channel, text, name="a.txt", parser_config={**config, **more})
        [chunk] = await chunks_of(rest, dataset, document)
        assert list(chunk["tag_feas"]) == ["seafaring"]
        assert 0 < chunk["tag_feas"]["seafaring"] <= 1
        assert "No tags come from ffff" in (await document_of(rest, dataset, document))["progress_msg"]
        found = await ask(rest, dataset, "captain")
        assert found[0]["tag_feas"] == chunk["tag_feas"]
        path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks/{chunk['id']}"
        data_of(await rest.put(path, json={"content": "Bread is baked in a hot oven."}))
        [chunk] = await chunks_of(rest, dataset, document)
        assert list(chunk["tag_feas"]) == ["baking"]


async def test_tags_of_another_organization_are_not_used(
    server: Server, rest: httpx.AsyncClient, stranger: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    tags = await tag_dataset(rest, channel)
    dataset = await new_dataset(stranger, parser_config={"tag_kb_ids": [tags]})
    document = await upload(stranger, dataset, "a.txt", "The captain steers his ship into the harbour.")
    data_of(await stranger.post(f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": [document]}))
    async with server.channel(OTHER_KEY) as other:
        last = await ended(other, dataset, document)
    assert last.status == "1"
    assert f"No tags come from {tags}" in last.progress_msg
    [chunk] = await chunks_of(stranger, dataset, document)
    assert not chunk.get("tag_feas")
    plain = await ask(stranger, dataset, "captain of a ship")
    data_of(await stranger.put(f"/api/v1/datasets/{dataset}", json={"parser_config": {"tag_kb_ids": []}}))
    assert await ask(stranger, dataset, "captain of a ship") == plain


def _label(messages: Sequence[dict[str, Any]]) -> str:
    """What the model says: key terms as a list, questions as lines."""
    return "Cordouan, Fresnel" if "key terms" in messages[0]["content"] else "1. Who built it?\n2. Which lens is thin?"


async def test_label_model_of_a_provider_writes_keywords_and_questions(own_server: Callable[..., Server]) -> None:
    with ChatStandIn() as provider:
        provider.default = answers(_label)
        providers = {"standin": {"base_url": provider.url, "api_key": KEY, "models": ["labeller"], "max_retries": 0}}
        server = own_server(settings={"LABEL_MODEL": "labeller@standin", "PROVIDERS": json.dumps(providers)})
        async with server.rest() as rest, server.channel() as channel:
            config = {"auto_keywords": 2, "auto_questions": 1}
            dataset, document = await made(rest, channel, LIGHTS, parser_config=config)
            [chunk] = await chunks_of(rest, dataset, document)
            assert chunk["important_keywords"] == ["Cordouan", "Fresnel"]
            assert chunk["questions"] == ["Who built it?"]
            assert provider.requests[0].messages[1]["content"] == chunk["content"]
            assert len(provider.requests) == 2
            [found] = await ask(rest, dataset, "who", vector_similarity_weight=0, similarity_threshold=0.01)
            assert found["id"] == chunk["id"]
            # Where nothing is asked for, nobody is asked.
            await made(rest, channel, LIGHTS)
            assert len(provider.requests) == 2
            provider.default = refuses(401, message="Wrong key.")
            failing = await new_dataset(rest, parser_config=config)
            document = await upload(rest, failing, "a.md", LIGHTS)
            last = await parsed(rest, channel, failing, document)
            assert last.status == "2"
            assert "The model labeller@standin is not available" in last.progress_msg
            assert await chunks_of(rest, failing, document) == []


async def test_label_model_that_fails_fails_the_document_and_says_why(own_server: Callable[..., Server]) -> None:
    server = own_server(settings={"LABEL_MODEL": "chat@nobody", "MODEL_FALLBACK": "none"})
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config={"auto_keywords": 2})
        document = await upload(rest, dataset, "a.md", LIGHTS)
        last = await parsed(rest, channel, dataset, document)
        assert last.status == "2"
        assert "The model chat@nobody is not available" in last.progress_msg
        assert await chunks_of(rest, dataset, document) == []
        plain = await new_dataset(rest)
        document = await upload(rest, plain, "a.md", LIGHTS)
        assert (await parsed(rest, channel, plain, document)).status == "1"
