"""Questions and answers: those that pages and files mark, those that they ask, and those made for the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.pairs import pair
from knowflow_server.domain.ingest.pairs.extract import extract
from knowflow_server.domain.ingest.pairs.pair import MAX_ANSWER, MAX_QUESTION, Pair, asked, is_question, key, unique
from knowflow_server.domain.ingest.pairs.wording import about, vocabulary_of
from tests.domain.ingest.files import paragraph, pdf
from tests.standins.website import ARTICLE, DEFINITIONS, HOURS, RETURNS, faq

SEA = "The water of the sea rises and falls, and that is what the moon does to it."


def of_page(tmp_path: Path, html: str | bytes, **options: Any) -> Any:
    path = tmp_path / "page.html"
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    return extract(path, name="page.html", config={}, url="https://example.com/a/page", **options)


def of_text(tmp_path: Path, text: str, name: str = "sea.md") -> list[Pair]:
    path = tmp_path / name
    path.write_text(text)
    return extract(path, name=name, config={}).pairs


def written(pairs: list[Pair]) -> dict[str, str]:
    return {pair.question: pair.answer for pair in pairs if pair.is_written}


def made(pairs: list[Pair]) -> dict[str, str]:
    return {pair.question: pair.answer for pair in pairs if not pair.is_written}


def test_faq_page_gives_each_question_once(tmp_path: Path) -> None:
    found = of_page(tmp_path, faq(RETURNS, HOURS))
    assert written(found.pairs) == dict([RETURNS, HOURS])
    assert made(found.pairs) == {}
    assert found.title == "Questions"
    assert all(text in found.text for pair in (RETURNS, HOURS) for text in pair)


def test_json_ld_in_a_graph_with_html_and_several_answers(tmp_path: Path) -> None:
    data = """{"@graph": [{"@type": ["WebPage", "FAQPage"], "mainEntity": {"@type": "https://schema.org/Question",
      "name": "Is it &quot;open&quot;?", "acceptedAnswer": [{"@type": "Answer", "text": "<p>Yes.</p><ul><li>daily</li>
      <li>at 9</li></ul>"}, {"@type": "Answer", "text": "Or not."}]}},
      {"@type": "QAPage", "mainEntity": {"@type": "Question", "text": "Why", "suggestedAnswer": {"text": "So."}}},
      {"@type": "Question", "name": "Who?"}]}"""
    page = f'<script type="application/ld+json; charset=utf-8">{data}</script><p>{SEA}</p>'
    pairs = written(of_page(tmp_path, page).pairs)
    assert pairs == {'Is it "open"?': "Yes.\n\n- daily\n- at 9\n\nOr not.", "Why": "So."}


@pytest.mark.parametrize("data", ["{", "[]", "null", "[" * 5_000, '{"@type": "Question", "name": 1}'])
def test_json_ld_that_is_broken_is_read_over(tmp_path: Path, data: str) -> None:
    page = f'<script type="application/ld+json">{data}</script><p>{SEA}</p>'
    assert written(of_page(tmp_path, page).pairs) == {}


def test_microdata(tmp_path: Path) -> None:
    page = """<main><div itemscope itemtype="https://schema.org/FAQPage">
      <div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><h3 itemprop="name">Do you ship</h3>
      <div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer"><div itemprop="text">
      Yes, to <b>all</b> countries.<br>Really.</div></div></div></div></main>"""
    assert written(of_page(tmp_path, page).pairs) == {"Do you ship?": "Yes, to all countries.\nReally."}


def test_details_count_outside_of_menus(tmp_path: Path) -> None:
    page = f"""<nav><details><summary>Where is it?</summary><p>There.</p></details></nav>
      <main><p>{SEA}</p><details><summary>Can I swim?</summary><p>At high tide.</p><details><summary>Really?</summary>
      Yes.</details></details><details><summary>Shops</summary><a href="/a">Ghent</a> <a href="/b">Bruges</a></details>
      </main>"""
    pairs = written(of_page(tmp_path, page).pairs)
    assert set(pairs) == {"Can I swim?", "Really?"}
    assert pairs["Can I swim?"].startswith("At high tide.")


def test_definitions_become_questions_about_their_terms(tmp_path: Path) -> None:
    assert written(of_page(tmp_path, DEFINITIONS).pairs) == {
        "What is Ebb?": "The water goes away from the shore.",
        "What is Flood?": "The water comes back to the shore.",
    }


def test_article_gives_what_it_asks_and_a_question_for_each_other_section(tmp_path: Path) -> None:
    found = of_page(tmp_path, ARTICLE)
    assert list(written(found.pairs)) == ["Why are there two tides a day?"]
    assert list(made(found.pairs)) == ["What is “Tides” about?", "What are the spring tides?"]
    assert found.canonical_url == "https://example.com/tides"
    assert "imprint" not in found.text
    assert "Shop" not in found.text


def test_headings_that_ask_hold_what_stands_below_lower_headings(tmp_path: Path) -> None:
    text = "# Sea\n\n## How do tides work?\n\nThe moon pulls.\n\n### At night\n\nAs well.\n\n## Is it cold?\n\nIt is.\n"
    assert written(of_text(tmp_path, text)) == {
        "How do tides work?": "The moon pulls.\n\nAt night\n\nAs well.",
        "Is it cold?": "It is.",
    }


def test_marked_lines_asking_lines_and_rows_of_tables(tmp_path: Path) -> None:
    table = "| Day | Hours |\n|---|---|\n| When is it? | Now |\n"
    text = f"Q: Is it loud?\nA: No.\n\nWhat does it cost?\n\nNothing.\n\n{table}"
    assert written(of_text(tmp_path, text)) == {
        "When is it?": "Now",
        "Is it loud?": "No.",
        "What does it cost?": "Nothing.\n\nDay | Hours",
    }


def test_long_prose_is_cut_into_parts_with_questions_of_their_own(tmp_path: Path) -> None:
    paragraphs = [
        f"The {word} of the sea is for the people of the coast. {SEA * 6}" for word in ("port", "gate", "dyke")
    ]
    pairs = of_text(tmp_path, "# Coast\n\n" + "\n\n".join(paragraphs * 4))
    assert len(pairs) >= 4
    assert len({key(pair.question) for pair in pairs}) == len(pairs)
    assert not any(pair.is_written for pair in pairs)
    joined = " ".join(pair.answer for pair in pairs)
    assert all(paragraph in joined for paragraph in paragraphs)


def test_text_of_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(pdf([paragraph("What pulls the sea?", top=700), paragraph("The moon does.", top=650)]))
    assert "What pulls the sea?" in written(extract(path, name="a.pdf", config={}).pairs)


@pytest.mark.parametrize("html", ["", " ", "<html></html>", "<script>let a = 1</script>", "<!-- a -->"])
def test_page_without_text_says_so(tmp_path: Path, html: str) -> None:
    with pytest.raises(IngestError, match="no text"):
        of_page(tmp_path, html)


@pytest.mark.parametrize("charset", ["", "utf-8", "iso-8859-1", "nonsense", "utf-7"])
def test_wrong_charset_is_seen_through(tmp_path: Path, charset: str) -> None:
    page = f"<html><head><meta charset='windows-1252'></head><body><p>Täglich “geöffnet”. {SEA}</p></body></html>"
    for encoding in ("utf-8", "cp1252"):
        assert "Täglich “geöffnet”" in of_page(tmp_path, page.encode(encoding), charset=charset).text


def test_page_of_hostile_depth_is_read_or_refused(tmp_path: Path) -> None:
    page = f"<p>{SEA}</p>" + "<div><details>" * 20_000
    assert SEA in of_page(tmp_path, page).text


@pytest.mark.parametrize("href", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "http://[", ""])
def test_canonical_address_of_another_host_is_not_believed(tmp_path: Path, href: str) -> None:
    assert of_page(tmp_path, f'<link rel="canonical" href="{href}"><p>{SEA}</p>').canonical_url == ""


@pytest.mark.parametrize(
    ("topic", "question"),
    [
        ("Return Policy", "What is the return policy?"),
        ("Opening hours", "What are the opening hours?"),
        ("1.2 Installing the pump", "How does installing the pump work?"),
        ("Shipping and returns", "What should I know about shipping and returns?"),
        ("How to install the pump", "How to install the pump?"),
        ("About us", "What should I know about us?"),
        ("Our team", "What is our team?"),
        ("GDPR", "What is GDPR?"),
        ("It never rains. Or does it", "What is meant by “It never rains. Or does it”?"),
    ],
)
def test_heading_becomes_a_question(topic: str, question: str) -> None:
    text = "This is the policy for the return of the goods, and it is what we do."
    assert about(topic, text, vocabulary_of(f"return policy {text}")) == question


@pytest.mark.parametrize(
    ("topic", "text", "question"),
    [
        ("Öffnungszeiten", "Täglich geöffnet.", "Öffnungszeiten?"),
        ("潮汐", "月亮。", "潮汐是什么？"),
        ("潮", "つきの力。", "潮とは何ですか？"),
    ],
)
def test_heading_of_another_language_becomes_a_question(topic: str, text: str, question: str) -> None:
    assert about(topic, text, frozenset()) == question


def test_unique_keeps_what_one_answer_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair, "MAX_CHARACTERS", 10)
    pairs = [Pair("One?", "1"), Pair("Two?", "2"), Pair("Three?", "3")]
    assert unique(pairs, limit=10) == pairs[:2]


def test_unique_keeps_the_first_and_the_limits() -> None:
    pairs = [Pair("Why?", "a"), Pair("why", "b"), Pair(" ", "c"), Pair("x" * 6_000, "y" * 60_000), Pair("Who?", " ")]
    first, long = unique(pairs, limit=10)
    assert first == Pair("Why?", "a")
    assert (len(long.question), len(long.answer)) == (MAX_QUESTION, MAX_ANSWER)
    assert unique(pairs, limit=1) == [first]


def test_questions_are_told_from_headings() -> None:
    assert all(map(is_question, ("Why?", "How to swim", "What is it", "Can I swim", "为什么要潮汐？")))
    assert not any(map(is_question, ("Howling", "The sea", "", "?", "Why?\nSo.", "x" * 400 + "?")))
    assert asked(" How  to\nswim ") == "How to swim?"


@given(st.text(max_size=300))
def test_any_page_gives_text_or_says_that_it_has_none(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.html"
        path.write_text(f"<p>{text}", errors="replace")
        try:
            found = extract(path, name="a.html", config={}, url="https://example.com/")
        except IngestError:
            return
    assert all(pair.question.strip() and pair.answer.strip() for pair in found.pairs)
