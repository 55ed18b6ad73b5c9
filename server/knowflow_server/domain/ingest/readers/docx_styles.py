"""What a DOCX document says outside its text: which styles are headings and how lists are numbered."""

import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.readers.archive import attribute, local, read_xml

_HEADING_NAME = re.compile(r"heading ([1-9])")
_LEVEL_IN_TEXT = re.compile(r"%([1-9])")
_LONGEST_CHAIN = 20
_MAX_LEVEL = 6
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
BULLET = "-"


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What matters here of a paragraph or a style; None where it says nothing, so that the style it is based on counts.

    Attributes:
        level: Heading level 1 to 6, or 0 for body text.
        list_id: Id of the numbering, or "0" for none.
        list_level: Level inside the numbering, from 0.
    """

    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None

    def over(self, base: "ParagraphStyle") -> "ParagraphStyle":
        """Return this style where it says something and `base` elsewhere."""
        return ParagraphStyle(
            base.level if self.level is None else self.level,
            base.list_id if self.list_id is None else self.list_id,
            base.list_level if self.list_level is None else self.list_level,
        )


@dataclass(frozen=True, slots=True)
class _Level:
    number_format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Numbers list items as a word processor does."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by id of the abstract numbering
    abstract_ids: dict[str, str] = field(default_factory=dict)  # by id of the numbering
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next_label(self, list_id: str, level: int) -> str:
        """Return the label of the next item, for example "3.", "(b)" or "-" for a bullet."""
        abstract_id = self.abstract_ids.get(list_id, "")
        levels = self.levels.get(abstract_id, {})
        here = levels.get(level)
        if here is None or here.number_format in {"bullet", "none"}:
            return BULLET
        counts = self._counts.setdefault(abstract_id, {})
        counts[level] = counts.get(level, here.start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            shown = levels.get(index, here)
            return format_number(counts.get(index, shown.start), shown.number_format)

        return _LEVEL_IN_TEXT.sub(number, here.text).strip() or BULLET


def format_number(number: int, number_format: str) -> str:
    """Return a number as letters or Roman numerals where the format says so, else in digits."""
    if number_format in {"lowerLetter", "upperLetter"} and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 10)
        return letters.upper() if number_format == "upperLetter" else letters
    if number_format in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        return roman.upper() if number_format == "upperRoman" else roman
    return str(number)


def read_styles(archive: zipfile.ZipFile, part: str) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles by id, each with what it takes over from the styles it is based on."""
    root = read_xml(archive, part)
    own: dict[str, ParagraphStyle] = {}
    bases: dict[str, str] = {}
    for style in root if root is not None else ():
        if local(style.tag) != "style":
            continue
        style_id = attribute(style, "styleId")
        children = {local(child.tag): child for child in style}
        properties = children.get("pPr")
        found = read_properties(properties) if properties is not None else ParagraphStyle()
        name = attribute(children["name"], "val").lower() if "name" in children else ""
        named = _HEADING_NAME.fullmatch(name)
        if named or name == "title":
            found = ParagraphStyle(min(int(named[1]), _MAX_LEVEL) if named else 1, found.list_id, found.list_level)
        own[style_id] = found
        if "basedOn" in children:
            bases[style_id] = attribute(children["basedOn"], "val")
    return {style_id: _resolved(style_id, own, bases) for style_id in own}


def read_properties(properties: ET.Element) -> ParagraphStyle:
    """Return what the properties of a paragraph or a style say."""
    level = list_id = list_level = None
    for child in properties:
        name = local(child.tag)
        if name == "outlineLvl":
            outline = _number(attribute(child, "val"), 9)
            level = min(outline + 1, _MAX_LEVEL) if outline < 9 else 0
        elif name == "numPr":
            for part in child:
                if local(part.tag) == "numId":
                    list_id = attribute(part, "val")
                elif local(part.tag) == "ilvl":
                    list_level = _number(attribute(part, "val"), 0)
    return ParagraphStyle(level, list_id, list_level)


def read_numbering(archive: zipfile.ZipFile, part: str) -> Numbering:
    """Return the numberings of a document, none where it has no such part."""
    numbering = Numbering()
    root = read_xml(archive, part)
    for child in root if root is not None else ():
        if local(child.tag) == "abstractNum":
            levels = [part for part in child if local(part.tag) == "lvl"]
            by_depth = {_number(attribute(level, "ilvl"), 0): _level(level) for level in levels}
            numbering.levels[attribute(child, "abstractNumId")] = by_depth
        elif local(child.tag) == "num":
            for link in child:
                if local(link.tag) == "abstractNumId":
                    numbering.abstract_ids[attribute(child, "numId")] = attribute(link, "val")
    return numbering


def _level(element: ET.Element) -> _Level:
    values = {local(child.tag): attribute(child, "val") for child in element}
    return _Level(values.get("numFmt", "decimal"), values.get("lvlText", ""), _number(values.get("start", ""), 1))


def _resolved(style_id: str, own: dict[str, ParagraphStyle], bases: dict[str, str]) -> ParagraphStyle:
    style = own[style_id]
    for _ in range(_LONGEST_CHAIN):
        style_id = bases.get(style_id, "")
        if style_id not in own:
            break
        style = style.over(own[style_id])
    return style


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
