"""Speed of ingest, beside the embedding model alone on the same texts."""

from __future__ import annotations

import random
import time

from knowflow.v1 import document_service_pb2, document_service_pb2_grpc
from knowflow_server.providers.embedded import EmbeddedEmbedder
from tests.bench.table import Row
from tests.serving import Server

PARAGRAPHS = 2500
TOKENS = 200


def text() -> str:
    """Return a text of many different paragraphs."""
    rng = random.Random(3)
    words = [
        f"{a}{b}"
        for a in ("tide", "moon", "bread", "stone", "river", "law", "sound")
        for b in ("", "s", "ing", "ed", "er")
    ]
    return "\n".join(" ".join(rng.choices(words, k=90)) + "." for _ in range(PARAGRAPHS))


async def measure(server: Server) -> list[Row]:
    """Return the figure."""
    async with server.rest() as client, server.channel() as channel:
        config = {"chunk_token_num": TOKENS}
        dataset = (await client.post("/api/v1/datasets", json={"name": "ingest", "parser_config": config})).json()[
            "data"
        ]["id"]
        path = f"/api/v1/datasets/{dataset}"
        document = (await client.post(f"{path}/documents", files={"file": ("long.txt", text())})).json()["data"][0][
            "id"
        ]
        watch = document_service_pb2.WatchDocumentRequest(dataset_id=dataset, document_id=document)
        started = time.perf_counter()
        await client.post(f"{path}/chunks", json={"document_ids": [document]})
        stub = document_service_pb2_grpc.DocumentServiceStub(channel)
        last = [message async for message in stub.WatchDocument(watch)][-1].document
        seconds = time.perf_counter() - started
        assert last.status == "1", last.progress_msg
        texts: list[str] = []
        while len(texts) < last.chunk_count:
            page = await client.get(f"{path}/documents/{document}/chunks?page={len(texts) // 1000 + 1}&page_size=1000")
            texts += [chunk["content"] for chunk in page.json()["data"]["chunks"]]
    embedder = EmbeddedEmbedder()
    await embedder.warm()
    await embedder.embed_documents(texts[:32])
    started = time.perf_counter()
    await embedder.embed_documents(texts)
    alone = len(texts) / (time.perf_counter() - started)
    await embedder.close()
    ours = last.chunk_count / seconds
    return [
        Row(
            f"ingest, chunks of {TOKENS} tokens",
            f"{ours:.0f} chunks/s",
            f"{alone:.0f} chunks/s, the model alone",
            f"{ours / alone:.2f}",
        )
    ]
