"""Values of fields: each type takes what clearly means one of its values, and keeps one form of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from knowflow.store.v1 import flow_field_pb2 as store
from knowflow_server.domain.konversation.moment import FORMAT
from knowflow_server.errors.konversation import FlowFieldValueInvalidError

TYPES: dict[str, store.FieldType] = {
    "text": store.FIELD_TYPE_TEXT,
    "number": store.FIELD_TYPE_NUMBER,
    "boolean": store.FIELD_TYPE_BOOLEAN,
    "date": store.FIELD_TYPE_DATE,
    "datetime": store.FIELD_TYPE_DATETIME,
    "array": store.FIELD_TYPE_ARRAY,
    "longtext": store.FIELD_TYPE_LONGTEXT,
}
TYPE_NAMES: dict[int, str] = {number: name for name, number in TYPES.items()}
MAX_TEXT = 2000
MAX_LONG_TEXT = 20_000
MAX_ITEMS = 1000
MAX_DIGITS = 30
TRUE = frozenset({"true", "yes", "1", "on"})
FALSE = frozenset({"false", "no", "0", "off"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def canonical(kind: int, value: Any, *, name: str) -> str:
    """Return a value in the form in which it is kept and compared; empty for a null or an empty text.

    Args:
        kind: A value of `FieldType`.
        value: As JSON has it.
        name: Name of the field, for the error.

    Raises:
        FlowFieldValueInvalidError: It does not fit the type.
    """
    if value is None or (isinstance(value, str) and not value.strip() and kind not in (_TEXT, _LONG_TEXT)):
        return ""
    try:
        return _READERS[kind](value)
    except _RefusalError as refusal:
        sentence = f"The field {name[:100]} is of the type {TYPE_NAMES[kind]}: {refusal}"
        raise FlowFieldValueInvalidError(sentence, field=name[:100], type=TYPE_NAMES[kind]) from None


def parsed(kind: int, text: str) -> Any:
    """Return a kept value as JSON has it: a number, a boolean, a list or a text; None for none."""
    if not text:
        return None
    if kind == store.FIELD_TYPE_NUMBER:
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else float(number)
    if kind == store.FIELD_TYPE_BOOLEAN:
        return text == "true"
    return json.loads(text) if kind == store.FIELD_TYPE_ARRAY else text


class _RefusalError(Exception):
    """A value does not fit."""


_TEXT, _LONG_TEXT = store.FIELD_TYPE_TEXT, store.FIELD_TYPE_LONGTEXT


def _text(value: Any, most: int = MAX_TEXT) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if not isinstance(value, str):
        raise _RefusalError("give a text.")
    if len(value) > most:
        raise _RefusalError(f"a text has at most {most} characters, this one has {len(value)}.")
    return value


def _long_text(value: Any) -> str:
    return _text(value, MAX_LONG_TEXT)


def _number(value: Any) -> str:
    """Return a decimal without an exponent and without zeros at its end."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _RefusalError("give a number.")
    text = value.strip() if isinstance(value, str) else repr(value)
    if (isinstance(value, float) and not math.isfinite(value)) or not _NUMBER.fullmatch(text):
        raise _RefusalError(f"{text[:50]!r} is no number.")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _RefusalError(f"{text[:50]!r} is no number.") from None
    plain = f"{number:f}" if abs(number.adjusted()) <= MAX_DIGITS else ""
    if not plain or len(plain) > 2 * MAX_DIGITS:
        raise _RefusalError(f"a number has at most {MAX_DIGITS} digits.")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _boolean(value: Any) -> str:
    text = str(int(value)) if isinstance(value, float) and value in (0, 1) else str(value)
    word = text.strip().casefold()
    if word not in TRUE | FALSE:
        raise _RefusalError(f"{text[:50]!r} is neither true nor false; give one of these, yes, no, 1 or 0.")
    return "true" if word in TRUE else "false"


def _day(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    try:
        # The day of a time is a day, too.
        return date.fromisoformat(text).isoformat() if _DATE.fullmatch(text) else _moment(text)[:10]
    except (ValueError, OverflowError):
        raise _RefusalError(f"{str(value)[:50]!r} is no day; give one as 2030-01-15.") from None


def _time(value: Any) -> str:
    sentence = f"{str(value)[:50]!r} is no time; give one as 2030-01-15 10:30:00, or with a time zone."
    if isinstance(value, float | int) and not isinstance(value, bool):
        # Seconds since 1970, as messages have them.
        try:
            return datetime.fromtimestamp(value, UTC).strftime(FORMAT)
        except (OverflowError, OSError, ValueError):
            raise _RefusalError(sentence) from None
    try:
        return _moment(value.strip() if isinstance(value, str) else "")
    except (ValueError, OverflowError):
        raise _RefusalError(sentence) from None


def _moment(text: str) -> str:
    # Weeks and days without hyphens, which Python reads, are left to nobody's guess.
    time = datetime.fromisoformat(text if _DATE.match(text) else "")
    time = time.astimezone(UTC) if time.tzinfo else time
    return f"{time.date().isoformat()} {time:%H:%M:%S}"


def _list(value: Any) -> str:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _RefusalError("give a list, or one as JSON.") from None
    if not isinstance(value, list):
        raise _RefusalError("give a list, or one as JSON.")
    if len(value) > MAX_ITEMS:
        raise _RefusalError(f"a list has at most {MAX_ITEMS} items, this one has {len(value)}.")
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) > MAX_LONG_TEXT:
        raise _RefusalError(f"a list has at most {MAX_LONG_TEXT} characters as JSON, this one has {len(text)}.")
    return text


def _plain(value: Any) -> Any:
    """Return JSON whose whole numbers are integers; protobuf makes floats of all."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _RefusalError("a number of the list is NaN or infinite.")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {name: _plain(item) for name, item in value.items()} if isinstance(value, dict) else value


_READERS: dict[int, Callable[[Any], str]] = {
    store.FIELD_TYPE_TEXT: _text,
    store.FIELD_TYPE_NUMBER: _number,
    store.FIELD_TYPE_BOOLEAN: _boolean,
    store.FIELD_TYPE_DATE: _day,
    store.FIELD_TYPE_DATETIME: _time,
    store.FIELD_TYPE_ARRAY: _list,
    store.FIELD_TYPE_LONGTEXT: _long_text,
}
