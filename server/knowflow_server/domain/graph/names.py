"""Names of entities, made alike: two names with one key mean one entity."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_NAME = 120
MAX_KEY = 96

# Forms of companies, which some texts write and others leave out.
LEGAL_FORMS = frozenset(
    """
    inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh mbh ag kg kgaa ohg ug se sa sas sarl
    srl spa bv nv oy oyj ab as asa aps kk pty pte sro zrt kft doo ooo oao zao
    """.split()  # noqa: SIM905 - a list of quoted words reads worse
)
CJK_LEGAL_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "株式会社", "주식회사")
ARTICLES = frozenset("the a an der die das den dem des le la les l el los las il lo gli".split())  # noqa: SIM905
# What ends in an "s" that is no plural.
NO_PLURAL = ("ss", "us", "is", "os", "as")

WORD = re.compile(r"[^\W_]+")
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")


@lru_cache(maxsize=50_000)
def key_of(name: str) -> str:
    """Return the key of a name; empty when nothing of it is left.

    Case, width, punctuation, a leading article, plural of the last word and the legal form of a company do not count.
    """
    text = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    if "@" in text or "://" in text:
        return text.strip().rstrip("/.,;")[:MAX_KEY]
    for form in CJK_LEGAL_FORMS:
        text = text.replace(form, "")
    # "U.S.A." is "usa", "Curie's" is "curie".
    text = DOTTED.sub(lambda match: match.group().replace(".", ""), text + " ").replace("'s ", " ")
    words = WORD.findall(text)
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    if words:
        words[-1] = singular(words[-1])
    return " ".join(words)[:MAX_KEY]


def singular(word: str) -> str:
    """Return an English word without its plural ending; other words mostly stay as they are."""
    if len(word) < 4 or not word.isascii() or word.endswith(NO_PLURAL) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def tidy(name: str) -> str:
    """Return a name for reading: one line, no marks around it, not too long."""
    return " ".join(name.split()).strip(" \t'\"“”‘’`*_.,;:()[]{}<>|#")[:MAX_NAME].strip()


def is_acronym(name: str) -> bool:
    """Return whether a name is written as an acronym: two to six letters, nearly all capitals."""
    bare = name.replace(".", "").replace("&", "").removesuffix("s")
    return 2 <= len(bare) <= 6 and bare.isalnum() and bare.upper() == bare and sum(map(str.isalpha, bare)) >= 2


def letters_of(acronym: str) -> str:
    """Return the letters and digits of an acronym, in lower case."""
    return "".join(character for character in acronym.removesuffix("s") if character.isalnum()).casefold()


def initials(name: str) -> set[str]:
    """Return the acronyms a name of several words may have: of all its words, and of the capitalised ones."""
    words = WORD.findall(name)
    if len(words) < 2:
        return set()
    capitals = [word[0] for word in words if not word[0].islower()]
    found = {"".join(word[0] for word in words).casefold()}
    return found | {"".join(capitals).casefold()} if len(capitals) > 1 else found


def stands_for(acronym: str, name: str) -> bool:
    """Return whether an acronym is made of the first letters of a name's words; small words may be left out."""
    return letters_of(acronym) in initials(name)
