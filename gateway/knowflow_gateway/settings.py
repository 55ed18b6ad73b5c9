"""What an operator may decide about the gateway."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

_MIB = 1 << 20
_GIB = 1 << 30

# sun_path of unix(7) holds 108 bytes with its final zero.
_LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """Everything `render` needs beside the protos; the defaults suit one machine.

    The sentence beside each type is what the command line's help and the README show.
    """

    listen_host: Annotated[str, "Address the gateway listens on."] = "0.0.0.0"  # noqa: S104 - it is there to be reached
    listen_port: Annotated[int, "Port the gateway listens on; 0 lets the system choose."] = 9380
    tls_certificate: Annotated[Path | None, "PEM file with the certificate chain, to serve HTTPS."] = None
    tls_key: Annotated[Path | None, "PEM file with the certificate's private key."] = None

    grpc_host: Annotated[str, "Address or name of the gRPC server behind the gateway."] = "127.0.0.1"
    grpc_port: Annotated[int, "Port of the gRPC server."] = 9390
    health_check_interval_s: Annotated[
        float, "Seconds between two `grpc.health.v1` checks of the gRPC server; 0 is never."
    ] = 1.0

    descriptor_path: Annotated[Path, "The descriptor set as Envoy finds it when it starts."] = Path("knowflow.pb")
    admin_path: Annotated[Path | None, "Unix socket of Envoy's admin interface, mode 600."] = None
    admin_port: Annotated[
        int | None,
        "Port of the admin interface on 127.0.0.1 instead, e.g. for Prometheus. It can stop Envoy: keep it private.",
    ] = None

    max_upload_bytes: Annotated[int, "Largest upload in bytes, plus 1 MiB for multipart framing."] = _GIB
    max_json_bytes: Annotated[
        int, "Largest JSON request in bytes; the gRPC server must accept messages of this size."
    ] = 16 * _MIB
    max_answer_bytes: Annotated[int, "Largest JSON answer in bytes; streams and downloads have no limit."] = 64 * _MIB
    max_connections: Annotated[int, "Callers connected at the same time; one more is turned away."] = 4096
    max_concurrent_calls: Annotated[int, "Calls under way at the same time; one more is answered 503."] = 2048

    unary_timeout_s: Annotated[float, "Seconds after which a call that does not stream is answered 504."] = 60.0
    stream_idle_timeout_s: Annotated[
        float, "Seconds of silence after which a stream, an upload or a download is cut."
    ] = 300.0
    drain_s: Annotated[float, "Seconds a stopping gateway waits for calls under way."] = 30.0

    cors_origins: Annotated[
        tuple[str, ...], "Web origins whose pages may call, e.g. `https://app.example.com`; `*` is all, empty is none."
    ] = ()
    trusted_proxies: Annotated[int, "Proxies in front of the gateway whose `x-forwarded-for` is believed."] = 0
    access_log: Annotated[str, "`stdout`, a file, or empty for none: one JSON line a call, without query strings."] = (
        "stdout"
    )
    worker_threads: Annotated[int, "Envoy's worker threads."] = 2

    def __post_init__(self) -> None:
        """Refuse what Envoy would accept in silence or refuse in its own words."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both or neither.")
        if self.admin_path is not None and len(bytes(self.admin_path)) > _LONGEST_SOCKET_PATH:
            raise ValueError(
                f"The admin socket's path is longer than the {_LONGEST_SOCKET_PATH} bytes which the system allows:"
                f" {self.admin_path}. Choose a shorter folder."
            )
