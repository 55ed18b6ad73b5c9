"""What can be told by its form alone: addresses, dates, references to laws, quoted titles in Chinese and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
URL = re.compile(r"https?://[^\s<>\"'）】)\]]{3,200}")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février febrero",
            "march mar märz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août agosto",
            "september sep sept septembre septiembre",
            "october oct oktober octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember décembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATES = (
    re.compile(r"\b(?P<year>[12]\d{3})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
    re.compile(r"(?P<year>[12]\d{3})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>[12]\d{3})\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s(?:of\s|de\s)?(?P<month>{_MONTH})\.?,?\s(?:de\s)?(?P<year>[12]\d{{3}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<month>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>[12]\d{{3}})\b", re.IGNORECASE
    ),
)
LAWS = re.compile(
    r"§§?\s?\d+[a-z]?(?:\s(?:Abs\.|Absatz|Satz|Nr\.)\s?\d+)*(?:\s[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{1,12})?"
    r"|\b(?:Article|Art\.|Artikel|Section|Sec\.)\s\d+(?:\(\d+\))*(?:\sof the)?\s[A-Z][A-Z]{2,7}\b"
    r"|\b(?:Regulation|Directive|Verordnung|Richtlinie|Règlement)\s\([A-Z]{2,3}\)\s(?:No\.?\s|Nr\.\s)?\d{1,4}/\d{1,4}"
    r"|\b(?:Public Law|Pub\. L\.)\s(?:No\.\s)?\d{1,3}[-–]\d{1,4}"
    r"|\b(?:ISO|IEC|DIN|EN|IEEE|RFC)(?:[/ ](?:ISO|IEC|EN))?[ -]\d{2,5}(?:[-:.]\d{1,4})*\b"
)
QUOTED = re.compile(r"「([^「」\n]{2,20})」|『([^『』\n]{2,20})』|《([^《》\n]{2,30})》|【([^【】\n]{2,20})】")
CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


class Found(NamedTuple):
    """Something with a telling form: where it stands, its name and its type."""

    start: int
    end: int
    name: str
    type: str


def patterns(text: str) -> Iterator[Found]:
    """Yield what a sentence holds, in no particular order; what overlaps an earlier one should be left out."""
    for match in EMAIL.finditer(text) if "@" in text else ():
        yield Found(match.start(), match.end(), match.group().lower(), "contact")
    for match in URL.finditer(text) if "://" in text else ():
        name = match.group().rstrip(".,;:!?")
        yield Found(match.start(), match.start() + len(name), name, "contact")
    for match in LAWS.finditer(text):
        yield Found(match.start(), match.end(), " ".join(match.group().split()), "law")
    for pattern in DATES if any(map(str.isdigit, text)) else ():
        for match in pattern.finditer(text):
            month = match["month"].casefold()
            try:
                day = date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
            except ValueError:
                continue
            yield Found(match.start(), match.end(), day.isoformat(), "date")
    for match in QUOTED.finditer(text):
        name = next(group for group in match.groups() if group)
        if CJK.search(name):
            yield Found(match.start(), match.end(), name, "concept")
