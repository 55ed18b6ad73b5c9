"""How a channel to a server is set up: address, key, retries, message sizes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from importlib import resources

from google.protobuf import descriptor_pb2

DEFAULT_ADDRESS = "localhost:9390"
# What only reads may be asked for again when the connection breaks; of a write nobody knows whether it was done. What
# is called a search costs credits, so it counts as a write.
READING = ("Check", "Download", "Get", "List", "Retrieve", "Watch")
MAX_MESSAGE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Target:
    """Where a client calls, and as whom.

    Args:
        address: `host:port` of the server's gRPC port, or of its gateway.
        api_key: Shown with each call; empty for calls that need none.
        secure: Whether the connection is encrypted (TLS).
    """

    address: str
    api_key: str
    secure: bool

    @classmethod
    def of(cls, address: str | None, api_key: str | None, *, secure: bool) -> Target:
        """Return a target; what is None comes from KNOWFLOW_ADDRESS and KNOWFLOW_API_KEY.

        Raises:
            ValueError: The key cannot travel in a header.
        """
        address = address or os.environ.get("KNOWFLOW_ADDRESS") or DEFAULT_ADDRESS
        key = (api_key if api_key is not None else os.environ.get("KNOWFLOW_API_KEY", "")).strip()
        if not (key.isascii() and key.isprintable()):
            raise ValueError("The API key has characters that no key has; copy it whole.")
        place = address.removeprefix("http://").removeprefix("https://").removesuffix("/")
        return cls(place, key, secure or address.startswith("https://"))

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return what is sent with each call."""
        return (("authorization", f"Bearer {self.api_key}"),) if self.api_key else ()


def options(retries: int) -> list[tuple[str, object]]:
    """Return the options of a channel.

    Args:
        retries: How often a call that only reads is tried again when the server cannot be reached. A call which never
            left this machine is tried again in any case; one that the server itself has refused is not.
    """
    reads = [
        {"service": service, "method": method}
        for service, methods in _methods().items()
        for method in methods
        if method.startswith(READING)
    ]
    policy = {
        "maxAttempts": min(retries, 4) + 1,
        "initialBackoff": "0.2s",
        "maxBackoff": "3s",
        "backoffMultiplier": 3,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    config = {"methodConfig": [{"name": reads, "retryPolicy": policy}]} if retries else {}
    return [
        ("grpc.service_config", json.dumps(config)),
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ]


@cache
def _methods() -> dict[str, list[str]]:
    packed = resources.files("knowflow").joinpath("descriptors.binpb").read_bytes()
    return {
        f"{file.package}.{service.name}": [method.name for method in service.method]
        for file in descriptor_pb2.FileDescriptorSet.FromString(packed).file
        for service in file.service
        if file.package.startswith("knowflow.")
    }
