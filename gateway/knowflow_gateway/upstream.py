"""The cluster: the gRPC server behind the gateway."""

from typing import Any

from knowflow_gateway.settings import GatewaySettings

CLUSTER = "server"

# Envoy would let an HTTP/2 stream run 256 MiB ahead of a slow reader. One MiB keeps a fast line full and memory flat.
HTTP2_WINDOWS = {"initial_stream_window_size": 1 << 20, "initial_connection_window_size": 4 << 20}

_UNLIMITED = 1 << 30


def cluster(settings: GatewaySettings) -> dict[str, Any]:
    """Return the cluster of the gRPC server with its limits and health check."""
    address = {"socket_address": {"address": settings.grpc_host, "port_value": settings.grpc_port}}
    config: dict[str, Any] = {
        "name": CLUSTER,
        "type": "STRICT_DNS",
        "connect_timeout": "2s",
        "per_connection_buffer_limit_bytes": 1 << 20,
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": HTTP2_WINDOWS},
            }
        },
        "circuit_breakers": {
            "thresholds": [
                {
                    "max_requests": settings.max_concurrent_calls,
                    "max_pending_requests": settings.max_concurrent_calls,
                    "max_connections": _UNLIMITED,
                    "max_retries": 64,
                }
            ]
        },
        "load_assignment": {
            "cluster_name": CLUSTER,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        },
    }
    if settings.health_check_interval_s > 0:
        interval = f"{settings.health_check_interval_s}s"
        config["health_checks"] = [
            {
                # A server which is busy for a moment must not be taken for dead: that takes three such failures.
                "timeout": "5s",
                "unhealthy_threshold": 3,
                "healthy_threshold": 1,
                "interval": interval,
                # Before the first call Envoy would check once a minute only.
                "no_traffic_interval": interval,
                "no_traffic_healthy_interval": interval,
                "grpc_health_check": {},
            }
        ]
        # With one server, "most hosts are unhealthy" must not mean "call them all the same".
        config["common_lb_config"] = {"healthy_panic_threshold": {"value": 0}}
    return config
