"""Pages: together they are the list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.page import PageRequest, page_of


@given(st.lists(st.integers(), max_size=50), st.integers(1, 20))
def test_pages_together_are_the_list(items: list[int], size: int) -> None:
    count = -(-len(items) // size)
    pages = [page_of(items, PageRequest(number, size)) for number in range(1, count + 2)]
    assert [item for page in pages for item in page.items] == items
    assert {page.total for page in pages} == {len(items)}
    assert all(len(page.items) == size for page in pages[: len(items) // size])
    assert list(pages[-1].items) == []


def test_page_far_beyond_the_end_is_empty() -> None:
    page = page_of([1, 2, 3], PageRequest(10**9, 1_000))
    assert (list(page.items), page.total) == ([], 3)


def test_offset_counts_from_page_one() -> None:
    assert [PageRequest(number, 30).offset for number in (1, 2, 5)] == [0, 30, 120]
