"""Envoy's route table: timeouts, retries, CORS. It sees a transcoded call as `/<service>/<rpc>`, like a native one."""

from typing import Any

from knowflow_gateway.routes import Api
from knowflow_gateway.settings import GatewaySettings
from knowflow_gateway.upstream import CLUSTER

Config = dict[str, Any]


def route_table(settings: GatewaySettings, api: Api) -> Config:
    """Return the route table: one entry for each streaming RPC, and one for all others."""
    # A stream lasts as long as it lasts; only silence ends it.
    endless = {"cluster": CLUSTER, "timeout": "0s", "idle_timeout": f"{settings.stream_idle_timeout_s}s"}
    unary = {
        "cluster": CLUSTER,
        "timeout": f"{settings.unary_timeout_s}s",
        # Both mean that the server has not seen the call.
        "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2},
    }
    host: Config = {
        "name": "all",
        "domains": ["*"],
        "request_headers_to_add": [
            {
                "header": {"key": "x-knowflow-client-ip", "value": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"},
                "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
            }
        ],
        "routes": [
            # What compresses nothing ends with some bytes all the same, and an answer to HEAD has none: callers would
            # take them for the beginning of the next answer.
            {
                "match": {"prefix": "/", "headers": [{"name": "x-knowflow-head", "present_match": True}]},
                "route": unary,
                "typed_per_filter_config": {
                    "envoy.filters.http.compressor": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.http.compressor.v3.CompressorPerRoute",
                        "disabled": True,
                    }
                },
            },
            *({"match": {"path": path}, "route": endless} for path in api.streaming),
            # Reflection and health watches, which gRPC itself brings.
            {"match": {"prefix": "/grpc."}, "route": endless},
            {"match": {"prefix": "/"}, "route": unary},
        ],
    }
    if settings.cors_origins:
        host["typed_per_filter_config"] = {"envoy.filters.http.cors": _cors(settings)}
    return {"name": "routes", "virtual_hosts": [host]}


def _cors(settings: GatewaySettings) -> Config:
    return {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
        "allow_origin_string_match": [
            {"safe_regex": {"regex": ".*"}} if origin == "*" else {"exact": origin} for origin in settings.cors_origins
        ],
        "allow_methods": "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
        "allow_headers": "authorization, content-type, x-api-key, x-request-id, x-grpc-web, x-user-agent, grpc-timeout",
        "expose_headers": (
            "x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after,"
            " content-disposition, grpc-status, grpc-message, grpc-status-details-bin"
        ),
        "max_age": "86400",
    }
