"""The listener: the one port on which callers speak HTTP/1.1, HTTP/2, gRPC and gRPC-web."""

from typing import Any

from knowflow_gateway.filters import http_filters
from knowflow_gateway.route_table import route_table
from knowflow_gateway.routes import Api
from knowflow_gateway.settings import GatewaySettings
from knowflow_gateway.upstream import HTTP2_WINDOWS

Config = dict[str, Any]

_TYPE = "type.googleapis.com/envoy.extensions"
# Paths, however they are spelled, of which a part is a secret: whoever has it needs no key.
HIDDEN_PATHS = "(?i)/*(api/+)?iwh/.*"


def listener(settings: GatewaySettings, api: Api) -> Config:
    """Return Envoy's listener."""
    chain: Config = {
        "filters": [
            {
                "name": "envoy.filters.network.http_connection_manager",
                "typed_config": _connection_manager(settings, api),
            }
        ]
    }
    if settings.tls_certificate is not None:
        chain["transport_socket"] = _tls(settings)
    return {
        "name": "rest",
        "address": {"socket_address": {"address": settings.listen_host, "port_value": settings.listen_port}},
        # Two gateways on one port would share its calls in silence. Without it, the second says so and ends.
        "enable_reuse_port": False,
        "per_connection_buffer_limit_bytes": 1 << 20,
        "filter_chains": [chain],
    }


def _tls(settings: GatewaySettings) -> Config:
    certificate = {
        "certificate_chain": {"filename": str(settings.tls_certificate)},
        "private_key": {"filename": str(settings.tls_key)},
    }
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{_TYPE}.transport_sockets.tls.v3.DownstreamTlsContext",
            "common_tls_context": {"alpn_protocols": ["h2", "http/1.1"], "tls_certificates": [certificate]},
        },
    }


def _connection_manager(settings: GatewaySettings, api: Api) -> Config:
    return {
        "@type": f"{_TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "rest",
        "server_name": "knowflow",
        "http2_protocol_options": {"max_concurrent_streams": 128, **HTTP2_WINDOWS},
        "common_http_protocol_options": {"idle_timeout": "600s"},
        "stream_idle_timeout": f"{settings.stream_idle_timeout_s}s",
        "request_headers_timeout": "30s",
        "max_request_headers_kb": 60,
        # The caller's address: of the connection, or what that many trusted proxies say.
        "use_remote_address": True,
        "xff_num_trusted_hops": settings.trusted_proxies,
        # A caller's x-request-id is kept; the Lua filter makes it safe to log.
        "generate_request_id": True,
        "preserve_external_request_id": True,
        "always_set_request_id_in_response": True,
        "normalize_path": True,
        # `/datasets//documents` must not become another path which exists; the Lua filter refuses it.
        "merge_slashes": False,
        "early_header_mutation_extensions": [_outside_headers_removed()],
        "local_reply_config": _local_replies(),
        "access_log": _access_log(settings),
        "route_config": route_table(settings, api),
        "http_filters": http_filters(settings, api.routes),
    }


def _outside_headers_removed() -> Config:
    """Return the rule that headers which gateway and server exchange cannot come from outside."""
    prefixes = ("x-knowflow-", "x-rest-", "x-envoy-")
    return {
        "name": "envoy.http.early_header_mutation.header_mutation",
        "typed_config": {
            "@type": f"{_TYPE}.http.early_header_mutation.header_mutation.v3.HeaderMutation",
            "mutations": [{"remove_on_match": {"key_matcher": {"prefix": prefix}}} for prefix in prefixes],
        },
    }


def _local_replies() -> Config:
    """Return the form of errors which Envoy makes itself.

    The Lua filter gives them their surface's body and a gRPC caller gets them as a status: both need Envoy's bare text.
    Two kinds pass the Lua filter by and have one form for all surfaces: what fails before it, e.g. headers which are
    too large, and a 500 on the way back, e.g. an answer which is too large.
    """
    rest = _header({"name": "x-knowflow-rest", "present_match": True})
    grpc = _header({"name": "content-type", "string_match": {"prefix": "application/grpc"}})
    failed = {"status_code_filter": {"comparison": {"value": {"default_value": 500, "runtime_key": "unused"}}}}
    sentence = "The request is not acceptable HTTP: %RESPONSE_CODE_DETAILS%."
    return {
        "mappers": [
            {
                "filter": {"and_filter": {"filters": [failed, rest]}},
                "body_format_override": {"json_format": {"code": 500, "message": "Internal error."}},
            },
            {
                "filter": {"or_filter": {"filters": [rest, grpc]}},
                "body_format_override": {"text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"}},
            },
        ],
        "body_format": {"json_format": {"code": "%RESPONSE_CODE%", "message": sentence}},
    }


def _header(matcher: Config) -> Config:
    return {"header_filter": {"header": matcher}}


def _access_log(settings: GatewaySettings) -> list[Config]:
    if not settings.access_log:
        return []
    line = {
        "time": "%START_TIME%",
        "method": "%REQ(X-ENVOY-ORIGINAL-METHOD?:METHOD)%",
        "path": "%PATH(NQ:ORIG)%",
        "protocol": "%PROTOCOL%",
        "status": "%RESPONSE_CODE%",
        "details": "%RESPONSE_CODE_DETAILS%",
        "flags": "%RESPONSE_FLAGS%",
        "bytes_in": "%BYTES_RECEIVED%",
        "bytes_out": "%BYTES_SENT%",
        "duration_ms": "%DURATION%",
        "client_ip": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
        "request_id": "%REQ(X-REQUEST-ID)%",
    }
    sink: Config = {"@type": f"{_TYPE}.access_loggers.stream.v3.StdoutAccessLog"}
    if settings.access_log != "stdout":
        sink = {"@type": f"{_TYPE}.access_loggers.file.v3.FileAccessLog", "path": settings.access_log}
    # The address of an inbound webhook is all that its callers show; it stands where the call came in, or, when the
    # path was rewritten for the gRPC server, in the header which keeps it.
    secret, plain = (
        [_path(name, is_secret=is_secret) for name in (":path", "x-envoy-original-path")] for is_secret in (True, False)
    )
    return [
        {
            "name": "calls",
            "filter": {"and_filter": {"filters": plain}},
            "typed_config": {**sink, "log_format": {"json_format": line}},
        },
        {
            "name": "secret_calls",
            "filter": {"or_filter": {"filters": secret}},
            "typed_config": {**sink, "log_format": {"json_format": {**line, "path": "an inbound webhook"}}},
        },
    ]


def _path(header: str, *, is_secret: bool) -> Config:
    """Return the filter for calls of which a header has a path with a secret, or has none."""
    return _header(
        {
            "name": header,
            "string_match": {"safe_regex": {"regex": HIDDEN_PATHS}},
            "treat_missing_header_as_empty": True,
            "invert_match": not is_secret,
        }
    )
