"""The pages for people: their links lead somewhere, and README leads to each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.sources import ROOT, kept_files, relative

PAGES = [path for path in kept_files() if path.suffix == ".md"]
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(path: Path) -> list[tuple[Path, str]]:
    """Return the links of a page to pages of ours: the file, and the place in it."""
    found = [target.partition("#") for target in LINK.findall(CODE.sub("", path.read_text())) if "://" not in target]
    return [((path.parent / name).resolve() if name else path, place) for name, _, place in found]


def places(path: Path) -> set[str]:
    """Return the names which links use for the headings of a page."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in HEADING.findall(text)}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_links_of_the_page_lead_somewhere(path: Path) -> None:
    lost = [
        (str(file), place) for file, place in links(path) if not file.exists() or (place and place not in places(file))
    ]
    assert not lost


def test_readme_leads_to_each_page() -> None:
    seen, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in seen and page.suffix == ".md" and page.exists():
            seen.add(page)
            ahead += [file for file, _ in links(page)]
    assert seen >= {path for path in PAGES if path.is_relative_to(ROOT / "clients")}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_blocks_of_code_are_closed(path: Path) -> None:
    assert len(re.findall(r"^```", path.read_text(), re.MULTILINE)) % 2 == 0


def test_readme_is_a_tour() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 450
