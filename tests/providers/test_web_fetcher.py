"""The web fetcher over a real guard: robots.txt, redirects, caps, validators, and errors that tell nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowflow_server.domain.ports import WebError
from knowflow_server.providers import web_fetcher
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.outgoing import OutgoingGuard, OutgoingLimits
from knowflow_server.providers.web_fetcher import ROBOTS_S, RobotsWebFetcher
from tests.standins.website import ROBOTS, Website, page, redirects, says, stalls, tagged

AGENT = "KnowFlowBot/1.0"
MAX_BYTES = 1024 * 1024


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.value = 0.0

    def __call__(self) -> float:
        return self.value


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as website:
        yield website


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def fetcher(website: Website, clock: Seconds) -> Iterator[RobotsWebFetcher]:
    addresses = Addresses([website.place])
    guard = OutgoingGuard(addresses, OutgoingLimits(max_bytes=MAX_BYTES))
    yield RobotsWebFetcher(guard, user_agent=AGENT, timeout_s=20, now=clock)
    addresses.close()


async def test_fetch_returns_the_page_with_its_type_and_charset(fetcher: RobotsWebFetcher, website: Website) -> None:
    found = await fetcher.fetch(website.url("/faq"))
    assert (found.url, found.content_type, found.charset) == (website.url("/faq"), "text/html", "utf-8")
    assert b"return policy" in found.body
    assert not found.is_unchanged
    [robots, asked] = website.asked
    assert (robots[0], asked[0]) == ("/robots.txt", "/faq")
    assert asked[1]["User-Agent"] == AGENT
    assert "If-None-Match" not in asked[1]


async def test_fetch_follows_redirects_and_names_the_last_address(fetcher: RobotsWebFetcher, website: Website) -> None:
    assert (await fetcher.fetch(website.url("/moved"))).url == website.url("/faq")


async def test_fetch_with_a_validator_of_an_unchanged_page_has_no_body(
    fetcher: RobotsWebFetcher, website: Website
) -> None:
    first = await fetcher.fetch(website.url("/tagged"))
    again = await fetcher.fetch(website.url("/tagged"), etag=first.etag)
    assert (first.etag, first.is_unchanged, again.is_unchanged, again.body) == ('"one"', False, True, b"")
    website.pages["/tagged"] = tagged("<p>New.</p>", '"two"')
    changed = await fetcher.fetch(website.url("/tagged"), etag=first.etag)
    assert (changed.etag, changed.body) == ('"two"', b"<p>New.</p>")


async def test_unchanged_is_believed_of_a_page_that_is_known_alone(fetcher: RobotsWebFetcher, website: Website) -> None:
    with pytest.raises(WebError, match="HTTP 304"):
        await fetcher.fetch(website.url("/stubborn"))
    found = await fetcher.fetch(website.url("/stubborn"), etag='"one"', last_modified="yesterday")
    assert (found.is_unchanged, found.etag, found.last_modified) == (True, '"one"', "yesterday")


async def test_fetch_unpacks_pages(fetcher: RobotsWebFetcher, website: Website) -> None:
    assert b"return policy" in (await fetcher.fetch(website.url("/packed"))).body


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/private/faq", "The robots.txt of the website forbids to fetch this page."),
        ("/a.secret", "The robots.txt of the website forbids to fetch this page."),
        ("/hidden", "The robots.txt of the website forbids to fetch this page."),
        ("/loop", "The website redirects more than 5 times."),
        ("/large", f"The answer of 127.0.0.1 has more than {MAX_BYTES} bytes."),
        ("/bomb", f"The answer of 127.0.0.1 has more than {MAX_BYTES} bytes."),
        ("/picture", "The page is neither HTML, nor plain text, nor a PDF."),
        ("/nowhere", "The website has no such page (HTTP 404)."),
        ("/forbidden", "The website refuses this page to robots (HTTP 403)."),
        ("/broken", "The website did not answer with a page (HTTP 500)."),
    ],
)
async def test_fetch_of_what_cannot_be_used_says_why(
    fetcher: RobotsWebFetcher, website: Website, path: str, sentence: str
) -> None:
    with pytest.raises(WebError) as caught:
        await fetcher.fetch(website.url(path))
    assert caught.value.sentence == sentence


@pytest.mark.parametrize("path", ["/slow", "/trickle"])
async def test_fetch_of_a_page_that_does_not_end_is_given_up(website: Website, path: str) -> None:
    addresses = Addresses([website.place])
    fetcher = RobotsWebFetcher(OutgoingGuard(addresses), user_agent=AGENT, timeout_s=1)
    with pytest.raises(WebError, match="did not send the page within 1 seconds"):
        await fetcher.fetch(website.url(path))
    addresses.close()


async def test_redirect_to_an_address_inside_is_refused(fetcher: RobotsWebFetcher, website: Website) -> None:
    with pytest.raises(WebError) as inside:
        await fetcher.fetch(website.url("/inside"))
    with pytest.raises(WebError) as direct:
        await fetcher.fetch("http://169.254.169.254/latest/meta-data")
    with pytest.raises(WebError) as checked:
        await fetcher.check("http://169.254.169.254/latest/meta-data")
    assert "could not be read" in inside.value.sentence
    assert direct.value.sentence == checked.value.sentence


async def test_check_sends_nothing(fetcher: RobotsWebFetcher, website: Website) -> None:
    await fetcher.check(website.url("/faq"))
    assert website.asked == []


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "http://", "nonsense", "http://user:secret@127.0.0.1/", "http://a b/"]
)
async def test_check_refuses_what_is_no_address_of_a_page(fetcher: RobotsWebFetcher, url: str) -> None:
    with pytest.raises(WebError):
        await fetcher.check(url)


async def test_robots_are_asked_for_once_an_hour(fetcher: RobotsWebFetcher, website: Website, clock: Seconds) -> None:
    for _ in range(3):
        await fetcher.fetch(website.url("/faq"))
    assert website.count("/robots.txt") == 1
    clock.value = ROBOTS_S + 1
    website.pages["/robots.txt"] = page("User-agent: *\nDisallow: /", Content_Type="text/plain")
    with pytest.raises(WebError, match="forbids"):
        await fetcher.fetch(website.url("/faq"))
    assert (website.count("/robots.txt"), website.count("/faq")) == (2, 3)


async def test_robots_which_are_too_large_together_are_asked_for_again(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Website() as other:
        addresses = Addresses([website.place, other.place])
        fetcher = RobotsWebFetcher(OutgoingGuard(addresses), user_agent=AGENT, timeout_s=20)
        for most in (2 * len(ROBOTS), 2 * len(ROBOTS) - 1):
            monkeypatch.setattr(web_fetcher, "KEPT_ROBOTS_BYTES", most)
            for place in (website, other, website):
                await fetcher.fetch(place.url("/faq"))
        assert (website.count("/robots.txt"), other.count("/robots.txt")) == (2, 2)
        addresses.close()


async def test_robots_speak_to_the_first_word_of_the_user_agent_alone(website: Website) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: OtherBot\nAllow: /\n"
    website.pages["/robots.txt"] = page(rules, Content_Type="text/plain")
    addresses = Addresses([website.place])
    fetcher = RobotsWebFetcher(OutgoingGuard(addresses), user_agent=f"{AGENT} (not OtherBot)", timeout_s=20)
    with pytest.raises(WebError, match="forbids"):
        await fetcher.fetch(website.url("/faq"))
    addresses.close()


async def test_without_robots_everything_may_be_fetched(fetcher: RobotsWebFetcher, website: Website) -> None:
    website.pages["/robots.txt"] = says(404)
    assert (await fetcher.fetch(website.url("/private/faq"))).body


@pytest.mark.parametrize("answer", [says(503), says(429), redirects("/robots.txt")])
async def test_robots_that_cannot_be_read_forbid_everything_for_a_while(
    fetcher: RobotsWebFetcher, website: Website, clock: Seconds, answer: object
) -> None:
    website.pages["/robots.txt"] = answer  # type: ignore[assignment]
    for _ in range(2):
        with pytest.raises(WebError, match=r"robots\.txt of the website could not be read"):
            await fetcher.fetch(website.url("/faq"))
    website.pages["/robots.txt"] = page(ROBOTS, Content_Type="text/plain")
    clock.value = 301
    assert (await fetcher.fetch(website.url("/faq"))).body


async def test_errors_hold_nothing_of_the_answer(fetcher: RobotsWebFetcher, website: Website) -> None:
    for path in ("/broken", "/forbidden", "/nowhere", "/picture"):
        with pytest.raises(WebError) as caught:
            await fetcher.fetch(website.url(path))
        assert "The answer of the website." not in caught.value.sentence


async def test_one_page_of_a_host_at_a_time_and_a_silent_one_ends(website: Website) -> None:
    addresses = Addresses([website.place])
    fetcher = RobotsWebFetcher(OutgoingGuard(addresses), user_agent=AGENT, timeout_s=1)
    website.pages["/robots.txt"] = stalls
    with pytest.raises(WebError):
        await fetcher.fetch(website.url("/faq"))
    assert website.count("/faq") == 0
    addresses.close()
