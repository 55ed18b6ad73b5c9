"""What watches a running server: figures and traces, both only where a setting asks for them."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from knowflow.store.v1.chat_pb2 import Message
from knowflow.store.v1.credit_pb2 import CreditEntry
from knowflow.store.v1.job_pb2 import Job, JobKind
from knowflow_server.assembly.stores import Stores
from knowflow_server.rpc.interceptors.chain import Layer
from knowflow_server.settings import Settings

# Adding up the sizes of all files takes a while with many of them.
SIZE_INTERVAL_S = 60.0


def start_observing(settings: Settings, stores: Stores, stack: AsyncExitStack) -> list[Layer]:
    """Return the layers around calls which watch; the stack ends what is started.

    Raises:
        OSError: Nothing can listen on the port of the figures.
    """
    layers: list[Layer] = []
    if settings.metrics_port is not None:
        layers.append(_measuring(settings, settings.metrics_port, stores, stack))
    if settings.otlp_endpoint is not None:
        layers.append(_tracing(settings.otlp_endpoint, stack))
    return layers


def _measuring(settings: Settings, port: int, stores: Stores, stack: AsyncExitStack) -> Layer:
    # Loaded only here: nobody who does not measure waits for it.
    from knowflow_server.metrics import Metrics
    from knowflow_server.rpc.interceptors.measuring import Measuring

    metrics = Metrics()
    size = _Size(settings.data_dir.absolute())

    def jobs() -> dict[str, float]:
        names = {number: name.removeprefix("JOB_KIND_").lower() for name, number in JobKind.items() if number}
        waiting = Counter(names.get(job.kind, "other") for job in stores.entities.all(Job))
        return {name: float(waiting[name]) for name in names.values()}

    metrics.watch("knowflow_jobs", "Jobs that wait or run.", "kind", jobs)
    metrics.watch("knowflow_store_bytes", "Size of all data on the disk.", "part", size.read)

    def count(records: Sequence[object]) -> None:
        for record in records:
            if isinstance(record, Message):
                metrics.tokens.labels("prompt").inc(record.prompt_tokens)
                metrics.tokens.labels("completion").inc(record.completion_tokens)

    def spend(_: str, entry: CreditEntry | None) -> None:
        # An entry never changes; the old ones go elsewhere, which spends nothing.
        if entry is not None and entry.amount < 0:
            metrics.credits.labels(entry.operation).inc(-entry.amount)

    stores.messages.subscribe(count)
    stores.entities.subscribe(CreditEntry, spend)
    stack.callback(metrics.serve(settings.metrics_host, port))
    return Measuring(metrics)


class _Size:
    """The size of the data folder by its parts, read anew after a while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_at = -SIZE_INTERVAL_S
        self._sizes: dict[str, float] = {}

    def read(self) -> dict[str, float]:
        """Return the bytes of each table, and of everything else."""
        if time.monotonic() - self._read_at >= SIZE_INTERVAL_S:
            sizes: Counter[str] = Counter()
            # Parses and maintenance take files and folders away at any time.
            for folder, _, names in os.walk(self._folder):
                parts = Path(folder).relative_to(self._folder).parts
                table = parts[1].removesuffix(".lance") if len(parts) > 1 and parts[0] == "db" else "other"
                for name in names:
                    with suppress(FileNotFoundError):
                        sizes[table] += Path(folder, name).stat().st_size
            self._sizes, self._read_at = dict(sizes), time.monotonic()
        return self._sizes


def _tracing(endpoint: str, stack: AsyncExitStack) -> Layer:
    # Loaded only here: nobody who does not trace waits for it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from knowflow_server.rpc.interceptors.tracing import Tracing

    provider = TracerProvider(resource=Resource.create({"service.name": "knowflow"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    stack.push_async_callback(asyncio.to_thread, provider.shutdown)
    return Tracing(provider.get_tracer("knowflow"))
