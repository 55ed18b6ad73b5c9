"""Which addresses outgoing connections may have: public ones, and those the operator allows."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from knowflow_server.domain.outgoing import OutgoingError

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

# Ranges of the special-purpose registries of IANA (RFC 6890 and later), and those through which an address of another
# network is reached: IPv4-compatible, NAT64 (RFC 6052, 8215), 6to4 (RFC 3056), Teredo (in 2001::/23), and the platform
# address of Azure. `is_global` calls several of them global.
_RANGES = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
    198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64
    2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
NOT_PUBLIC = tuple(ip_network(item) for item in _RANGES.split())
RESOLVE_S = 10.0
# Lookups have threads of their own: names that never resolve hold up nothing else.
RESOLVER_THREADS = 8


class BadAllowanceError(ValueError):
    """An entry of `KNOWFLOW_OUTGOING_ALLOW` cannot be read."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"KNOWFLOW_OUTGOING_ALLOW: {entry!r} is no host, address or network, with or without a port.")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A place which the operator allows.

    Args:
        host: A name; empty when it is a network.
        network: A network, or a single address as one; None when it is a name.
        port: The only port; None means those which are usual for what is done there.
    """

    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None

    @classmethod
    def read(cls, text: str) -> Allowance:
        """Return an entry such as `intranet.example:8080`, `10.1.0.0/16`, `127.0.0.1:8000`, `[fd00::1]:443`.

        Raises:
            BadAllowanceError: It cannot be read.
        """
        place, mark, port = text.strip(), "", ""
        if place.startswith("["):
            place, _, rest = place[1:].partition("]")
            _, mark, port = rest.partition(":")
            if rest and not rest.startswith(":"):
                raise BadAllowanceError(text)
        elif place.count(":") == 1:
            place, mark, port = place.partition(":")
        if not place or (mark and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536)):
            raise BadAllowanceError(text)
        number = int(port) if port else None
        try:
            return cls("", ip_network(place), number)
        except ValueError:
            if "/" in place or ":" in place:
                raise BadAllowanceError(text) from None
        return cls(_name(place), None, number)


class Addresses:
    """Looks up hosts, and refuses those outgoing connections may not have.

    Args:
        allow: Places beside the public ones, as `Allowance.read` takes them.
        lookup: Returns the addresses of a host; the system's resolver by default.
    """

    def __init__(self, allow: Sequence[str] = (), *, lookup: Lookup | None = None) -> None:
        self._allowed = [Allowance.read(entry) for entry in allow]
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, "outgoing-lookup")
        self._lookup = lookup or self._system_lookup

    def close(self) -> None:
        """Give up the lookups that are under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def resolve(self, host: str, port: int, *, ports: Collection[int] | None) -> list[Address]:
        """Return all addresses of a host, each of which may be connected to.

        The caller connects to these addresses, not to the name: a second lookup could give others.

        Args:
            host: Name or address.
            port: The port to connect to.
            ports: The ports which are usual for what is done; None means any.

        Raises:
            OutgoingError: The host has no address, one that is not allowed, or the port is not allowed.
        """
        name = _name(host)
        refusal = OutgoingError(f"The host {host} cannot be used: it does not exist, or this server does not allow it.")
        if not name or not 0 < port < 65536:
            raise refusal
        try:
            async with asyncio.timeout(RESOLVE_S):
                found = [_plain(ip_address(text)) for text in await self._lookup(name, port)]
        except (OSError, ValueError, TimeoutError):
            # UnicodeError, for names that are none, is a ValueError; so is an address with a zone.
            raise refusal from None
        # One bad address refuses the host: the next attempt could take that one.
        if not found or not all(self._may(name, address, port, ports) for address in found):
            raise refusal
        return list(dict.fromkeys(found))

    async def connect(self, host: str, port: int, *, ports: Collection[int] | None, timeout_s: float) -> socket.socket:
        """Return a connected socket, which does not block; the caller closes it.

        Raises:
            OutgoingError: The host is not allowed, or cannot be reached.
        """
        loop = asyncio.get_running_loop()
        for address in await self.resolve(host, port, ports=ports):
            family = socket.AF_INET if address.version == 4 else socket.AF_INET6
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.setblocking(False)
            try:
                async with asyncio.timeout(timeout_s):
                    await loop.sock_connect(opened, (str(address), port))
            except (OSError, TimeoutError):
                opened.close()
                continue
            except BaseException:
                opened.close()
                raise
            return opened
        raise OutgoingError(f"The host {host} does not answer on port {port}.")

    def _may(self, name: str, address: Address, port: int, ports: Collection[int] | None) -> bool:
        usual = ports is None or port in ports
        if usual and is_public(address):
            return True
        for place in self._allowed:
            if place.port != port if place.port is not None else not usual:
                continue
            if place.host == name or (place.network is not None and address in place.network):
                return True
        return False

    async def _system_lookup(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(place[0]) for *_, place in found]


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet, and leads to no other network."""
    plain = _plain(address)
    return plain.is_global and not any(plain in network for network in NOT_PUBLIC if network.version == plain.version)


def _plain(address: Address) -> Address:
    """Return the IPv4 address which an IPv4-mapped one is."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _name(host: str) -> str:
    """Return a host as it is compared: in lower case, without brackets and the last dot, in ASCII."""
    name = host.strip().strip("[]").rstrip(".").lower()
    with suppress(UnicodeError):
        name = name.encode("idna").decode() if not name.isascii() else name
    return name
