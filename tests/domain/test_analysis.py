"""Words: made alike for index and question, and marked where they stand."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowflow_server.domain.analysis import MAX_WORD, highlight, index_words, query_words, words_of

# Plain text seldom has what breaks analysers: scripts without blanks, signs that normalise to blanks or to nothing.
SCRIPTS = st.characters(codec="utf-8") | st.sampled_from("aé'’中文字日本ゞ゛ﾞไทย\u0e33ကؗﷺ½ﬁⅣİßſΣ\u0301 _-.\t")
TEXTS = st.text(SCRIPTS, max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cats were running", "the cat were run"),
        ("THE MOON'S sea", "the moon sea"),
        ("Müller’s Straße", "muller strass"),
        ("résumé", "resum"),
        ("naïve café", "naiv cafe"),
        ("e-mail: a_b, 3.14", "e mail a b 3 14"),
        ("ｆｕｌｌ ﬁt", "full fit"),
        ("", ""),
        ("--- ... !!!", ""),
        ("人工智能", "人 人工 工 工智 智 智能 能"),
        ("AI人工 now", "ai 人 人工 工 now"),
        ("データ", "デ デー ー ータ タ"),
        ("ไทย", "ไ ไท ท ทย ย"),
        ("한국어 검색", "한국어 검색"),
    ],
)
def test_index_words(text: str, expected: str) -> None:
    assert index_words(text) == expected


@pytest.mark.parametrize(("accented", "plain"), [("résumés", "resume"), ("naïve", "naive"), ("Straße", "strasse")])
def test_accents_do_not_matter(accented: str, plain: str) -> None:
    assert index_words(accented) == index_words(plain)


def test_index_words_of_several_texts_are_joined() -> None:
    assert index_words("moon", "sea salt") == "moon sea salt"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What makes dough rise?", ["make", "dough", "rise"]),
        ("moon Moon MOONS", ["moon"]),
        ("what is it", ["what", "is", "it"]),
        ("", []),
        ("?!", []),
        ("人工智能", ["人工", "工智", "智能"]),
        ("猫", ["猫"]),
        ("什么是AI", ["什么", "么是", "ai"]),
    ],
)
def test_query_words(question: str, expected: list[str]) -> None:
    assert query_words(question) == expected


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("The moon pulls the sea.", "moons", "The <em>moon</em> pulls the sea."),
        ("Moon, MOON and moonlight", "moon", "<em>Moon</em>, <em>MOON</em> and moonlight"),
        ("sea salt", "salt sea", "<em>sea</em> <em>salt</em>"),
        ("研究人工智能吧", "人工智能", "研究<em>人工智能</em>吧"),
        ("nothing here", "moon", "nothing here"),
        ("the end", "moon", "the end"),
        ("", "moon", ""),
        ("<b>moon</b>", "moon", "<b><em>moon</em></b>"),
    ],
)
def test_highlight(text: str, question: str, expected: str) -> None:
    assert highlight(text, query_words(question)) == expected


@given(TEXTS, TEXTS)
@example("ﷺ", "ﷺ")
@example("゛", "゛")
def test_highlight_without_its_marks_is_the_text(text: str, question: str) -> None:
    clean = text.replace("<", "").replace(">", "")
    marked = highlight(clean, query_words(question + clean[:10]))
    assert marked.replace("<em>", "").replace("</em>", "") == clean
    assert "<em></em>" not in marked
    assert "</em><em>" not in marked


@given(TEXTS)
@example("ﷺ")
@example("゛゜")
@example("ﾞ")
@example("ำ")
def test_query_words_of_a_text_are_among_its_index_words(text: str) -> None:
    assert set(query_words(text)) <= set(index_words(text).split(" "))


@given(TEXTS)
@example("ﷺ")
@example("゛゜")
@example("ﾞ")
def test_words_are_never_empty_and_hold_no_blank(text: str) -> None:
    for word in words_of(text):
        assert word.forms
        for form in word.forms:
            assert form
            assert not any(character.isspace() for character in form)
            assert len(form) <= MAX_WORD
    assert index_words(text).split() == [form for word in words_of(text) for form in word.forms]


@given(TEXTS)
def test_words_stand_in_order_where_they_say(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@given(TEXTS)
def test_question_in_capitals_has_the_same_words(text: str) -> None:
    plain = "".join(character for character in text if character.isascii())
    assert query_words(plain.upper()) == query_words(plain.lower())


def test_long_run_of_letters_is_cut() -> None:
    assert index_words("x" * 500) == "x" * MAX_WORD
    assert query_words("x" * 500) == ["x" * MAX_WORD]
