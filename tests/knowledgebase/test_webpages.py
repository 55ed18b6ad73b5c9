"""Webpages: what a refresh costs and keeps, what failures leave, and how a page looks to the core."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.knowledgebase.pages import Shelf, content, data_of
from tests.providers.openai_stand_in import KEY
from tests.rpc.calls import ended
from tests.serving import Server, start_server
from tests.standins.openai_chat import ChatStandIn, answers, refuses
from tests.standins.website import HOURS, RETURNS, Answer, Website, faq, page, says, stalls, tagged
from tests.webhooks.receiver import Receiver, register, settled

PRICE = ("What does it cost?", "It costs ten euros.")


@pytest.fixture(scope="module")
def website() -> Iterator[Website]:
    with Website() as website:
        yield website


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def pages_server(website: Website, receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may read the website."""
    settings = receiver.settings | {"OUTGOING_ALLOW": json.dumps([website.place, receiver.place])}
    with start_server(tmp_path_factory.mktemp("pages"), settings=settings) as running:
        yield running


@pytest.fixture
async def shelf(pages_server: Server) -> AsyncIterator[Shelf]:
    async with pages_server.rest() as rest, pages_server.channel() as channel:
        yield await Shelf.made(rest, channel)


async def test_refresh_of_a_page_with_an_etag_costs_a_question_to_its_website(shelf: Shelf, website: Website) -> None:
    first = await shelf.add(website.url("/tagged"))
    texts = await shelf.texts(first["id"])
    again = await shelf.refresh(first["id"])
    assert website.asked[-1][1]["If-None-Match"] == '"one"'
    assert again["extractedContent"] == first["extractedContent"]
    assert again["lastScrapedAt"] > first["lastScrapedAt"]
    assert await shelf.texts(first["id"]) == texts


async def test_refresh_of_a_page_with_the_same_text_writes_nothing(shelf: Shelf, website: Website) -> None:
    website.pages["/same"] = page(faq(RETURNS, HOURS))
    first = await shelf.add(website.url("/same"))
    texts = await shelf.texts(first["id"])
    website.pages["/same"] = page(faq(RETURNS, HOURS) + "<!-- made at noon -->")
    again = await shelf.refresh(first["id"])
    assert again["extractedContent"] == first["extractedContent"]
    assert await shelf.texts(first["id"]) == texts


async def test_refresh_keeps_the_ids_of_what_did_not_change(shelf: Shelf, website: Website) -> None:
    website.pages["/changing"] = tagged(faq(RETURNS, HOURS), '"one"')
    first = content(await shelf.add(website.url("/changing")))
    [webpage] = data_of(await shelf.rest.get(f"{shelf.path}/webpages"))
    website.pages["/changing"] = tagged(faq(PRICE, (RETURNS[0], "You cannot."), HOURS), '"two"')
    again = await shelf.refresh(webpage["id"])
    assert [(one["question"], one["answer"]) for one in again["extractedContent"]] == [
        PRICE,
        (RETURNS[0], "You cannot."),
        HOURS,
    ]
    after = content(again)
    assert after[HOURS[0]] == first[HOURS[0]]
    assert after[RETURNS[0]] == first[RETURNS[0]]
    texts = "\n".join((await shelf.texts(webpage["id"])).values())
    assert "30 days" not in texts
    assert texts.count(PRICE[1]) == 2  # once in the page, once in the reference
    found = data_of(await shelf.rest.get(f"{shelf.path}/search", params={"query": "price"}))
    assert found[0]["source"] == "webpage"


async def test_refresh_that_failed_keeps_the_page_and_the_day(shelf: Shelf, website: Website) -> None:
    website.pages["/failing"] = page(faq(HOURS))
    first = await shelf.add(website.url("/failing"))
    website.pages["/failing"] = says(503)
    failed = await shelf.refresh(first["id"])
    assert failed["lastError"] == "The website did not answer with a page (HTTP 503)."
    assert {**failed, "lastError": None} == {**first, "lastError": None}
    website.pages["/failing"] = page(faq(HOURS))
    again = await shelf.refresh(first["id"])
    assert "lastError" not in again
    answer = await shelf.rest.post(f"{shelf.path}/webpages/{first['id']}/refresh")
    assert answer.status_code == 429
    assert answer.json()["nextAvailableAt"][:10] > again["lastScrapedAt"][:10]
    assert answer.json()["nextAvailableAt"][10:] == again["lastScrapedAt"][10:]


async def test_page_that_moves_to_a_broken_address_keeps_what_it_had(shelf: Shelf, website: Website) -> None:
    first = await shelf.add(website.url("/words"))
    path = f"{shelf.path}/webpages/{first['id']}"
    moved = data_of(await shelf.rest.put(path, json={"url": website.url("/broken")}))
    assert moved["isUpdating"]
    kept = await shelf.read(first["id"])
    assert (kept["url"], kept["extractedContent"]) == (website.url("/broken"), first["extractedContent"])
    assert "HTTP 500" in kept["lastError"]
    data_of(await shelf.rest.put(path, json={"url": website.url("/faq")}))
    there = await shelf.read(first["id"])
    assert set(content(there)) == {RETURNS[0], HOURS[0]}
    assert (first["name"], kept["name"], there["name"]) == ("Words of the sea", "Words of the sea", "Questions")


async def test_page_that_moves_while_it_is_read_is_read_at_its_new_address(shelf: Shelf, website: Website) -> None:
    made = data_of(await shelf.rest.post(f"{shelf.path}/webpages", json={"url": website.url("/slow")}))
    data_of(await shelf.rest.put(f"{shelf.path}/webpages/{made['id']}", json={"url": website.url("/faq")}))
    found = await shelf.read(made["id"])
    assert (found["url"], set(content(found))) == (website.url("/faq"), {RETURNS[0], HOURS[0]})


async def test_page_is_a_document_of_the_core(shelf: Shelf, website: Website) -> None:
    first = await shelf.add(website.url("/faq"))
    place = f"/api/v1/datasets/{shelf.id}"
    [document] = data_of(await shelf.rest.get(f"{place}/documents"))["documents"]
    assert (document["id"], document["name"], document["status"]) == (first["id"], "127.0.0.1-faq.md", "1")
    assert RETURNS[1] in (await shelf.rest.get(f"{place}/documents/{first['id']}")).text
    # Parsed again there, it has its references as before; cut in another way, it gets them anew.
    data_of(await shelf.rest.post(f"{place}/chunks", json={"document_ids": [first["id"]]}))
    assert (await shelf.read(first["id"]))["extractedContent"] == first["extractedContent"]
    data_of(await shelf.rest.put(f"{place}/documents/{first['id']}", json={"chunk_method": "one"}))
    data_of(await shelf.rest.post(f"{place}/chunks", json={"document_ids": [first["id"]]}))
    assert set(content(await shelf.read(first["id"]))) == set(content(first))
    found = data_of(
        await shelf.rest.post("/api/v1/retrieval", json={"question": RETURNS[0], "dataset_ids": [shelf.id]})
    )
    assert found["chunks"]


async def test_reading_is_stopped_by_the_core_and_by_deletion(shelf: Shelf, website: Website) -> None:
    made = data_of(await shelf.rest.post(f"{shelf.path}/webpages", json={"url": website.url("/slow")}))
    place = f"/api/v1/datasets/{shelf.id}/chunks"
    data_of(await shelf.rest.request("DELETE", place, json={"document_ids": [made["id"]]}))
    assert (await ended(shelf.channel, shelf.id, made["id"])).run == "CANCEL"
    assert data_of(await shelf.rest.get(f"{shelf.path}/webpages/{made['id']}"))["isUpdating"] is False
    # The page of a website whose other page was given up can be read at once.
    other = data_of(await shelf.rest.post(f"{shelf.path}/webpages", json={"url": website.url("/slow")}))
    assert (await shelf.rest.delete(f"{shelf.path}/webpages/{other['id']}")).status_code == 200
    assert content(await shelf.add(website.url("/faq")))


async def test_item_that_several_delete_at_once_is_not_found_by_the_others(shelf: Shelf, website: Website) -> None:
    page_id = data_of(await shelf.rest.post(f"{shelf.path}/webpages", json={"url": website.url("/faq")}))["id"]
    form = {"file": ("a.md", b"# A\n\nIt is so.\n")}
    file_id = data_of(await shelf.rest.post(f"{shelf.path}/documents", files=form))["id"]
    for path, word in ((f"webpages/{page_id}", "Webpage"), (f"documents/{file_id}", "Document")):
        told = await asyncio.gather(*(shelf.rest.delete(f"{shelf.path}/{path}") for _ in range(8)))
        assert sorted(answer.status_code for answer in told) == [200] + 7 * [404]
        assert {answer.json()["error"] for answer in told if answer.is_error} == {f"{word} not found"}
    file_id = data_of(await shelf.rest.post(f"{shelf.path}/documents", files=form))["id"]
    place = f"/v1/knowledge-bases/{shelf.id}/documents/{file_id}"
    told = await asyncio.gather(*(shelf.rest.delete(place) for _ in range(8)))
    assert [answer.status_code for answer in told].count(404) == 7


async def test_changes_of_pages_and_documents_are_told(shelf: Shelf, website: Website, receiver: Receiver) -> None:
    webhook = await register(shelf.rest, receiver.url("/told"), "knowledge_base.updated")
    first = await shelf.add(website.url("/faq"))
    data_of(await shelf.rest.put(f"{shelf.path}/webpages/{first['id']}", json={"notes": "Changed"}))
    await shelf.rest.delete(f"{shelf.path}/webpages/{first['id']}")
    form = {"file": ("a.md", b"# A\n\nQ: Is it so?\nA: It is.\n")}
    made = data_of(await shelf.rest.post(f"{shelf.path}/documents", files=form))
    await ended(shelf.channel, shelf.id, made["id"])
    await settled(shelf.rest, webhook["id"])
    told = [
        (document["id"], document["change"], document["status"])
        for one in receiver.received["/told"]
        for document in one.data["documents"]
    ]
    for change in (
        (first["id"], "created", "processing"),
        (first["id"], "updated", "ready"),
        (first["id"], "deleted", "ready"),
        (made["id"], "created", "processing"),
        (made["id"], "updated", "ready"),
    ):
        assert change in told


@pytest.mark.slow
async def test_kill_while_a_page_is_read_loses_nothing(own_server: Callable[..., Server], website: Website) -> None:
    settings = {"OUTGOING_ALLOW": json.dumps([website.place])}
    website.pages["/killed"] = stalls
    server = own_server(settings=settings)
    async with server.rest() as rest, server.channel() as channel:
        shelf = await Shelf.made(rest, channel)
        made = data_of(await rest.post(f"{shelf.path}/webpages", json={"url": website.url("/killed")}))
        await _asked(website, 1)
    server.kill()
    website.pages["/killed"] = page(faq(RETURNS, HOURS))
    server = own_server(settings=settings)
    async with server.rest() as rest, server.channel() as channel:
        shelf = Shelf(rest, channel, shelf.id)
        first = await shelf.read(made["id"])
        assert set(content(first)) == {RETURNS[0], HOURS[0]}
        website.pages["/killed"] = stalls
        data_of(await rest.post(f"{shelf.path}/webpages/{made['id']}/refresh"))
        await _asked(website, 3)
    server.kill()
    website.pages["/killed"] = page(faq(HOURS, PRICE))
    server = own_server(settings=settings)
    async with server.rest() as rest, server.channel() as channel:
        shelf = Shelf(rest, channel, shelf.id)
        again = await shelf.read(made["id"])
        assert content(again)[HOURS[0]] == content(first)[HOURS[0]]
        assert set(content(again)) == {HOURS[0], PRICE[0]}
        # It was a refresh, also after the kill.
        assert (await rest.post(f"{shelf.path}/webpages/{made['id']}/refresh")).status_code == 429


async def _asked(website: Website, number: int) -> None:
    """Wait until the page was asked for so often."""
    async with asyncio.timeout(30):
        while website.count("/killed") < number:  # noqa: ASYNC110 - the event is in another thread
            await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_page_that_was_read_and_not_parsed_is_parsed_after_the_next_refresh(
    own_server: Callable[..., Server], website: Website
) -> None:
    def told(when: str) -> Answer:
        body = faq(HOURS).replace(
            "</main>", f"<p>The {when} tide comes in the evening, as every sailor knows.</p></main>"
        )
        return tagged(body, f'"{when}"')

    with ChatStandIn() as provider:
        provider.models["labels"] = answers("tide")
        table = {"base_url": provider.url, "api_key": KEY, "max_retries": 0, "models": ["labels"]}
        settings = {
            "OUTGOING_ALLOW": json.dumps([website.place]),
            "PROVIDERS": json.dumps({"stand-in": table}),
            "LABEL_MODEL": "labels@stand-in",
        }
        server = own_server(settings=settings)
        async with server.rest() as rest, server.channel() as channel:
            shelf = await Shelf.made(rest, channel)
            website.pages["/told"] = told("first")
            first = await shelf.add(website.url("/told"))
            place = f"/api/v1/datasets/{shelf.id}/documents/{first['id']}"
            data_of(await rest.put(place, json={"parser_config": {"auto_keywords": 1}}))
            website.pages["/told"] = told("second")
            provider.models["labels"] = refuses(400)
            assert "labels@stand-in" in (await shelf.refresh(first["id"]))["lastError"]
            assert "The first tide" in "".join((await shelf.texts(first["id"])).values())
            provider.models["labels"] = answers("tide")
            # What failed does not use up the day, and the page that has not changed since is not what is kept.
            assert "lastError" not in await shelf.refresh(first["id"])
            assert "The second tide" in "".join((await shelf.texts(first["id"])).values())


@pytest.mark.slow
async def test_model_words_the_questions_which_no_author_has_written(
    own_server: Callable[..., Server], website: Website
) -> None:
    with ChatStandIn() as provider:
        provider.models["asks"] = answers("1. What does the moon do?")
        table = {"base_url": provider.url, "api_key": KEY, "max_retries": 0, "models": ["asks"]}
        settings = {
            "OUTGOING_ALLOW": json.dumps([website.place]),
            "PROVIDERS": json.dumps({"stand-in": table}),
            "LABEL_MODEL": "asks@stand-in",
            "WEB_REFRESH_S": "0",
        }
        server = own_server(settings=settings)
        async with server.rest() as rest, server.channel() as channel:
            shelf = await Shelf.made(rest, channel)
            first = await shelf.add(website.url("/tides"))
            assert "Why are there two tides a day?" in content(first)
            assert "What does the moon do?" in content(first)
            calls = len(provider.requests)
            assert calls == 2
            assert (await shelf.refresh(first["id"]))["extractedContent"] == first["extractedContent"]
            assert len(provider.requests) == calls
