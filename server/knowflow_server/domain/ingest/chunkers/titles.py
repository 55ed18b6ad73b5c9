"""The words of headings."""

import re

from knowflow_server.domain.ingest.blocks import Block, Kind

_MARKS = re.compile(r"\A\s*#{1,6}(?=\s)|\s#+\s*\Z|\n\s*(?:=+|-+)\s*\Z")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LONGEST = 250


def is_title(block: Block) -> bool:
    """Return True for a heading, but not for one of more than 250 characters, which is a paragraph in large type."""
    return block.kind is Kind.HEADING and len(block.text.strip()) <= _LONGEST


def heading_title(block: Block) -> str:
    """Return the words of a heading on one line, without the marks which Markdown sets around them."""
    return one_line(_MARKS.sub("", block.text))


def one_line(text: str) -> str:
    """Return `text` with single spaces and without marks of bold type."""
    return " ".join(_EMPHASIS.sub(r"\2", text).split())
