"""Figures for Prometheus and traces for OpenTelemetry, of a real server."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.parser import text_string_to_metric_families

from knowflow_server.metrics import Metrics
from tests.serving import Server

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
LIST = "/knowflow.v1.DatasetService/ListDatasets"


class Collector:
    """Takes traces as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    content = gzip.decompress(content)
                for resource in ExportTraceServiceRequest.FromString(content).resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans += scope.spans
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def collector() -> Iterator[Collector]:
    running = Collector()
    yield running
    running.server.shutdown()
    running.server.server_close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_port_of_the_figures_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=f"127.0.0.1:{port}: Address already in use. Choose another KNOWFLOW_METRICS"):
            Metrics().serve("127.0.0.1", port)


def test_figures_and_traces_of_calls(own_server: Callable[..., Server], collector: Collector) -> None:
    port = _free_port()
    server = own_server(settings={"METRICS_PORT": str(port), "OTLP_ENDPOINT": collector.url})
    headers = {"Authorization": f"Bearer {server.key}", "traceparent": f"00-{TRACE}-{PARENT}-01"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=60) as rest:
        assert rest.get("/api/v1/datasets").status_code == 200
        assert rest.get("/api/v1/datasets?page=0").status_code == 400
        made = rest.post("/api/v1/knowledgebase", json={"name": "Searched"}).json()["data"]["id"]
        assert rest.get(f"/api/v1/knowledgebase/{made}/search", params={"query": "x"}).status_code == 200
    spent = ("knowflow_credits_spent_total", ("operation", "search"))
    # The charge of a search is written some time after its answer.
    samples: dict[tuple[object, ...], float] = {}
    deadline = time.monotonic() + 30
    with httpx.Client(trust_env=False, timeout=60) as prometheus:
        while spent not in samples and time.monotonic() < deadline:
            text = prometheus.get(f"http://127.0.0.1:{port}/metrics").text
            samples = {
                (sample.name, *sorted(sample.labels.items())): sample.value
                for family in text_string_to_metric_families(text)
                for sample in family.samples
            }
    assert samples[spent] == 1
    count = "knowflow_rpc_duration_seconds_count"
    assert samples[count, ("code", "OK"), ("method", LIST)] == 1
    assert samples[count, ("code", "INVALID_ARGUMENT"), ("method", LIST)] == 1
    assert samples["knowflow_jobs", ("kind", "parse")] == 0
    assert samples["knowflow_store_bytes", ("part", "entities")] > 0
    assert server.key not in text
    # A stop sends what is left.
    server.stop()
    good, bad = [span for span in collector.spans if span.name == LIST.removeprefix("/")]
    assert (good.trace_id.hex(), good.parent_span_id.hex()) == (TRACE, PARENT)
    attributes = {one.key: one.value.string_value for one in bad.attributes}
    assert (attributes["rpc.grpc.status_code"], attributes["knowflow.reason"]) == (
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
    )
