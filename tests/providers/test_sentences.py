"""Sentences are told apart, and those which answer a question are found."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from knowflow_server.domain.ports import Grounding
from knowflow_server.providers.sentences import MOST_SENTENCES, select, split

SPLITS = {
    "full stops": ("It rains. We stay. Do you? Yes!", ["It rains.", "We stay.", "Do you?", "Yes!"]),
    "abbreviations": (
        "Dr. Smith met J. R. Ewing of Acme Inc. Berlin. Nobody came.",
        ["Dr. Smith met J. R. Ewing of Acme Inc. Berlin.", "Nobody came."],
    ),
    "numbers": ("It costs 3.50 euros, i.e. a lot. It is due in 30 days.", None),
    "a quotation": ('He said "I go." Then he went.', ['He said "I go."', "Then he went."]),
    "a line broken within": ("The goods are paid\nwithin thirty days. Thanks.", None),
    "bullets": ("Bring these:\n- a tent for two\n- warm socks\n", ["a tent for two", "warm socks"]),
    "paragraphs": ("A line without an end that is longer than any heading\n\nAnother line. ", None),
    "a list of names": ("Ada Lovelace\n\nAlan Turing\n\nGrace Hopper", ["Ada Lovelace", "Alan Turing", "Grace Hopper"]),
    "ideographs": ("今天下雨。我们在家。", ["今天下雨。", "我们在家。"]),
    "markup": ("<table><tr><td>Price: 3</td></tr><tr><td>Weight: 4 kg</td></tr></table>", ["Price: 3", "Weight: 4 kg"]),
    "nothing": (" \n ", []),
    "a short line alone": ("Opening hours", ["Opening hours"]),
}


class WordVectors:
    """Embeds by counting words: texts with the same words are alike."""

    name = "words@test"
    dimension = 256

    def __init__(self) -> None:
        self.embedded: list[str] = []

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return np.stack([await self.embed_query(text) for text in texts])

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-6, dtype=np.float32)
        for word in re.findall(r"\w+", text.casefold()):
            vector[sum(word.encode()) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("what", SPLITS)
def test_split_gives_the_sentences(what: str) -> None:
    text, expected = SPLITS[what]
    found = [sentence.text for sentence in split(text)]
    if expected is None:
        assert 2 == len(found)
        assert " ".join(text.split()) == " ".join(found)
    else:
        assert expected == found


def test_split_heading_becomes_the_context_of_what_follows() -> None:
    found = split("# Returns\nGoods can be sent back.", passage=3)
    assert [("Goods can be sent back.", "Returns", 3)] == [(item.text, item.context, item.passage) for item in found]


def test_split_long_line_is_cut_at_blanks() -> None:
    found = split("word " * 1_000)
    assert max(len(sentence.text) for sentence in found) <= 600
    assert ["word"] * 1_000 == " ".join(sentence.text for sentence in found).split()


@given(st.text(max_size=300))
def test_split_loses_no_letters(text: str) -> None:
    plain = text.replace("<", "").replace(">", "")
    kept = "".join(sentence.text + sentence.context for sentence in split(plain))
    for letter in filter(str.isalnum, plain):
        assert letter in kept


async def test_select_prefers_the_sentence_with_the_questions_words() -> None:
    text = "The bridge was opened in 1932. Lunch is served at noon. The tower has three bells."
    found = await select(WordVectors(), Grounding("When was the bridge opened?", (text,)), most=1)
    assert ("The bridge was opened in 1932.",) == found.sentences


async def test_select_refuses_what_the_passages_do_not_tell() -> None:
    text = "Lunch is served at noon. The tower has three bells."
    found = await select(WordVectors(), Grounding("Which vitamin prevents scurvy?", (text,)), most=3)
    assert () == found.sentences


async def test_select_refuses_the_answer_for_another_name() -> None:
    text = "The capital of the province of Utrecht is Utrecht, and that of Limburg is Maastricht."
    vectors = WordVectors()
    right = await select(vectors, Grounding("What is the capital of the province of Limburg?", (text,)), most=3)
    wrong = await select(vectors, Grounding("What is the capital of the province of Drenthe?", (text,)), most=3)
    assert (text,) == right.sentences
    assert () == wrong.sentences
    assert wrong.score < right.score


async def test_select_pronoun_brings_the_sentence_before_it() -> None:
    text = "Lunch is free. The council has nine members. It appoints the commissioners of the bank."
    found = await select(WordVectors(), Grounding("Who appoints the commissioners of the bank?", (text,)), most=1)
    assert ("The council has nine members.", "It appoints the commissioners of the bank.") == found.sentences


async def test_select_repeated_sentence_comes_once() -> None:
    text = "The bridge was opened in 1932."
    found = await select(WordVectors(), Grounding("When was the bridge opened?", (text, f"{text} {text}")), most=3)
    assert (text,) == found.sentences


async def test_select_overview_takes_sentences_in_their_order() -> None:
    text = "Bees make honey. Bees live in hives. Rain is wet. Bees make wax and honey in hives."
    found = await select(WordVectors(), Grounding("Summarise the document", (text,)), most=2)
    assert 2 == len(found.sentences)
    assert "Rain is wet." not in found.sentences
    assert sorted(found.sentences, key=text.index) == list(found.sentences)


async def test_select_embeds_a_bounded_number_of_sentences() -> None:
    text = " ".join(f"Room {number} is on floor {number % 9}." for number in range(500))
    vectors = WordVectors()
    found = await select(vectors, Grounding("On which floor is room 321?", (text,)), most=1)
    assert MOST_SENTENCES == len(vectors.embedded)
    assert ("Room 321 is on floor 6.",) == found.sentences


@pytest.mark.parametrize(
    "grounding", [Grounding("", ("It rains.",)), Grounding("Does it rain?", ()), Grounding("?", ("",))]
)
async def test_select_nothing_to_read_finds_nothing(grounding: Grounding) -> None:
    assert () == (await select(WordVectors(), grounding, most=3)).sentences
