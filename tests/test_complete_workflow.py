"""The way every new user goes first: a dataset, a PDF of many pages, parsing, a question, a chat about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import grpc
import requests
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from knowflow.v1 import document_service_pb2, document_service_pb2_grpc
from tests.bench.collection import sample
from tests.serving import Server

PAGES = 40
SUBJECTS = ("tides", "bread", "glaciers", "bridges", "volcanoes", "bees", "sundials", "harbours")


def write_pdf(path: Path) -> None:
    """Write a PDF with a chapter about one subject on each page."""
    styles = getSampleStyleSheet()
    story = []
    for page in range(PAGES):
        subject = f"{SUBJECTS[page % len(SUBJECTS)]} of region {page}"
        story.append(Paragraph(f"Chapter {page + 1}: {subject}", styles["Heading1"]))
        story.append(Paragraph(f"This chapter describes the {subject}. " * 12, styles["BodyText"]))
        story.append(PageBreak())
    SimpleDocTemplate(str(path), pagesize=A4).build(story)


def test_program_of_the_document_runs_to_its_answer(server: Server, tmp_path: Path) -> None:
    pdf = tmp_path / "document.pdf"
    write_pdf(pdf)
    headers = {"Authorization": f"Bearer {server.key}"}
    config = {"layout_recognize": "mineru", "chunk_token_num": 256}
    body = {
        "name": "Workflow",
        "embedding_model": "BAAI/bge-m3@SILICONFLOW",
        "chunk_method": "smart",
        "parser_config": config,
    }
    dataset = requests.post(f"{server.url}/api/v1/datasets", headers=headers, json=body, timeout=60).json()["data"]
    assert ("BAAI/bge-m3@SILICONFLOW", config) == (dataset["embedding_model"], dataset["parser_config"])
    assert "all-MiniLM-L6-v2@embedded" == dataset["embedding_model_served"]
    documents = f"{server.url}/api/v1/datasets/{dataset['id']}/documents"
    with pdf.open("rb") as file:
        files = {"file": ("document.pdf", file, "application/pdf")}
        form = {"parser_id": "smart", "parser_config": json.dumps(config)}
        uploaded = requests.post(documents, headers=headers, data=form, files=files, timeout=60).json()["data"][0]
    assert ("UNSTART", "UNSTART", 0) == (uploaded["status"], uploaded["run"], uploaded["progress"])
    chunks = f"{server.url}/api/v1/datasets/{dataset['id']}/chunks"
    started = requests.post(chunks, headers=headers, json={"document_ids": [uploaded["id"]]}, timeout=60)
    assert "Parsing triggered successfully" == started.json()["data"]["message"]
    wait_until_parsed(server, dataset["id"], uploaded["id"])
    parsed = requests.get(f"{documents}?id={uploaded['id']}", headers=headers, timeout=60).json()["data"]["docs"][0]
    assert ("1", 100) == (parsed["status"], parsed["progress"]), parsed["progress_msg"]
    assert "mineru" in parsed["progress_msg"]
    question = {
        "question": "Which chapter describes the glaciers of region 10?",
        "dataset_ids": [dataset["id"]],
        "page_size": 5,
    }
    found = requests.post(f"{server.url}/api/v1/retrieval", headers=headers, json=question, timeout=60).json()["data"]
    best = found["chunks"][0]
    assert "glaciers of region 10" in best["content"]
    # `smart` with `mineru` searches children, and returns the section around the one that was found.
    child = best["children"][0]
    assert "glaciers of region 10" in child["content"]
    assert 11 == child["page_number"]
    page, left, right, top, bottom = child["positions"][0]
    assert (11, True, True) == (page, 0 <= left < right <= A4[0] + 1, 0 <= top < bottom <= A4[1] + 1)
    assert best["content"][:100] == pdf_text(server, documents, headers, uploaded["id"], best["id"])[:100]


def test_program_of_the_document_summarizes_a_pdf_of_prose(own_server: Callable[..., Server], tmp_path: Path) -> None:
    # As `make run` starts it: without any provider.
    server = own_server()
    passages = list(sample().passages.values())
    document = prose(server, tmp_path, passages)
    headers = {"Authorization": f"Bearer {server.key}"}
    question = {"question": "What is the main topic of this document?", "dataset_ids": [document["dataset_id"]]}
    found = requests.post(
        f"{server.url}/api/v1/retrieval", headers=headers, json={**question, "page": 1, "page_size": 5}, timeout=60
    )
    assert 0 == found.json()["code"]
    # Step 5.
    body = {
        "name": "My Assistant",
        "dataset_ids": [document["dataset_id"]],
        "llm": {"model_name": "qwen-plus@Tongyi-Qianwen", "temperature": 0.1},
        "prompt": {"similarity_threshold": 0.2, "top_n": 6},
    }
    chat = requests.post(f"{server.url}/api/v1/chats", headers=headers, json=body, timeout=60).json()["data"]
    assert "extractive@embedded" == chat["llm"]["model_served"]
    # Step 6.
    completions = f"{server.url}/api/v1/chats/{chat['id']}/completions"
    asked = {"question": "Summarize the document for me", "stream": False}
    told = requests.post(completions, headers=headers, json=asked, timeout=60).json()["data"]
    assert_quoted(told["answer"], passages)
    # A summary rests on the document as a whole: on several places, from its beginning to its end.
    pages = [chunk["page_number"] for chunk in told["reference"]["chunks"]]
    assert 1 == pages[0]
    assert sorted(pages) == pages
    assert len(set(pages)) >= 3
    asked = {"question": "Who was the leader of the raiders from Denmark?", "session_id": told["session_id"]}
    told = requests.post(completions, headers=headers, json=asked, timeout=60).json()["data"]
    assert "Rollo" in told["answer"]
    assert_quoted(told["answer"], passages)


def prose(server: Server, folder: Path, passages: Iterable[str]) -> dict[str, str]:
    """Upload a PDF with passages as the program does, parse it, and return its document."""
    headers = {"Authorization": f"Bearer {server.key}"}
    styles = getSampleStyleSheet()
    path = folder / "document.pdf"
    SimpleDocTemplate(str(path), pagesize=A4).build([Paragraph(text, styles["BodyText"]) for text in passages])
    body = {"name": "Prose", "embedding_model": "BAAI/bge-m3@SILICONFLOW", "chunk_method": "smart"}
    dataset = requests.post(f"{server.url}/api/v1/datasets", headers=headers, json=body, timeout=60).json()["data"][
        "id"
    ]
    with path.open("rb") as file:
        files = {"file": ("document.pdf", file, "application/pdf")}
        config = json.dumps({"chunk_token_num": 256, "layout_recognize": "mineru"})
        documents = f"{server.url}/api/v1/datasets/{dataset}/documents"
        form = {"parser_id": "smart", "parser_config": config}
        uploaded = requests.post(documents, headers=headers, data=form, files=files, timeout=60).json()["data"][0]
    chunks = f"{server.url}/api/v1/datasets/{dataset}/chunks"
    requests.post(chunks, headers=headers, json={"document_ids": [uploaded["id"]]}, timeout=60).raise_for_status()
    wait_until_parsed(server, dataset, uploaded["id"])
    return {"id": uploaded["id"], "dataset_id": dataset}


def assert_quoted(answer: str, passages: Iterable[str]) -> None:
    """Check that an answer says something, and nothing that the passages do not say."""
    source = " ".join(" ".join(text.split()) for text in passages)
    quotes = [quote for part in re.split(r" *\[ID:\d+\]", answer) if (quote := " ".join(part.split()))]
    assert quotes
    for quote in quotes:
        assert quote in source


def wait_until_parsed(server: Server, dataset_id: str, document_id: str) -> None:
    """Return when no parsing of a document runs any more."""
    request = document_service_pb2.WatchDocumentRequest(dataset_id=dataset_id, document_id=document_id)
    with grpc.insecure_channel(server.grpc_address) as channel:
        stub = document_service_pb2_grpc.DocumentServiceStub(channel)
        for _ in stub.WatchDocument(request, metadata=[("authorization", f"Bearer {server.key}")]):
            pass


def pdf_text(server: Server, documents: str, headers: dict[str, str], document_id: str, chunk_id: str) -> str:
    """Return the text of a chunk as the list of chunks shows it."""
    answer = requests.get(f"{documents}/{document_id}/chunks?id={chunk_id}", headers=headers, timeout=60)
    return str(answer.json()["data"]["chunks"][0]["content"])
