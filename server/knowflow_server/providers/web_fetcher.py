"""The web fetcher: pages of websites, through the guard of outgoing requests, as their robots.txt allows."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from protego import Protego
from yarl import URL

from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.outgoing import OutgoingAnswer, OutgoingError, OutgoingHttp, OutgoingRequest
from knowflow_server.domain.ports import FetchedPage, WebError

MAX_REDIRECTS: Final = 5
HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
KINDS: Final = HTML | {"text/plain", "text/markdown", "application/pdf"}
ACCEPT: Final = "text/html, application/xhtml+xml, text/plain;q=0.8, text/markdown;q=0.8, application/pdf;q=0.7"
# RFC 9309: at least 500 KiB of a robots.txt are to be read, and none is to be believed for longer than a day.
ROBOTS_BYTES: Final = 512 * 1024
ROBOTS_S: Final = 3_600.0
# One that could not be read is asked for again sooner.
ROBOTS_RETRY_S: Final = 300.0
ROBOTS_TIMEOUT_S: Final = 10.0
MAX_ORIGINS: Final = 1_000
# Of all that are kept together; parsed, they take twenty times as much.
KEPT_ROBOTS_BYTES: Final = 4 * 1024 * 1024
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# Longest value of a header that is kept and sent again.
MAX_VALIDATOR: Final = 1_024
SENTENCES: Final = {
    401: "The website wants a login for this page (HTTP 401).",
    403: "The website refuses this page to robots (HTTP 403).",
    404: "The website has no such page (HTTP 404).",
    410: "The page is gone for good (HTTP 410).",
    429: "The website takes no more requests for now (HTTP 429); try again later.",
}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a robots.txt of some size says, and until when that is believed; without rules nothing may be fetched."""

    rules: Protego | None
    until: float
    size: int = 0


class RobotsWebFetcher:
    """Implements `ports.WebFetcher`.

    One page of a host is fetched at a time. Each redirect is checked like the first address, by the guard and by the
    robots.txt of its own host.

    Args:
        outgoing: Sends requests; its limits are those of a page.
        user_agent: What websites read in the header User-Agent; its first word is the name in a robots.txt.
        timeout_s: Longest time in seconds for a page with its redirects.
        now: Seconds from any beginning; for tests.
    """

    def __init__(
        self, outgoing: OutgoingHttp, *, user_agent: str, timeout_s: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._outgoing = outgoing
        self._user_agent = user_agent
        # Of the others, a robots.txt might speak to robots which this one is not.
        self._robot = user_agent.strip().partition(" ")[0].partition("/")[0]
        self._timeout_s = timeout_s
        self._now = now
        self._robots: OrderedDict[str, _Rules] = OrderedDict()
        self._locks = NamedLocks()

    async def check(self, url: str) -> None:
        """Look at an address without sending anything; see `ports.WebFetcher.check`."""
        try:
            await self._outgoing.check(OutgoingRequest("GET", url))
        except OutgoingError as error:
            raise WebError(error.sentence) from None

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> FetchedPage:
        """Fetch a page; see `ports.WebFetcher.fetch`."""
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {"User-Agent": self._user_agent, "Accept": ACCEPT}
        headers |= {name: value for name, value in validators.items() if value}
        try:
            # The guard refuses what is no address before anybody asks for its host.
            await self._outgoing.check(OutgoingRequest("GET", url))
            async with self._locks.hold(URL(url).host or ""), asyncio.timeout(self._timeout_s):
                return await self._follow(URL(url).with_fragment(None), headers)
        except OutgoingError as error:
            raise WebError(error.sentence) from None
        except TimeoutError:
            raise WebError(f"The website did not send the page within {self._timeout_s:g} seconds.") from None

    async def _follow(self, url: URL, headers: dict[str, str]) -> FetchedPage:
        first = url
        for _ in range(MAX_REDIRECTS + 1):
            await self._ask_robots(url)
            request = OutgoingRequest("GET", str(url), headers, is_final=True, kinds=KINDS)
            answer = await self._outgoing.request(request)
            if answer.status not in REDIRECTS:
                return _page(url, answer, headers)
            url = _target(url, answer)
            if url.origin() != first.origin():
                # What stands for a page here says nothing there.
                headers = {name: value for name, value in headers.items() if not name.startswith("If-")}
        raise WebError(f"The website redirects more than {MAX_REDIRECTS} times.")

    async def _ask_robots(self, url: URL) -> None:
        origin = str(url.origin())
        found = self._robots.get(origin)
        if found is None or found.until <= self._now():
            found = await self._read_robots(origin)
            self._robots[origin] = found
        self._robots.move_to_end(origin)
        size = sum(kept.size for kept in self._robots.values())
        while len(self._robots) > MAX_ORIGINS or size > KEPT_ROBOTS_BYTES:
            size -= self._robots.popitem(last=False)[1].size
        if found.rules is None:
            raise WebError("The robots.txt of the website could not be read, so nothing may be fetched; try again.")
        # Patterns of a hostile robots.txt may take their time.
        if not await asyncio.to_thread(found.rules.can_fetch, str(url), self._robot):
            raise WebError("The robots.txt of the website forbids to fetch this page.")

    async def _read_robots(self, origin: str) -> _Rules:
        """Return the rules of a host, as RFC 9309 says: none at all where there is no file, nothing where it fails."""
        request = OutgoingRequest(
            "GET",
            f"{origin}/robots.txt",
            {"User-Agent": self._user_agent},
            timeout_s=ROBOTS_TIMEOUT_S,
            excerpt_bytes=ROBOTS_BYTES,
        )
        try:
            answer = await self._outgoing.request(request)
        except OutgoingError:
            return _Rules(None, self._now() + ROBOTS_RETRY_S)
        if answer.status >= 500 or answer.status == 429:
            return _Rules(None, self._now() + ROBOTS_RETRY_S)
        text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
        return _Rules(await asyncio.to_thread(Protego.parse, text), self._now() + ROBOTS_S, len(text))


def _page(url: URL, answer: OutgoingAnswer, sent: Mapping[str, str]) -> FetchedPage:
    """Return the page of an answer to a request with these headers.

    Raises:
        WebError: It holds none.
    """
    etag, last_modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
    etag, last_modified = (value if _is_sendable(value) else "" for value in (etag, last_modified))
    known = sent.get("If-None-Match", ""), sent.get("If-Modified-Since", "")
    # Who was not asked whether something has changed cannot say that it has not: there is nothing it could mean.
    if answer.status == 304 and any(known):
        # Not every website says again by what it knows the page.
        etag, last_modified = etag or known[0], last_modified or known[1]
        return FetchedPage(str(url), "", b"", etag=etag, last_modified=last_modified, is_unchanged=True)
    if answer.status != 200:
        other = f"The website did not answer with a page (HTTP {answer.status})."
        raise WebError(SENTENCES.get(answer.status, other))
    if answer.content_type not in KINDS:
        raise WebError("The page is neither HTML, nor plain text, nor a PDF.")
    return FetchedPage(str(url), answer.content_type, answer.body, answer.charset, etag, last_modified)


def _is_sendable(value: str) -> bool:
    return len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable()


def _target(url: URL, answer: OutgoingAnswer) -> URL:
    """Return where an answer redirects to.

    Raises:
        WebError: To nowhere, or away from https.
    """
    location = answer.headers.get("location", "")
    try:
        target = url.join(URL(location, encoded=True)).with_fragment(None)
        plain = URL(str(target))
        plain.origin()
    except ValueError:
        raise WebError("The website redirects to something that is no address.") from None
    if not location:
        raise WebError("The website redirects to nowhere.")
    if url.scheme == "https" and target.scheme == "http":
        raise WebError("The website redirects from https to http.")
    return plain
