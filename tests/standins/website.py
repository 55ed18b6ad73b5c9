"""A small website on loopback: an FAQ page, an article, definitions, a file, and pages that no fetcher should trust."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from tests.standins.http import Exchange, LoopbackServer

Answer = Callable[[Exchange], Awaitable[None]]
HTML = "text/html; charset=utf-8"
ROBOTS = "User-agent: *\nDisallow: /private/\n\nUser-agent: KnowFlowBot\nDisallow: /private/\nDisallow: /*.secret$\n"
RETURNS = ("What is your return policy?", "You can return items within 30 days.")
HOURS = ("When are you open?", "We are open from 9 to 5.")

ARTICLE = """<!DOCTYPE html><html lang="en"><head><title>Tides - The Sea</title>
<link rel="canonical" href="/tides"></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><main><article><h1>Tides</h1>
<p>The moon pulls the sea towards itself, and that is why the water of the sea rises and falls twice a day.</p>
<h2>Why are there two tides a day?</h2>
<p>The earth is pulled as well, so that the water on the side away from the moon stays behind.</p>
<h2>Spring Tides</h2>
<p>At the new moon and at the full moon the sun pulls in line with the moon, and spring tides are the highest.</p>
</article></main><footer>Nobody reads the imprint.</footer></body></html>"""
DEFINITIONS = """<!DOCTYPE html><html><head><title>Words of the sea</title></head><body><main><h1>Words of the sea</h1>
<dl><dt>Ebb</dt><dd>The water goes away from the shore.</dd><dt>Flood</dt><dd>The water comes back to the shore.</dd>
</dl></main></body></html>"""


def faq(*pairs: tuple[str, str], title: str = "Questions") -> str:
    """Return a page with questions for machines (the first pair) and for readers (all of them)."""
    data = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": f"<p>{answer}</p>"}}
            for question, answer in pairs[:1]
        ],
    }
    shown = "".join(f"<details><summary>{question}</summary><p>{answer}</p></details>" for question, answer in pairs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><main><h1>{title}</h1>{shown}</main></body></html>"
    )


def page(body: str | bytes, **headers: str) -> Answer:
    """Answer with a page."""
    content = body.encode() if isinstance(body, str) else body

    async def answer(exchange: Exchange) -> None:
        await exchange.send(200, content, **({"Content_Type": HTML} | headers))

    return answer


def says(status: int, **headers: str) -> Answer:
    """Answer with a status."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(status, b"The answer of the website.", **({"Content_Type": HTML} | headers))

    return answer


def redirects(target: str) -> Answer:
    """Redirect."""
    return says(302, Location=target)


def tagged(body: str, etag: str) -> Answer:
    """Answer with a page that has an ETag, or that it has not changed."""

    async def answer(exchange: Exchange) -> None:
        if exchange.headers.get("If-None-Match") == etag:
            await exchange.send(304, b"", ETag=etag)
        else:
            await exchange.send(200, body.encode(), Content_Type=HTML, ETag=etag)

    return answer


async def has_not_changed(exchange: Exchange) -> None:
    """Answer that the page has not changed, whoever asks."""
    await exchange.send(304, b"")


async def stalls(exchange: Exchange) -> None:
    """Never answer."""
    await exchange.left.wait()


async def trickles(exchange: Exchange) -> None:
    """Begin a page and never end it."""
    exchange.begin(Content_Type=HTML)
    exchange.write(b"<html><body>")
    await exchange.left.wait()


async def pours(exchange: Exchange) -> None:
    """Answer with ten megabytes of text."""
    exchange.begin(Content_Type=HTML)
    for _ in range(160):
        exchange.write(b"<p>All work and no play.</p>\n" * 2_260)
        await exchange.writer.drain()
    await exchange.end()


def bomb() -> bytes:
    """Return a gzip stream of some hundred kilobytes which is a hundred megabytes long."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"<p>" + b" " * 2**20) for _ in range(100)) + packer.flush()


@dataclass
class Website:
    """Serves pages by path, and keeps which were asked for; a test changes `pages` as an author does."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = LoopbackServer(self._answer)
        latin = (
            "<html><head><title>Menü</title></head><body><p>Öffnungszeiten: täglich von 9 bis 17 Uhr.</p></body></html>"
        )
        self.pages |= {
            "/robots.txt": page(ROBOTS, Content_Type="text/plain"),
            "/faq": page(faq(RETURNS, HOURS)),
            "/tides": page(ARTICLE),
            "/words": page(DEFINITIONS),
            "/loop": redirects("/loop"),
            "/moved": redirects("/faq"),
            "/hidden": redirects("/private/faq"),
            "/inside": redirects("http://169.254.169.254/latest/meta-data"),
            "/private/faq": page(faq(RETURNS)),
            "/a.secret": page(faq(RETURNS)),
            "/large": pours,
            "/slow": stalls,
            "/trickle": trickles,
            "/bomb": page(bomb(), Content_Encoding="gzip"),
            "/packed": page(gzip.compress(faq(RETURNS).encode()), Content_Encoding="gzip"),
            "/tagged": tagged(faq(HOURS), '"one"'),
            "/latin": page(latin.encode("latin-1"), Content_Type="text/html; charset=utf-8"),
            "/text": page("The harbour is closed on Sundays, and the gate is locked.\n", Content_Type="text/plain"),
            "/picture": page(b"\x89PNG", Content_Type="image/png"),
            "/empty": page(""),
            "/broken": says(500),
            "/forbidden": says(403),
            "/stubborn": has_not_changed,
        }

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.__exit__(*exception)

    @property
    def place(self) -> str:
        """Host and port, as `KNOWFLOW_OUTGOING_ALLOW` names them."""
        return f"127.0.0.1:{self._server.port}"

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://{self.place}{path}"

    def count(self, path: str) -> int:
        """Return how often a page was asked for."""
        return sum(asked == path for asked, _ in self.asked)

    async def _answer(self, exchange: Exchange) -> None:
        self.asked.append((exchange.path, dict(exchange.headers.items())))
        await self.pages.get(exchange.path, says(404))(exchange)
