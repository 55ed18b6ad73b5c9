"""FastAPI and uvicorn with a route that reads the same datasets from the same LanceDB table on each call."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import Any

import lancedb
import uvicorn
from fastapi import FastAPI
from google.protobuf import json_format
from lancedb.expr import col, lit

from knowflow.store.v1.dataset_pb2 import Dataset

app = FastAPI()
state: dict[str, Any] = {}


@app.get("/api/v1/datasets")
async def datasets() -> dict[str, Any]:
    """List datasets."""
    condition = (col("kind") == lit("dataset")).and_(col("organization") == lit(state["organization"]))
    found = (
        await state["table"]
        .query()
        .where(condition.and_(col("deleted") == lit(value=False)))
        .select(["payload"])
        .limit(30)
        .to_arrow()
    )
    items = [json_format.MessageToDict(Dataset.FromString(payload)) for payload in found.column("payload").to_pylist()]
    return {"code": 0, "data": {"datasets": items, "total": len(items), "page": 1, "page_size": 30}}


async def main() -> None:
    """Serve until the input ends; the arguments are the database's folder and the organization."""
    state["table"] = await (await lancedb.connect_async(sys.argv[1])).open_table("entities")
    state["organization"] = sys.argv[2]
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


asyncio.run(main())
