"""Envoy's admin interface, as far as the gateway needs it."""

import asyncio
import http.client
import json
import socket
from pathlib import Path

_TIMEOUT_S = 5.0


class Admin:
    """Asks an Envoy on this machine about its state. Every method raises `OSError` while nobody listens."""

    def __init__(self, *, path: Path | None, port: int | None) -> None:
        """Take the Unix socket, or the port on 127.0.0.1."""
        self._path = path
        self._port = port

    async def is_ready(self) -> bool:
        """Return whether Envoy has read its configuration and takes calls."""
        status, _ = await self._ask("GET", "/ready")
        return status == http.client.OK

    async def listening_port(self) -> int:
        """Return the port on which the gateway listens."""
        _, body = await self._ask("GET", "/listeners?format=json")
        return int(json.loads(body)["listener_statuses"][0]["local_address"]["socket_address"]["port_value"])

    async def active_calls(self) -> int:
        """Return how many calls are under way."""
        _, body = await self._ask("GET", "/stats?format=json&filter=^http.rest.downstream_rq_active$")
        return sum(stat["value"] for stat in json.loads(body)["stats"] if stat)

    async def drain(self) -> None:
        """Stop listening; connections end after the call under way."""
        await self._ask("POST", "/drain_listeners")

    async def _ask(self, method: str, target: str) -> tuple[int, bytes]:
        return await asyncio.to_thread(self._ask_blocking, method, target)

    def _ask_blocking(self, method: str, target: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT_S)
        try:
            if self._port is None:
                connection.sock = _unix_socket(self._path)
            connection.request(method, target)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(f"Envoy's admin interface broke off: {error!r}") from error
        finally:
            connection.close()


def _unix_socket(path: Path | None) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(_TIMEOUT_S)
    try:
        client.connect(str(path))
    except OSError:
        client.close()
        raise
    return client
