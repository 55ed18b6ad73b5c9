"""200 streams at once: what the server adds to each token of a provider, and to the first one."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import psutil

from tests.bench.process import memory
from tests.bench.table import Row, percentile
from tests.serving import start_server

STREAMS = 200
TOKENS = 100
TOKENS_PER_S = 20
ROUNDS = 3
# People do not ask in the same moment.
SPREAD_S = 1.0
# Questions one after the other, for the time to the first token.
ALONE, SHORT = 30, 5
QUESTION = "How often does the pump need oil?"


@dataclass
class Stream:
    """One streamed answer as its caller saw it.

    Args:
        asked: When the question was sent, in microseconds of CLOCK_MONOTONIC.
        delays: Of each token, microseconds from the provider's sending to the caller's receiving.
        first: When the provider sent the first token.
        is_whole: Whether the terminator came.
    """

    asked: int = 0
    delays: list[int] = field(default_factory=list)
    first: int = 0
    is_whole: bool = False

    @property
    def until_first(self) -> int:
        """Microseconds from the question to the first token."""
        return self.first + self.delays[0] - self.asked


def now() -> int:
    """Return microseconds of the clock that all processes of a machine share."""
    return time.monotonic_ns() // 1_000


@contextmanager
def provider() -> Iterator[str]:
    """Run the stand-in provider as a process of its own, and give its address."""
    command = [sys.executable, "-m", "tests.standins.openai_chat"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)


async def read(url: str, path: str, key: str, body: bytes) -> Stream:
    """Ask, and read the answer to its end: as little client as can be, so that the server is what is measured."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    stream = Stream(asked=now())
    writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200"), answer
    async for line in reader:
        came = now()
        data = line.removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
        if data == b"[DONE]":
            stream.is_whole = True
            break
        if data:
            event = json.loads(data)
            choices = event.get("choices", [{"delta": {"content": event.get("answer")}}])
            content = choices[0]["delta"].get("content") if choices else ""
            for sent in (content or "").split():
                if sent.isdigit():
                    stream.first = stream.first or int(sent)
                    stream.delays.append(came - int(sent))
    writer.close()
    return stream


async def crowd(url: str, path: str, key: str, body: dict[str, object]) -> list[Stream]:
    """Return 200 streams that run at the same time."""

    async def one(number: int) -> Stream:
        await asyncio.sleep(SPREAD_S * number / STREAMS)
        return await read(url, path, key, json.dumps(body).encode())

    return list(await asyncio.gather(*map(one, range(STREAMS))))


async def alone(url: str, path: str, key: str, body: dict[str, object]) -> list[int]:
    """Return the times to the first token of questions asked one after the other, in microseconds."""
    streams = [await read(url, path, key, json.dumps(body).encode()) for _ in range(ALONE)]
    return [stream.until_first for stream in streams]


def milliseconds(values: list[int]) -> str:
    """Return the median and the 95th percentile of microseconds."""
    return f"median {median(values) / 1000:.1f} ms, p95 {percentile(values, 0.95) / 1000:.1f} ms"


async def measure(folder: Path) -> list[Row]:
    """Return the figures."""
    model = f"stream-{TOKENS}-{TOKENS_PER_S}"
    with provider() as address:
        providers = json.dumps({"StandIn": {"base_url": address}})
        settings = {"PROVIDERS": providers, "DEFAULT_CHAT_MODEL": f"{model}@StandIn"}
        with start_server(folder, settings=settings) as server:
            async with server.rest() as client:
                chat = (await client.post("/api/v1/chats", json={"name": "bench"})).json()["data"]["id"]
                body = {"name": "quick", "llm": {"model_name": f"stream-{SHORT}-1000@StandIn"}}
                quick = (await client.post("/api/v1/chats", json=body)).json()["data"]["id"]
            root = psutil.Process(server.process.pid)
            rows: list[Row] = []
            sizes: list[float] = []
            ask = {"model": "model", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
            straight = urlsplit(address)
            base = f"{straight.scheme}://{straight.netloc}"
            short = f"stream-{SHORT}-1000"
            straight_alone = await alone(base, f"{straight.path}/chat/completions", "", {**ask, "model": short})
            direct = await crowd(base, f"{straight.path}/chat/completions", "", {**ask, "model": model})
            kinds = {
                "OpenAI's format": (f"/api/v1/chats_openai/{chat}/chat/completions", ask),
                "own format, sessions kept": (
                    f"/api/v1/chats/{chat}/completions",
                    {"question": QUESTION, "stream": True},
                ),
            }
            for kind, (path, body) in kinds.items():
                times = await alone(server.url, path.replace(chat, quick), server.key, body)
                rows.append(
                    Row(
                        f"time to first token, one caller, {kind}",
                        milliseconds(times),
                        f"{milliseconds(straight_alone)}, straight from the provider",
                        f"{(median(times) - median(straight_alone)) / 1000:+.1f} ms",
                    )
                )
                before = sum(root.cpu_times()[:2])
                streams = await crowd(server.url, path, server.key, body)
                cpu = sum(root.cpu_times()[:2]) - before
                rows += _rows(kind, streams, direct, cpu)
                sizes.append(memory(server)[0])
            path, body = kinds["OpenAI's format"]
            for _ in range(ROUNDS):
                await crowd(server.url, path, server.key, body)
                sizes.append(memory(server)[0])
    growth = sizes[-1] - sizes[1]
    what = f"memory of all processes after {len(sizes)} such crowds, growth over the last {ROUNDS}"
    return [*rows, Row(what, f"{sizes[-1]:.0f} MB, {growth:+.0f} MB")]


def _rows(kind: str, streams: list[Stream], direct: list[Stream], cpu: float) -> list[Row]:
    whole = sum(stream.is_whole and len(stream.delays) == TOKENS for stream in streams)
    baseline = [delay for stream in direct for delay in stream.delays]
    delays = [delay for stream in streams for delay in stream.delays]
    before = [stream.until_first for stream in streams if stream.delays]
    without = [stream.until_first for stream in direct]
    what = f"{STREAMS} streams of {TOKENS} tokens at {TOKENS_PER_S}/s through Envoy, {kind}"
    spent = f"{cpu / (STREAMS * TOKENS) * 1e6:.0f} µs of processor a token in the server"
    return [
        Row(f"{what}: complete", f"{whole} of {STREAMS}", spent),
        Row("- delay of each token", milliseconds(delays), f"{milliseconds(baseline)}, straight from the provider"),
        Row("- time to first token", milliseconds(before), f"{milliseconds(without)}, straight from the provider"),
    ]


if __name__ == "__main__":
    import tempfile

    from tests.bench.table import show

    with tempfile.TemporaryDirectory(prefix="knowflow-bench-") as name:
        print(show(asyncio.run(measure(Path(name)))))
