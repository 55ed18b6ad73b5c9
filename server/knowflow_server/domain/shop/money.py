"""Money in exact decimals. JSON has it as numbers, records as decimal text, and all reckoning is done in between."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.errors.base import InvalidArgumentError

DEFAULT_CURRENCY = "USD"
LARGEST = Decimal(1_000_000_000)
# Decimals of the currencies of ISO 4217, the active ones; most have two.
DECIMALS = 2
WITHOUT_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())  # noqa: SIM905 - a list of words
WITH_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905 - a list of words
WITH_TWO = frozenset(
    (  # noqa: SIM905 - a list of words
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
        "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
        "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
        "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
        "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWL"
    ).split()
)
CURRENCIES = WITH_TWO | WITH_THREE | WITHOUT_DECIMALS


def step_of(currency: str) -> Decimal:
    """Return the smallest amount of a currency. Example: 0.01."""
    decimals = 0 if currency in WITHOUT_DECIMALS else 3 if currency in WITH_THREE else DECIMALS
    return Decimal(1).scaleb(-decimals)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in whole steps of its currency; halves go up."""
    return amount.quantize(step_of(currency), ROUND_HALF_UP)


def money(value: float, currency: str, field: str) -> str:
    """Return an amount that a caller gave as a number of JSON as exact decimal text.

    Args:
        value: The number; of those that a double stands for, the shortest one is meant.
        currency: What it is in.
        field: Where it stands in the request, for the error.

    Raises:
        InvalidArgumentError: It is negative, too large, or has more decimals than the currency.
    """
    if not math.isfinite(value) or value < 0 or value >= LARGEST:
        raise InvalidArgumentError(
            field_sentence(field, f"Input should be from 0 to below {LARGEST}", value), field=field
        )
    exact = Decimal(repr(value))
    text = rounded(exact, currency)
    if text != exact:
        decimals = -int(step_of(currency).as_tuple().exponent)
        sentence = f"Input should have at most {decimals} decimals, as {currency} has"
        raise InvalidArgumentError(field_sentence(field, sentence, value), field=field)
    return str(text)


def amount(text: str) -> Decimal:
    """Return the amount that a record keeps; none is 0."""
    return Decimal(text or "0")
