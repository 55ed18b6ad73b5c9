"""The guard of outgoing requests: what it lets out, and what tricks it does not fall for. All of it on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from knowflow_server.domain.outgoing import OutgoingAnswer, OutgoingError, OutgoingRequest
from knowflow_server.providers.addresses import Addresses, BadAllowanceError, is_public
from knowflow_server.providers.outgoing import OutgoingGuard, OutgoingLimits
from tests.standins.certificate import certificate
from tests.standins.http import Exchange, LoopbackServer

Handler = Callable[[Exchange], Awaitable[None]]


class Site:
    """A web site whose pages are coroutines by path; keeps what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.asked: list[Exchange] = []
        self.server = LoopbackServer(self.answer)

    async def answer(self, exchange: Exchange) -> None:
        self.asked.append(exchange)
        page = self.pages.get(exchange.path.partition("?")[0])
        await (page(exchange) if page else exchange.send(200, b"hello", Content_Type="text/plain"))

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.port}{path}"

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        async def page(exchange: Exchange) -> None:
            await exchange.send(status, b"", Location=target)

        self.pages[path] = page


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with made.server:
        yield made


@pytest.fixture
def other() -> Iterator[Site]:
    made = Site()
    with made.server:
        yield made


def guard(
    *allowed: Site | str,
    names: dict[str, Sequence[str]] | None = None,
    limits: OutgoingLimits | None = None,
) -> OutgoingGuard:
    """Return a guard which allows some sites, and knows some names beside the addresses."""
    allow = [place if isinstance(place, str) else f"127.0.0.1:{place.server.port}" for place in allowed]

    async def lookup(host: str, port: int) -> Sequence[str]:
        if names and host in names:
            return names[host]
        return [str(ip_address(host))]

    return OutgoingGuard(Addresses(allow, lookup=lookup if names else None), limits)


async def get(asked: OutgoingGuard, url: str, **headers: str) -> OutgoingAnswer:
    return await asked.request(OutgoingRequest("GET", url, {name.replace("_", "-"): v for name, v in headers.items()}))


async def refused(asked: OutgoingGuard, url: str) -> str:
    with pytest.raises(OutgoingError) as caught:
        await get(asked, url)
    return caught.value.sentence


async def test_allowed_place_is_asked_and_answers(site: Site) -> None:
    answer = await get(guard(site), site.url("/page?a=1"), X_Key="secret")

    assert (200, "text/plain", "hello") == (answer.status, answer.content_type, answer.text)
    assert "/page?a=1" == site.asked[0].path
    assert "secret" == site.asked[0].headers["X-Key"]
    assert "KnowFlow" == site.asked[0].headers["User-Agent"]


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "localhost.",
            "127.1",
            "0x7f.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "0.0.0.0",
        ),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
        *("[2002:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fd00::1]", "[ff02::1]", "10.0.0.1", "172.16.0.1"),
        *("192.168.1.1", "169.254.169.254", "168.63.129.16", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1"),
    ],
)
async def test_address_that_is_not_public_is_refused(site: Site, host: str) -> None:
    sentence = await refused(guard(limits=OutgoingLimits(ports=frozenset({site.server.port}))), site.url(host=host))

    assert "server does not allow it" in sentence or "should be an http" in sentence or "could not be" in sentence
    assert not site.asked


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "", "http://"),
        *("http://user:secret@127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1\\@example.com/"),
        *(
            "http://example.com\\@127.0.0.1/",
            "http://127.0.0.1 /",
            "http://127.0.0.1/\r\nHost: x",
            "http://127.0.0.1/\t",
        ),
        *("http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://[::1/", "http://" + "a" * 9000 + "/"),
    ],
)
async def test_url_that_readers_disagree_about_is_refused(url: str) -> None:
    assert "URL" in await refused(guard("127.0.0.1"), url)


async def test_name_with_one_bad_address_is_refused(site: Site) -> None:
    names = {"mixed.example": ["127.0.0.1", "10.0.0.1"]}

    assert "mixed.example" in await refused(guard(site, names=names), site.url(host="mixed.example"))
    assert not site.asked


async def test_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(site: Site) -> None:
    lookups = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["127.0.0.2"]

    addresses = Addresses([f"127.0.0.1:{site.server.port}"], lookup=lookup)
    answer = await get(OutgoingGuard(addresses), site.url(host="rebinding.example"))

    assert "hello" == answer.text
    assert ["rebinding.example"] == lookups
    assert f"rebinding.example:{site.server.port}" == site.asked[0].headers["Host"]


async def test_place_that_does_not_exist_and_one_that_is_not_allowed_read_the_same() -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        if host == "missing.example":
            raise OSError
        return ["10.0.0.1"]

    asked = OutgoingGuard(Addresses(lookup=lookup))
    missing, private = await refused(asked, "http://missing.example"), await refused(asked, "http://private.example")

    assert missing.replace("missing", "private") == private


async def test_port_of_no_web_site_is_refused() -> None:
    names = {"public.example": ["93.184.216.34"]}

    assert "public.example" in await refused(guard(names=names), "http://public.example:22/")


@pytest.mark.parametrize("allowed", ["127.0.0.0/8", "127.0.0.1", "intranet.example"])
async def test_allowed_place_without_port_allows_usual_ports_only(site: Site, allowed: str) -> None:
    names = {"intranet.example": ["127.0.0.1"]}
    usual = OutgoingLimits(ports=frozenset({site.server.port}))

    await get(guard(allowed, names=names, limits=usual), site.url(host="intranet.example"))
    await refused(guard(allowed, names=names), site.url(host="intranet.example"))

    assert 1 == len(site.asked)


async def test_allowed_port_does_not_allow_others(site: Site, other: Site) -> None:
    await refused(guard(site), other.url())

    assert not other.asked


@pytest.mark.parametrize(
    "entry", ["", ":80", "host:", "host:0", "host:99999", "10.0.0.0/99", "[::1]80", "::1::2", "a/b"]
)
def test_allowance_that_cannot_be_read_is_refused_at_the_start(entry: str) -> None:
    with pytest.raises(BadAllowanceError):
        Addresses([entry])


async def test_redirect_is_followed_where_the_target_is_allowed(site: Site) -> None:
    site.redirect("/from", "/to?b=2")

    assert "hello" == (await get(guard(site), site.url("/from"), Authorization="Bearer x")).text
    assert ["/from", "/to?b=2"] == [exchange.path for exchange in site.asked]
    assert "Bearer x" == site.asked[1].headers["Authorization"]


@pytest.mark.parametrize(
    "target", ["{other}", "http://169.254.169.254/latest", "file:///etc/passwd", "//10.0.0.1/", "http://[::1"]
)
async def test_redirect_to_a_place_that_is_not_allowed_is_refused(site: Site, other: Site, target: str) -> None:
    site.redirect("/from", target.format(other=other.url()))

    await refused(guard(site), site.url("/from"))

    assert not other.asked


async def test_redirect_to_another_host_takes_no_credentials_along(site: Site, other: Site) -> None:
    site.redirect("/from", other.url("/to"))

    await get(guard(site, other), site.url("/from"), Authorization="Bearer x", X_Api_Key="y", Cookie="z", Accept="a/b")

    headers = other.asked[0].headers
    assert [None, None, None, "a/b"] == [headers[name] for name in ("Authorization", "X-Api-Key", "Cookie", "Accept")]


@pytest.mark.parametrize("status", [307, 308])
async def test_redirect_of_a_body_to_another_host_is_refused(site: Site, other: Site, status: int) -> None:
    site.redirect("/from", other.url("/to"), status)

    with pytest.raises(OutgoingError, match="body"):
        await guard(site, other).request(OutgoingRequest("POST", site.url("/from"), {}, b"secret"))
    assert not other.asked


async def test_redirect_after_a_post_becomes_a_get_and_307_repeats_it(site: Site) -> None:
    site.redirect("/seen", "/to", 303)
    site.redirect("/again", "/to", 307)

    for path in ("/seen", "/again"):
        await guard(site).request(OutgoingRequest("POST", site.url(path), {"Content-Type": "a/b"}, b"body"))

    assert [b"body", b"", b"body", b"body"] == [exchange.body for exchange in site.asked]


async def test_redirects_end(site: Site) -> None:
    site.redirect("/from", "/from")

    assert "redirects more than 5 times" in await refused(guard(site), site.url("/from"))
    assert 6 == len(site.asked)


async def test_answer_that_is_too_large_is_cut_off(site: Site) -> None:
    async def large(exchange: Exchange) -> None:
        await exchange.send(200, b"x" * 100_000)

    async def bomb(exchange: Exchange) -> None:
        await exchange.send(200, gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip")

    site.pages = {"/large": large, "/bomb": bomb}
    asked = guard(site, limits=OutgoingLimits(max_bytes=50_000))

    assert "more than 50000 bytes" in await refused(asked, site.url("/large"))
    assert "more than 50000 bytes" in await refused(asked, site.url("/bomb"))


async def test_answer_that_never_comes_is_given_up(site: Site) -> None:
    async def silent(exchange: Exchange) -> None:
        await asyncio.Event().wait()

    site.pages = {"/": silent}

    assert "within 0.2 seconds" in await refused(guard(site, limits=OutgoingLimits(timeout_s=0.2)), site.url())


async def test_answer_that_is_no_http_is_an_error_which_tells_nothing(site: Site) -> None:
    async def strange(exchange: Exchange) -> None:
        exchange.writer.write(b"220 mail.internal ESMTP secret\r\n")
        exchange.drop()

    site.pages = {"/": strange}

    assert "could not be reached, or did not answer with HTTP" in await refused(guard(site), site.url())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Host", "x"), ("Content-Length", "0"), ("Transfer-Encoding", "chunked"), ("Connection", "close")),
        *(("Proxy-Authorization", "x"), ("A", "b\r\nX: y"), ("A\r\nX", "y"), ("A:", "b"), ("", "b")),
    ],
)
async def test_header_of_the_connection_or_with_line_ends_is_refused(site: Site, name: str, value: str) -> None:
    with pytest.raises(OutgoingError, match="header"):
        await guard(site).request(OutgoingRequest("GET", site.url(), {name: value}))
    assert not site.asked


async def test_method_beside_the_three_is_refused(site: Site) -> None:
    with pytest.raises(OutgoingError, match="DELETE"):
        await guard(site).request(OutgoingRequest("DELETE", site.url()))


async def test_proxy_is_used_only_when_the_operator_named_it(site: Site, other: Site) -> None:
    named = guard(site, limits=OutgoingLimits(proxies=frozenset({other.url().rstrip("/")})))
    request = OutgoingRequest("GET", site.url("/page"), proxy=other.url().rstrip("/"))

    with pytest.raises(OutgoingError, match="proxy"):
        await guard(site).request(request)
    assert "hello" == (await named.request(request)).text
    assert [site.url("/page")] == [exchange.path for exchange in other.asked]
    assert not site.asked


async def test_proxy_of_the_environment_is_not_used(site: Site, other: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other.url())
    monkeypatch.delenv("no_proxy", raising=False)

    await get(guard(site), site.url())

    assert 1 == len(site.asked)
    assert not other.asked


async def test_cookies_of_one_answer_are_not_sent_with_the_next_request(site: Site) -> None:
    async def page(exchange: Exchange) -> None:
        await exchange.send(302, b"", Location="/to", Set_Cookie="a=b")

    site.pages = {"/": page}
    asked = guard(site)

    await get(asked, site.url())

    assert [None, None] == [exchange.headers["Cookie"] for exchange in site.asked]


async def test_text_is_read_in_the_declared_character_set(site: Site) -> None:
    async def page(exchange: Exchange) -> None:
        await exchange.send(200, "Grüße".encode("latin-1"), Content_Type="text/html; charset=iso-8859-1")

    async def unknown(exchange: Exchange) -> None:
        await exchange.send(200, json.dumps("ä").encode(), Content_Type="text/html; charset=unheard-of")

    site.pages = {"/": page, "/unknown": unknown}

    assert "Grüße" == (await get(guard(site), site.url())).text
    assert '"\\u00e4"' == (await get(guard(site), site.url("/unknown"))).text


@pytest.mark.parametrize(
    ("address", "expected"), [("93.184.216.34", True), ("2606:4700::1", True), ("::ffff:8.8.8.8", True)]
)
def test_public_addresses_are_public(address: str, expected: bool) -> None:
    assert expected is is_public(ip_address(address))


async def test_https_shows_the_name_and_checks_the_certificate(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(*map(str, files))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
        writer.close()

    async def lookup(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=served) as server:
        port = server.sockets[0].getsockname()[1]
        addresses = Addresses([f"127.0.0.1:{port}"], lookup=lookup)
        trusting = OutgoingGuard(addresses, tls=ssl.create_default_context(cafile=str(files[0])))

        assert "ok" == (await get(trusting, f"https://secure.example:{port}/")).text
        assert "could not be reached" in await refused(trusting, f"https://other.example:{port}/")
        assert "could not be reached" in await refused(OutgoingGuard(addresses), f"https://secure.example:{port}/")


def post(url: str, **options: object) -> OutgoingRequest:
    return OutgoingRequest("POST", url, body=b"{}", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_final_request_has_a_redirect_for_its_answer(site: Site, other: Site, status: int) -> None:
    site.redirect("/", other.url(), status)
    answer = await guard(site, other).request(post(site.url(), is_final=True))
    assert (answer.status, len(site.asked), len(other.asked)) == (status, 1, 0)


async def test_secure_request_goes_without_tls_only_where_the_operator_names_the_port(site: Site) -> None:
    assert (await guard(site).request(post(site.url(), is_secure=True))).status == 200
    names = {"public.test": ["8.8.8.8"], "intranet.test": ["10.0.0.1"]}
    asked = guard("intranet.test", names=names)
    for host in names:
        # With TLS both are allowed; without, neither, since no port is named.
        await asked.check(post(f"https://{host}/", is_secure=True))
        await asked.check(post(f"http://{host}/"))
        with pytest.raises(OutgoingError):
            await asked.check(post(f"http://{host}/", is_secure=True))
        with pytest.raises(OutgoingError):
            await asked.request(post(f"http://{host}/", is_secure=True))


async def test_check_sends_nothing(site: Site) -> None:
    await guard(site).check(post(site.url()))
    with pytest.raises(OutgoingError):
        await guard().check(post(site.url()))
    assert site.asked == []


async def test_excerpt_is_the_beginning_of_an_answer_of_any_size(site: Site) -> None:
    async def endless(exchange: Exchange) -> None:
        exchange.begin()
        with contextlib.suppress(ConnectionError):
            while not exchange.left.is_set():
                exchange.write(b"x" * 1000)
                await exchange.writer.drain()

    site.pages["/"] = endless
    limits = OutgoingLimits(max_bytes=10_000)
    answer = await guard(site, limits=limits).request(post(site.url(), excerpt_bytes=1500))
    assert answer.body == b"x" * 1500


async def test_retry_after_is_told(site: Site) -> None:
    async def busy(exchange: Exchange) -> None:
        await exchange.send(503, b"", Retry_After="120")

    site.pages["/busy"] = busy
    assert (await guard(site).request(post(site.url("/busy")))).retry_after == "120"
    assert (await guard(site).request(post(site.url()))).retry_after == ""
