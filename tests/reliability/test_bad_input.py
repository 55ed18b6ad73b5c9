"""Bad input: a clear answer, nothing half kept, and a server that goes on with the next good one."""

from __future__ import annotations

from typing import Any

import grpc
import httpx
import pytest

from tests.reliability.files import docx, long_text, pdf, zip_bomb_docx
from tests.reliability.store import blob_ids, chunk_rows
from tests.rpc.calls import chunks_of, data_of, document_of, ended, new_dataset, parsed, start_parsing, upload
from tests.serving import OTHER_KEY, Server

GOOD = "The moon pulls the sea. Yeast makes dough rise."


def truncated_pdf() -> bytes:
    """Return the first half of a PDF: its table of objects is missing."""
    content = pdf(pages=20)
    return content[: len(content) // 2]


BAD_FILES: list[Any] = [
    pytest.param("a.pdf", lambda: pdf(password="secret"), "password", id="encrypted PDF"),
    pytest.param("a.pdf", truncated_pdf, "damaged", id="truncated PDF"),
    pytest.param("a.pdf", lambda: b"%PDF-1.7\n", "damaged", id="PDF of one line"),
    pytest.param("a.pdf", lambda: b"", "empty", id="empty PDF"),
    pytest.param("a.pdf", lambda: b"just text, no PDF at all", "PDF", id="text named PDF"),
    pytest.param("a.pdf", docx, "PDF", id="DOCX named PDF"),
    pytest.param("a.docx", pdf, "DOCX", id="PDF named DOCX"),
    pytest.param("a.docx", zip_bomb_docx, "would unpack to", id="zip bomb in a DOCX"),
    pytest.param("a.rtf", lambda: b"{\\rtf1 The moon", "its end is missing", id="truncated RTF"),
    pytest.param("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "Word", id="zeros as DOC"),
    pytest.param("a.msg", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "Outlook", id="zeros as MSG"),
    pytest.param("a.odt", zip_bomb_docx, "would unpack to", id="zip bomb named ODT"),
    pytest.param("a.ipynb", lambda: b'{"cells": [{', "notebook", id="truncated notebook"),
    pytest.param("a.docx", lambda: docx()[:-300], "DOCX", id="truncated DOCX"),
    pytest.param("a.docx", lambda: b"PK\x03\x04" + bytes(500), "DOCX", id="archive of zeros"),
    pytest.param("it's; DROP TABLE documents; --.pdf", lambda: b"\x00" * 1000, "PDF", id="zeros with SQL in the name"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD_FILES)
async def test_parse_of_a_bad_file_fails_with_a_readable_reason(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel, name: str, content: Any, sentence: str
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, name, content())
    last = await parsed(rest, channel, dataset, document)
    record = await document_of(rest, dataset, document)
    assert (last.status, record["status"], record["run"]) == ("2", "2", "FAIL"), last.progress_msg
    reason = record["progress_msg"].splitlines()[-1]
    assert reason.endswith(".")
    assert sentence in reason
    for word in ("Traceback", "Error(", "Exception", "0x", "/tmp", ".py", "None"):
        assert word not in record["progress_msg"], record["progress_msg"]
    assert 0 <= record["progress"] <= 100
    # Nothing of it can be found, and the file is still there for its owner.
    assert record["chunk_count"] == chunk_rows(server, document=document) == 0
    assert await chunks_of(rest, dataset, document) == []
    assert (await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}")).status_code == 200
    good = await upload(rest, dataset, "good.txt", GOOD)
    assert (await parsed(rest, channel, dataset, good)).status == "1"
    assert len(await chunks_of(rest, dataset, good)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", b"good \xff\xfe\x80 bad " * 20, id="invalid UTF-8"),
        pytest.param("a.txt", b"\xc3", id="half a character"),
        pytest.param("a.md", b"# x\n\n" + b"\xed\xa0\x80" * 50, id="lone surrogates"),
        pytest.param("a.html", b"<table><tr><td>" * 3_000 + b"deep", id="deep HTML"),
        pytest.param("a.txt", b"word" * 200_000, id="a word of 800 KB"),
        pytest.param("a.txt", b"", id="empty text"),
        pytest.param("a.pdf", pdf(text=""), id="PDF without text"),
        pytest.param("a.md", b"\n" * 500_000, id="blank lines"),
    ],
)
async def test_parse_of_an_odd_file_succeeds(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel, name: str, content: bytes
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, name, content)
    last = await parsed(rest, channel, dataset, document)
    assert (last.status, last.progress) == ("1", 100.0), last.progress_msg
    assert last.progress_msg.splitlines()[-1] == "Task done"
    chunks = await chunks_of(rest, dataset, document)
    assert last.chunk_count == len(chunks) == chunk_rows(server, document=document)
    good = await upload(rest, dataset, "good.txt", GOOD)
    assert (await parsed(rest, channel, dataset, good)).status == "1"


@pytest.mark.slow
async def test_parse_of_a_pdf_of_2000_pages_succeeds(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "long.pdf", pdf(pages=2_000))
    last = await parsed(rest, channel, dataset, document)
    assert (last.status, last.progress) == ("1", 100.0), last.progress_msg
    text = "".join(chunk["content"] for chunk in await chunks_of(rest, dataset, document))
    assert all(f"Page {page}." in text for page in (1, 999, 2_000))


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "sentence"),
    [
        ("GET", "/documents", None, 404, 404, "You don't own the dataset {id}."),
        ("POST", "/chunks", {"document_ids": ["x"]}, 404, 404, "You don't own the dataset {id}."),
        ("DELETE", "/documents", {"ids": ["x"]}, 404, 404, "You don't own the dataset {id}."),
        ("PUT", "", {"name": "x"}, 404, 404, "You don't own the dataset {id}."),
    ],
)
@pytest.mark.parametrize("whose", ["nobody's", "another organization's", "with SQL in it"])
async def test_dataset_that_is_not_the_callers_is_not_found(
    rest: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    method: str,
    path: str,
    body: Any,
    status: int,
    code: int,
    sentence: str,
    whose: str,
) -> None:
    identifier = {"nobody's": "0" * 32, "another organization's": "", "with SQL in it": "x' OR '1'='1"}[whose]
    identifier = identifier or await new_dataset(stranger)
    answer = await rest.request(method, f"/api/v1/datasets/{identifier}{path}", json=body)
    expected = {"code": code, "message": sentence.format(id=identifier)}
    assert (answer.status_code, answer.json()) == (status, expected)


@pytest.mark.parametrize(
    "body", ['{"name": ', "[1, 2", "nonsense", '{"name": "x"} trailing', '{"name": 3}', "[]", '"x"']
)
async def test_malformed_json_is_a_400_in_our_words(rest: httpx.AsyncClient, body: str) -> None:
    answer = await rest.post("/api/v1/datasets", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, 102)
    assert len(answer.json()["message"]) > 10


@pytest.mark.parametrize("depth", [40, 95, 120, 5_000])
async def test_json_that_is_nested_too_deeply_is_a_400_in_our_words(rest: httpx.AsyncClient, depth: int) -> None:
    body = '{"name": "deep", "parser_config": {"raptor": ' + '{"a":' * depth + "1" + "}" * depth + "}}"
    answer = await rest.post("/api/v1/datasets", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, 102)
    assert "deep" in answer.json()["message"]


@pytest.mark.parametrize("key", ["wrong", OTHER_KEY + "x", "' OR 1=1 --", "é"])
async def test_wrong_key_is_a_401_and_changes_nothing(server: Server, rest: httpx.AsyncClient, key: str) -> None:
    dataset = await new_dataset(rest)
    before = blob_ids(server)
    headers = {"Authorization": f"Bearer {key}".encode()}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as wrong:
        for answer in (
            await wrong.post("/api/v1/datasets", json={"name": "never"}),
            await wrong.post(f"/api/v1/datasets/{dataset}/documents", files={"file": ("a.txt", b"never" * 100_000)}),
            await wrong.request("DELETE", "/api/v1/datasets", json={"ids": None}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, 401)
    assert data_of(await rest.get("/api/v1/datasets", params={"id": dataset}))["total"] == 1
    assert blob_ids(server) <= before


async def test_parse_of_unknown_documents_starts_the_known_ones(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "a.txt", GOOD)
    body = {"document_ids": ["nothing", document, "x' OR 1=1 --"]}
    answer = await rest.post(f"/api/v1/datasets/{dataset}/chunks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 102)
    assert (await ended(channel, dataset, document)).status == "1"


async def test_delete_of_a_thousand_unknown_documents_is_answered_in_full(rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "a.txt", GOOD)
    ids = [document, *(f"{number:032x}" for number in range(1_000))]
    answer = await rest.request("DELETE", f"/api/v1/datasets/{dataset}/documents", json={"ids": ids})
    assert (answer.status_code, answer.json()["code"]) == (400, 102)
    assert answer.json()["message"].startswith("Documents not found: ")
    assert data_of(await rest.get(f"/api/v1/datasets/{dataset}/documents"))["total"] == 0


async def test_bad_files_at_once_with_good_ones_spoil_none(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset = await new_dataset(rest)
    contents = {
        "bad.pdf": pdf(password="secret"),
        "good.txt": GOOD.encode(),
        "bomb.docx": zip_bomb_docx(megabytes=300),
        "good.docx": docx(),
        "bad.docx": b"PK",
        "good.md": long_text(5_000).encode(),
    }
    documents = {name: await upload(rest, dataset, name, content) for name, content in contents.items()}
    await start_parsing(rest, dataset, *documents.values())
    ends = {name: (await ended(channel, dataset, document)).status for name, document in documents.items()}
    assert ends == {name: "1" if name.startswith("good") else "2" for name in contents}
