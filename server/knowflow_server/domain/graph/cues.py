"""Cues: words that tell what a capitalised name is. Lists of words, and nothing learnt."""

from __future__ import annotations

from knowflow_server.domain.graph.names import LEGAL_FORMS

TYPES = ("organization", "person", "geo", "event", "law", "date", "contact", "concept")
# What callers may call our types in `entity_types`.
SYNONYMS = {
    "organisation": "organization",
    "company": "organization",
    "institution": "organization",
    "people": "person",
    "location": "geo",
    "place": "geo",
    "city": "geo",
    "country": "geo",
    "category": "concept",
    "term": "concept",
    "email": "contact",
    "url": "contact",
    "time": "date",
    "regulation": "law",
    "statute": "law",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a name, and no part of it.
TITLES = _words(
    """mr mrs ms miss dr prof professor sir lady lord dame judge justice captain colonel general president minister
    chancellor senator queen king prince princess pope bishop saint herr frau monsieur madame mme mlle señor señora don
    doña signor signora doktor"""
)
PERSON_VERBS = _words(
    """said says born died married wrote writes studied discovered invented argued argues founded graduated joined
    met taught moved became told asked replied believed thinks thought led painted composed directed starred resigned
    retired lives lived explained announced sagte schrieb wurde"""
)
KIN = _words(
    "husband wife son daughter brother sister father mother friend colleague physicist chemist engineer author"
)
ORGANIZATION = _words(
    """university institute bank ministry department agency association council committee foundation organization
    organisation union laboratory laboratories court party museum hospital school college academy society commission
    authority group holdings partners press corporation company federation league club parliament senate congress
    bureau office bundesbank universität institut ministerium gesellschaft verein université ministère banque
    universidad ministerio banco università services systems technologies industries airlines railway orchestra"""
)
GEO = _words(
    """river lake mount mountain mountains city county island islands ocean sea street avenue road square province state
    states republic kingdom valley bay peninsula desert coast canal bridge district village town straße platz fluss
    berg rue lac ville país río calle lago"""
)
EVENT = _words(
    """war battle conference olympics revolution festival summit championship cup exhibition crisis expedition congress
    symposium workshop election elections uprising earthquake games marathon krieg schlacht guerre bataille guerra"""
)
LAW = _words(
    "act regulation directive code treaty constitution ordinance statute convention charter gesetz vertrag loi ley"
)
PLACE_BEFORE = _words("in at from near to across around through toward towards via aus bei nach à en")
# Lower-case words that stand inside of names.
LINKS = _words("of the for and & de la le du des der den von van zu da do dos del di della y e")

# Capitalised where a sentence begins, or always, without naming anything.
OPENERS = _words(
    """the a an this that these those it he she they we i you his her their our its my your there here when where while
    if in on at for from with without after before during since until although though because however moreover
    furthermore therefore thus hence also but and or so yet as by to of not no yes all some many most each every both
    one two three first second third finally next then now today yesterday tomorrow later earlier once what who which
    why how let please note see such other another more less under over between among according about above below into
    through despite instead meanwhile perhaps maybe often sometimes usually only even just still dear figure table
    chapter section part page appendix der die das ein eine einer eines einem einen und oder aber wenn weil als im am
    an auf aus bei mit nach seit von vor zu zum zur es er sie wir ihr ich du dieser diese dieses nicht auch noch nur
    sein seine ihre unser für über unter durch gegen ohne um le la les un une des et ou mais il elle ils elles nous
    vous je tu ce cette ces dans sur pour par avec sans el los las una y o pero en con por para se su sus lo i gli uno
    e ma nel nella con per di da"""
)
CALENDAR = _words(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli
    oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag"""
)
NO_ACRONYMS = _words("ok tv am pm ii iii iv vi vii viii ix xi xii xiii no so it id etc nb ps fyi faq todo asap")
# Words by which German is told: it writes all nouns with a capital.
GERMAN = _words(
    "der die das und ist nicht ein eine mit von zu auf für den dem des im am wird wurde sich auch bei nach als oder"
)

__all__ = ["LEGAL_FORMS", "TYPES"]


def own_type(wanted: str) -> str:
    """Return our word for a type that a caller names."""
    folded = wanted.strip().casefold()
    return SYNONYMS.get(folded, folded)


def type_in(words: list[str]) -> str:
    """Return the type which a name's own words tell, lower case; empty when they tell none.

    The last word tells most ("Lake Success School"), then the first ("Lake Geneva", "University of Oslo").
    """
    if len(words) > 1 and words[-1] in LEGAL_FORMS:
        return "organization"
    for word in (words[-1], words[0], *words[1:-1]):
        for kind, cues in (("event", EVENT), ("law", LAW), ("organization", ORGANIZATION), ("geo", GEO)):
            if word in cues:
                return kind
    return ""
