"""Figures about a running server, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

# From a list out of memory to an answer of an agent.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """The figures of one server. Names of callers, organizations and texts are in none of them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.calls = Histogram(
            "knowflow_rpc_duration_seconds",
            "Duration of calls, streams until their end.",
            ["method", "code"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.under_way = Gauge("knowflow_rpc_in_flight", "Calls under way.", registry=self.registry)
        self.tokens = Counter(
            "knowflow_model_tokens", "Tokens which chat models read and wrote.", ["kind"], registry=self.registry
        )
        self.credits = Counter(
            "knowflow_credits_spent", "Credits that answers and searches cost.", ["operation"], registry=self.registry
        )

    def watch(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Add a gauge that is read when somebody asks.

        Args:
            name: Name of the figure.
            text: What it says.
            label: Name of its label.
            read: Returns its values by the value of the label; called from another thread.
        """
        self.registry.register(_Watched(name, text, label, read))

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answer on `/metrics` from a thread of its own, and return what ends that.

        Raises:
            OSError: Nothing can listen there; its sentence says why.
        """
        try:
            server, thread = start_http_server(port, host, self.registry)
        except OSError as error:
            sentence = (
                f"/metrics cannot listen on {host}:{port}: {error.strerror}. Choose another KNOWFLOW_METRICS_PORT."
            )
            raise OSError(sentence) from None

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


class _Watched(Collector):
    def __init__(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        self._name = name
        self._text = text
        self._label = label
        self._read = read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figure."""
        family = GaugeMetricFamily(self._name, self._text, labels=[self._label])
        for value, figure in self._read().items():
            family.add_metric([value], figure)
        yield family
