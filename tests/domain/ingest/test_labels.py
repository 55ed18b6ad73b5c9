"""Keywords and questions of chunks by statistics, on small documents, with what is expected written by hand."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.keywords import DocumentWords
from knowflow_server.domain.ingest.labels import WINDOW, Labelling, read_labelling
from knowflow_server.domain.ingest.questions import questions_of
from tests.domain.ingest.files import run, save

LIGHTHOUSE = (
    "The lighthouse of Cordouan was built in 1611. It is the oldest lighthouse in France. The keeper of the lighthouse "
    "cleans the Fresnel lens at dawn. A Fresnel lens is a thin lens with rings."
)
BREAD = (
    "Sourdough is a bread raised by wild yeast. Why does dough rise? The wild yeast makes gas. "
    "The starter is fed with flour and water. Bakers keep the starter cool."
)


def keywords(*texts: str, number: int = 4) -> list[list[str]]:
    words = DocumentWords()
    for text in texts:
        words.add(text)
    return [words.keywords(text, [], number) for text in texts]


def test_keywords_are_the_terms_that_tell_a_chunk_from_the_others() -> None:
    lighthouse, bread = keywords(LIGHTHOUSE, BREAD)
    assert set(lighthouse[:2]) == {"lighthouse", "Fresnel lens"}
    assert bread[0] == "wild yeast"
    assert "starter" in bread


def test_keywords_of_a_word_that_stands_everywhere_weigh_less() -> None:
    texts = [f"The ship carries {cargo}. The ship sails. More {cargo} arrives." for cargo in ("pepper", "silk", "tea")]
    assert [found[0] for found in keywords(*texts, number=1)] == ["pepper", "silk", "tea"]


def test_keywords_are_no_stop_words_no_numbers_and_none_inside_another() -> None:
    [found] = keywords("The most of them are 12 345 and there is the North Sea. The North Sea is cold.", number=10)
    assert found[0] == "North Sea"
    assert not {word.lower() for word in found} & {"the", "most", "are", "12", "345", "north", "sea"}


def test_keywords_of_scripts_without_blanks_are_runs_that_come_back() -> None:
    [found] = keywords("潮汐能发电。潮汐能来自海水。潮汐能很稳定。", number=2)
    assert found == ["潮汐能"]


def test_keywords_of_headings_weigh_more() -> None:
    words = DocumentWords()
    text = "Basalt and pumice differ."
    words.add(text)
    assert words.keywords(text, ["On pumice"], 1) == ["pumice"]


def test_questions_come_from_the_text_then_its_sentences_then_its_topics() -> None:
    found = questions_of(BREAD, ["Baking"], ["wild yeast"], 10)
    assert found == [
        "Why does dough rise?",
        "What is Sourdough?",
        "What is said about Baking?",
        "What is said about wild yeast?",
    ]
    assert questions_of(LIGHTHOUSE, [], [], 3) == [
        "When was the lighthouse of Cordouan built?",
        "What is a Fresnel lens?",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge was designed by Ada Byron.", "By whom or what was the bridge designed?"),
        ("Amber is found in Poland.", "Where or in what is Amber found?"),
        ("The treaty was signed on 3 May 1791.", "When was the treaty signed?"),
        ("Basalt is a volcanic rock.", "What is Basalt?"),
        ("It was built by the sea.", None),
        ("There is a lens.", None),
        ("This is the end.", None),
        ("潮汐是海水的涨落。", None),
    ],
)
def test_question_of_a_sentence(text: str, expected: str | None) -> None:
    assert questions_of(text, [], [], 5) == ([expected] if expected else [])


def test_question_in_another_language_is_the_topic_alone() -> None:
    assert questions_of("Der Mond zieht das Meer an.", ["Gezeiten"], ["Mond"], 5) == ["Gezeiten?", "Mond?"]


def test_ingest_labels_each_chunk_with_as_many_as_are_asked_for(tmp_path: Path) -> None:
    path = save(tmp_path, "a.md", f"# Lights\n\n{LIGHTHOUSE}\n\n# Bread\n\n{BREAD}\n")
    first, second = run(path, "manual", auto_keywords=3, auto_questions=2).chunks
    assert len(first.keywords) == len(second.keywords) == 3
    assert len(first.questions) == len(second.questions) == 2
    assert "Why does dough rise?" in second.questions
    assert all(not chunk.keywords and not chunk.questions for chunk in run(path, "manual").chunks)


def test_ingest_labels_parents_not_children(tmp_path: Path) -> None:
    path = save(tmp_path, "a.md", f"# Lights\n\n{LIGHTHOUSE}\n\n# Bread\n\n{BREAD}\n")
    tiers = {"use_parent_child": True, "child_token_num": 20}
    for chunk in run(path, "manual", auto_keywords=3, parent_child=tiers).chunks:
        assert len(chunk.keywords) == 3
        assert all(child.keywords == () for child in chunk.children)


def test_ingest_of_more_chunks_than_wait_labels_all_in_order(tmp_path: Path) -> None:
    number = WINDOW * 2 + 10
    path = save(tmp_path, "a.txt", "".join(f"Ship {n} carries cargo{chr(97 + n % 26)}.\n" for n in range(number)))
    result = run(path, "naive", chunk_token_num=4, auto_keywords=2)
    assert len(result.chunks) == number
    assert all(chunk.keywords for chunk in result.chunks)


def test_questions_and_tags_of_a_method_stay_first(tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", "description,tags\nThe moon pulls the sea.,tides\n")
    [chunk] = run(path, "tag", auto_keywords=1).chunks
    assert chunk.keywords[0] == "tides"
    assert len(chunk.keywords) == 2


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, (0, 0)),
        ({"auto_keywords": 3.0, "auto_questions": 2}, (3, 2)),
        ({"auto_keywords": 99, "auto_questions": -1}, (32, 0)),
        ({"auto_keywords": True, "auto_questions": "2"}, (0, 0)),
        ({"auto_keywords": None}, (0, 0)),
    ],
)
def test_read_labelling(config: dict[str, object], expected: tuple[int, int]) -> None:
    assert read_labelling(config) == Labelling(*expected)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=4), st.integers(1, 10))
def test_any_text_has_at_most_so_many_labels_each_once_and_of_its_own_words(texts: list[str], number: int) -> None:
    for text, found in zip(texts, keywords(*texts, number=number), strict=True):
        assert len(found) <= number
        assert len(set(found)) == len(found)
        assert all(word in text for word in found)
        asked = questions_of(text, [], found, number)
        assert len(asked) <= number
        assert len(set(asked)) == len(asked)
