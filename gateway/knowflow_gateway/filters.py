"""The HTTP filters in the order a request passes them; an answer passes them the other way round."""

from collections.abc import Sequence
from typing import Any

from knowflow_gateway.lua import lua_source
from knowflow_gateway.routes import HttpRoute
from knowflow_gateway.settings import GatewaySettings

Config = dict[str, Any]

_MULTIPART_FRAMING_BYTES = 1 << 20

_FILTERS = "type.googleapis.com/envoy.extensions.filters.http"

COMPRESSED = ("application/json", "text/css", "text/html", "text/javascript")


def http_filters(settings: GatewaySettings, routes: Sequence[HttpRoute]) -> list[Config]:
    """Return Envoy's HTTP filter chain.

    Lua stands before the transcoder, so that it sees a request as the caller sent it and an answer as the transcoder
    leaves it, errors of all later filters included. The compressor stands before Lua, so that it sees the final body.
    """
    largest = settings.max_upload_bytes + _MULTIPART_FRAMING_BYTES
    source = lua_source(routes, max_json_bytes=settings.max_json_bytes, max_upload_bytes=largest)
    return [
        _filter("cors", "cors.v3.Cors"),
        _compressor(),
        _filter("lua", "lua.v3.Lua", default_source_code={"inline_string": source}),
        _filter("body_size_limit", "body_size_limit.v3.BodySizeLimit", max_request_bytes=largest),
        _filter("grpc_web", "grpc_web.v3.GrpcWeb"),
        _transcoder(settings, routes),
        # Envoy's own x-envoy-* headers are nobody's business outside.
        _filter("router", "router.v3.Router", suppress_envoy_headers=True),
    ]


def _filter(name: str, kind: str, **options: Any) -> Config:
    return {"name": f"envoy.filters.http.{name}", "typed_config": {"@type": f"{_FILTERS}.{kind}", **options}}


def _compressor() -> Config:
    """Return a gzip filter for texts. Event streams stay as they are: compression would hold tokens back."""
    return _filter(
        "compressor",
        "compressor.v3.Compressor",
        response_direction_config={
            "common_config": {
                "min_content_length": 1024,
                "content_type_matcher": [{"prefix": kind} for kind in COMPRESSED],
            },
            "disable_on_etag_header": True,
        },
        compressor_library={
            "name": "gzip",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip",
                "compression_level": "BEST_SPEED",
            },
        },
    )


def _transcoder(settings: GatewaySettings, routes: Sequence[HttpRoute]) -> Config:
    return _filter(
        "grpc_json_transcoder",
        "grpc_json_transcoder.v3.GrpcJsonTranscoder",
        proto_descriptor=str(settings.descriptor_path),
        services=list(dict.fromkeys(route.service for route in routes)),
        # Names come from json_name. Zeros and empty lists print: a client that reads `data.datasets` must find a list.
        # An optional field that is unset stays out.
        print_options={
            "preserve_proto_field_names": False,
            "always_print_primitive_fields": True,
            "stream_sse_style_delimited": True,
        },
        ignore_unknown_query_parameters=True,
        query_param_unescape_plus=True,
        request_validation_options={
            "reject_unknown_method": True,
            # Otherwise a field of the body silently overrules the path's variable of the same name.
            "reject_binding_body_field_collisions": True,
        },
        # An error gets a body, because Lua can replace a body but cannot add one between headers and trailers.
        convert_grpc_status=True,
        max_request_body_size=settings.max_json_bytes,
        max_response_body_size=settings.max_answer_bytes,
    )
