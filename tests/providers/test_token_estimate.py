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
    "russian": "Арендатор обязуется вносить арендную плату ежемесячно.",
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
    print(name, real, estimate_tokens(TEXTS[name]))
    assert 0.95 * real <= estimate_tokens(TEXTS[name]) <= 1.8 * real + 2
