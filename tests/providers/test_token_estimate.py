"""The estimate of tokens against a real vocabulary, and what holds for every text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from knowflow_server.providers.token_estimate import estimate_tokens
from knowflow_server.workers import minilm

ENGLISH = (
    "The tenant shall pay the rent monthly in advance, at the latest on the third working day of each month, to the "
    "landlord's account. The deposit amounts to three months' rent and may be paid in three equal instalments."
)
TEXTS = {
    "prose": ENGLISH,
    "short words": "I am at it, so he is in on it as we do as I do. " * 5,
    "technical": "Asynchronous deserialisation of heterogeneous protobuf descriptors necessitates backwards-compatible "
    "reinterpretation; misconfigured authentication interceptors nondeterministically invalidate idempotency.",
    "numbers": "Invoice 2024-118823: 1,204.50 EUR, due 2024-07-31, IBAN DE44 5001 0517 5407 3249 31, 14:30-17:45.",
    "code": 'def f(x: int) -> dict[str, int]:\n    return {"a": x ** 2, "b": [y for y in range(x) if y % 2 == 0]}\n',
    "german": "Das Mietverhältnis beginnt am ersten Oktober; die Kündigungsfrist beträgt für beide Seiten drei Monate.",
    "french": "Le locataire s'engage à régler le loyer chaque mois, au plus tard le troisième jour ouvré.",
    "chinese": "承租人应当按月支付租金,押金为三个月的租金,合同到期后退还。",
    "japanese": "賃借人は毎月末日までに翌月分の賃料を支払わなければならない。",
    "table": "| name | price | stock |\n| --- | --- | --- |\n| apples | 1.20 | 40 |\n| pears | 2.10 | 7 |\n",
}


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(minilm.source_dir() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@pytest.mark.parametrize("name", TEXTS)
def test_estimate_tokens_is_rarely_below_a_real_count_and_never_far_above(tokenizer: Tokenizer, name: str) -> None:
    real = len(tokenizer.encode(TEXTS[name], add_special_tokens=False).ids)
    assert 0.95 * real <= estimate_tokens(TEXTS[name]) <= 1.8 * real + 2


def test_estimate_tokens_other_scripts_count_by_what_byte_pair_vocabularies_need() -> None:
    # MiniLM reads them letter by letter, so that it is no measure; these bounds are 2.5 to 1 characters a token.
    for text in (
        "Арендатор обязуется вносить плату",
        "المستأجر يدفع الإيجار شهريا",
        "ผู้เช่าต้องชำระค่าเช่า",
        "임차인은 매월 임대료",
    ):
        letters = len(text.replace(" ", ""))
        assert letters / 2.5 <= estimate_tokens(text) <= letters * 1.6


@given(text=st.text(max_size=400))
def test_estimate_tokens_is_positive_and_bounded(text: str) -> None:
    assert bool(text.strip(" \t\r")) <= estimate_tokens(text) <= 3 * len(text) + 1


@given(parts=st.lists(st.text(max_size=60), max_size=8))
def test_estimate_tokens_of_lines_is_about_the_sum_of_its_lines(parts: list[str]) -> None:
    # What is left of a prompt's room is reckoned with sums, so that the whole must not be larger by much.
    whole = estimate_tokens("\n".join(parts))
    assert whole <= 1.3 * sum(map(estimate_tokens, parts)) + len(parts)


def test_estimate_tokens_of_a_long_text_takes_no_time() -> None:
    text = ENGLISH * 5_000
    began = time.process_time()
    assert estimate_tokens(text) > 200_000
    # 10 ms on an idle machine.
    assert time.process_time() - began < 0.5
