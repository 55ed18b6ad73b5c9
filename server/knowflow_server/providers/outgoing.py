"""The guard of outgoing HTTP: every address that a user gave is requested here, and nowhere else.

A host is looked up once; the connection goes to the addresses that were checked, because a second lookup could give
others (DNS rebinding). Each redirect is a new request with the same checks.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from knowflow_server.domain.outgoing import OutgoingAnswer, OutgoingError, OutgoingRequest
from knowflow_server.providers.addresses import Address, Addresses

METHODS = frozenset({"GET", "POST", "PUT"})
MAX_REDIRECTS = 5
MAX_URL = 8_192
CONNECT_S = 10.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Only the connection decides about these.
OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "keep-alive"}
)
# What another host than the one the user named gets to see; any other header may hold a credential.
SHARED_HEADERS = frozenset({"accept", "accept-language", "user-agent"})
USER_AGENT = "KnowFlow"


@dataclass(frozen=True, slots=True)
class OutgoingLimits:
    """What an outgoing request may take.

    Args:
        ports: Ports of public hosts.
        timeout_s: Longest time in seconds, redirects included.
        max_bytes: Largest answer in bytes, decompressed.
        proxies: Addresses of proxies which requests may name.
    """

    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})
    timeout_s: float = 60.0
    max_bytes: int = 10 * 1024 * 1024
    proxies: frozenset[str] = frozenset()


class OutgoingGuard:
    """Requests to addresses which users give; implements `OutgoingHttp`.

    Args:
        addresses: Says which addresses may be connected to.
        limits: What a request may take.
        tls: Whom TLS trusts; None means the certificate authorities of the system.
    """

    def __init__(
        self, addresses: Addresses, limits: OutgoingLimits | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._addresses = addresses
        self._tls = tls
        self._limits = limits or OutgoingLimits()

    async def check(self, request: OutgoingRequest) -> None:
        """Look at the address of a request without sending anything.

        Raises:
            OutgoingError: The address is not allowed, or does not exist; the two look alike.
        """
        await self._resolved(_url(request.url), request)

    async def request(self, request: OutgoingRequest) -> OutgoingAnswer:
        """Send a request, follow redirects, and return the last answer.

        Raises:
            OutgoingError: The address is not allowed, the host cannot be reached, or the answer is too large or late.
        """
        if request.method not in METHODS:
            raise OutgoingError(f"The method {request.method} cannot be used; GET, POST and PUT can.")
        if request.proxy and request.proxy not in self._limits.proxies:
            raise OutgoingError("This server does not allow that proxy; its operator can name it.")
        limit = min(request.timeout_s or self._limits.timeout_s, self._limits.timeout_s)
        url = _url(request.url)
        present = replace(request, headers=_headers(request.headers))
        try:
            async with asyncio.timeout(limit):
                return await self._follow(url, present)
        except TimeoutError:
            raise OutgoingError(f"The host {url.host} did not answer within {limit:g} seconds.") from None

    async def _follow(self, url: URL, request: OutgoingRequest) -> OutgoingAnswer:
        for _ in range(MAX_REDIRECTS + 1):
            answer, target = await self._hop(url, request)
            if not target:
                return answer
            following = _joined(url, target)
            request = _redirected(request, answer.status, url, following)
            url = following
        raise OutgoingError(f"The host {url.host} redirects more than {MAX_REDIRECTS} times.")

    async def _resolved(self, url: URL, request: OutgoingRequest) -> list[Address]:
        """Return the addresses of a host, each of which may be connected to."""
        # As it is sent: `url.host` is for people.
        assert url.raw_host is not None
        assert url.port is not None
        # Without usual ports, only what the operator names with its port is left.
        plain = request.is_secure and url.scheme != "https"
        return await self._addresses.resolve(url.raw_host, url.port, ports=() if plain else self._limits.ports)

    async def _hop(self, url: URL, request: OutgoingRequest) -> tuple[OutgoingAnswer, str]:
        """Return an answer, and where it redirects to."""
        checked = await self._resolved(url, request)
        assert url.port is not None
        try:
            async with (
                self._session(checked, url.port, request.proxy) as session,
                session.request(
                    request.method,
                    url,
                    headers=request.headers,
                    data=request.body,
                    proxy=request.proxy or None,
                    allow_redirects=False,
                ) as response,
            ):
                follows = response.status in REDIRECTS and not request.is_final
                target = response.headers.get("Location", "") if follows else ""
                kind = response.content_type if "Content-Type" in response.headers else ""
                is_read = not target and (not request.kinds or kind in request.kinds)
                body = await self._read(url, response, request.excerpt_bytes) if is_read else b""
                later, headers = response.headers.get("Retry-After", ""), _lower(response.headers)
                return OutgoingAnswer(response.status, kind, body, response.charset or "", later, headers), target
        except (aiohttp.ClientError, OSError, ValueError):
            # Which of these it was would tell much about what listens where.
            raise OutgoingError(f"The host {url.host} could not be reached, or did not answer with HTTP.") from None

    @asynccontextmanager
    async def _session(
        self, checked: Sequence[Address], port: int, proxy: str
    ) -> AsyncGenerator[aiohttp.ClientSession, None]:
        """A session for one request: nothing of an earlier one, no cookies, no proxy or keys of the environment."""
        pinned = {} if proxy else {"resolver": _Pinned(checked), "socket_factory": _only(checked, port)}
        connector = aiohttp.TCPConnector(ssl=self._tls or True, force_close=True, use_dns_cache=False, **pinned)  # type: ignore[arg-type]
        async with aiohttp.ClientSession(
            connector=connector,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
            requote_redirect_url=False,
        ) as session:
            yield session

    async def _read(self, url: URL, response: aiohttp.ClientResponse, excerpt: int | None) -> bytes:
        # Counted after decompression, which goes in small steps, so that a bomb stops early.
        made = bytearray()
        async for piece in response.content.iter_chunked(64 * 1024):
            made += piece
            if excerpt is not None and len(made) >= excerpt:
                return bytes(made[:excerpt])
            if len(made) > self._limits.max_bytes:
                raise OutgoingError(f"The answer of {url.host} has more than {self._limits.max_bytes} bytes.")
        return bytes(made)


class _Pinned(AbstractResolver):
    """Knows the checked addresses only."""

    def __init__(self, checked: Sequence[Address]) -> None:
        self._checked = checked

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the checked addresses."""
        return [
            {
                "hostname": host,
                "host": str(address),
                "port": port,
                "family": socket.AF_INET if address.version == 4 else socket.AF_INET6,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in self._checked
            if family in {socket.AF_UNSPEC, socket.AF_INET if address.version == 4 else socket.AF_INET6}
        ]

    async def close(self) -> None:
        """Nothing is open."""


def _only(checked: Collection[Address], port: int) -> aiohttp.SocketFactoryType:
    """Return what opens sockets to checked addresses only: the last word, whatever a library made of the host."""
    places = {(str(address), port) for address in checked}

    def opened(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = info
        if (str(place[0]), place[1]) not in places:
            raise OSError("The address was not checked.")
        return socket.socket(family, kind, protocol)

    return opened


def _url(text: str) -> URL:
    """Return an address that can only be read in one way.

    Raises:
        OutgoingError: It cannot be used.
    """
    # Readers of addresses disagree about these characters.
    if len(text) > MAX_URL or "\\" in text or any(c.isspace() or not c.isprintable() for c in text):
        raise OutgoingError("The URL is too long, or holds blanks, backslashes or control characters.")
    url = None
    with suppress(ValueError):
        url = URL(text)
    if url is None or url.scheme not in {"http", "https"} or not url.host or not url.port:
        raise OutgoingError("The URL should be an http or https address with a host.")
    if url.raw_user is not None or url.raw_password is not None:
        raise OutgoingError("The URL should hold no user and password; use the header Authorization.")
    return url.with_fragment(None)


def _joined(url: URL, target: str) -> URL:
    try:
        joined = url.join(URL(target, encoded=True))
    except ValueError:
        raise OutgoingError(f"The host {url.host} redirects to something that is no address.") from None
    return _url(str(joined))


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    kept = {"User-Agent": USER_AGENT}
    for name, value in headers.items():
        if name.lower() in OWN_HEADERS or name.lower().startswith("proxy-"):
            raise OutgoingError(f"The header {name} cannot be set.")
        if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum() or not value.isprintable():
            raise OutgoingError("A header has a name or a value that HTTP does not allow.")
        if name.lower() == "user-agent":
            del kept["User-Agent"]
        kept[name] = value
    return kept


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _redirected(request: OutgoingRequest, status: int, url: URL, following: URL) -> OutgoingRequest:
    """Return the request which follows a redirect: nothing of the user goes to another host.

    Raises:
        OutgoingError: It may not be followed.
    """
    if url.scheme == "https" and following.scheme == "http":
        raise OutgoingError(f"The host {url.host} redirects from https to http.")
    repeats = status in {307, 308} or request.method == "GET"
    headers = dict(request.headers)
    if url.origin() != following.origin():
        if repeats and request.body is not None:
            raise OutgoingError(f"The host {url.host} redirects a body to another host.")
        headers = {name: value for name, value in headers.items() if name.lower() in SHARED_HEADERS}
    if repeats:
        return replace(request, headers=headers)
    headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return replace(request, method="GET", headers=headers, body=None)
