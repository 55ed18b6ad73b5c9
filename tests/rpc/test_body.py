"""Multipart bodies: the same parts however they arrive, and never a part of a body that was cut."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.errors.core import UploadMalformedError
from knowflow_server.rpc.body import CUT, MAX_FIELD_BYTES, Form

BOUNDARY = "----x-y_z"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
CASES = settings(max_examples=60, deadline=None)

# What looks like a boundary, or like the beginning of one, is what a parser gets wrong.
CONTENTS = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"-", b"--", b"\r\n--", b"\r\n------x-y_", b"------x-y_z", b"a", b"\x00"])
    | st.binary(max_size=20),
    max_size=8,
).map(b"".join)
NAMES = st.sampled_from(["file", "parser_id", "a b", "ключ", 'quo"te'])
PARTS = st.lists(st.tuples(NAMES, st.none() | st.sampled_from(["a.txt", "文.pdf", "x y.md", ""]), CONTENTS), max_size=4)

Parts = Sequence[tuple[str, str | None, bytes]]


def body_of(parts: Parts) -> bytes:
    lines = []
    for name, filename, content in parts:
        quoted = name.replace('"', "%22")
        file = "" if filename is None else f'; filename="{filename}"'
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{quoted}"{file}\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n" if filename is not None else "\r\n"
        lines.append(head.encode() + content + b"\r\n")
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def expected_of(parts: Parts) -> list[tuple[str, str | None, bytes]]:
    return [(name.replace('"', "%22"), filename, content) for name, filename, content in parts]


async def parsed(pieces: Sequence[bytes], content_type: str = CONTENT_TYPE) -> list[tuple[str, str | None, bytes]]:
    async def arrive() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    found = []
    async for part in Form(content_type, arrive()).parts():
        found.append((part.name, part.filename, b"".join([piece async for piece in part.pieces()])))
    return found


def usable(parts: Parts) -> bool:
    """A part whose content holds the boundary is another body."""
    return all(f"\r\n--{BOUNDARY}".encode() not in b"\r\n" + content for _, _, content in parts)


@given(PARTS.filter(usable), st.data())
@CASES
async def test_parts_are_the_same_however_the_body_is_split(parts: Parts, data: st.DataObject) -> None:
    body = body_of(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    pieces = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert await parsed(pieces) == expected_of(parts)


@given(PARTS.filter(usable))
@CASES
async def test_parts_arrive_byte_by_byte(parts: Parts) -> None:
    body = body_of(parts)
    assert await parsed([body[place : place + 1] for place in range(len(body))]) == expected_of(parts)


@given(PARTS.filter(usable), st.data())
@CASES
async def test_body_cut_anywhere_is_malformed(parts: Parts, data: st.DataObject) -> None:
    body = body_of(parts)
    # The line feed after the last boundary is optional.
    end = data.draw(st.integers(0, len(body) - 3))
    with pytest.raises(UploadMalformedError):
        await parsed([body[:end]])


async def test_body_cut_at_every_place_is_malformed() -> None:
    body = body_of([("parser_id", None, b"naive"), ("file", "a.txt", b"one\r\n--two")])
    for end in range(len(body) - 2):
        with pytest.raises(UploadMalformedError) as caught:
            await parsed([body[:end]])
        assert caught.value.sentence == CUT


@pytest.mark.parametrize(
    "body",
    [
        b"hello",
        b"------x-y_w\r\n\r\n",
        f"--{BOUNDARY}\r\nno colon\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
        f"--{BOUNDARY}\r\n{'x' * 20_000}: y\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
        f"--{BOUNDARY}\r\n{'a: b' + chr(13) + chr(10)}".encode() * 3,
        b"\x00" * 100,
        b"{}",
    ],
    ids=["text", "other boundary", "header without colon", "huge header", "nonsense", "zeros", "json"],
)
async def test_body_that_is_no_form_is_malformed(body: bytes) -> None:
    with pytest.raises(UploadMalformedError):
        await parsed([body])


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x",
        "text/plain; boundary=x",
        f"multipart/form-data; boundary={'x' * 300}",
    ],
)
async def test_content_type_without_a_usable_boundary_is_malformed(content_type: str) -> None:
    with pytest.raises(UploadMalformedError):
        await parsed([b"--x--\r\n"], content_type)


async def test_boundary_may_be_quoted_and_the_media_type_in_capitals() -> None:
    body = body_of([("file", "a.txt", b"x")])
    assert await parsed([body], f'Multipart/Form-Data; charset=utf-8; boundary="{BOUNDARY}"') == [
        ("file", "a.txt", b"x")
    ]


async def test_text_before_the_first_and_after_the_last_boundary_is_no_part() -> None:
    body = body_of([("file", "a.txt", b"x")])
    assert await parsed([body, b"epilogue"]) == [("file", "a.txt", b"x")]


async def test_file_name_in_the_extended_form_is_read() -> None:
    body = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''%E6%96%87.pdf\r\n\r\n"
        f"x\r\n--{BOUNDARY}--\r\n"
    ).encode()
    assert await parsed([body]) == [("file", "文.pdf", b"x")]


async def test_part_that_its_reader_leaves_is_skipped() -> None:
    async def arrive() -> AsyncIterator[bytes]:
        body = body_of(
            [("file", "a.txt", b"x" * 100_000), ("file", "b.txt", b"y" * 100_000), ("parser_id", None, b"n")]
        )
        for start in range(0, len(body), 1_000):
            yield body[start : start + 1_000]

    names = []
    async for part in Form(CONTENT_TYPE, arrive()).parts():
        names.append(part.filename or await part.text())
        async for _ in part.pieces():
            break
    assert names == ["a.txt", "b.txt", "n"]


async def test_text_of_a_field_is_limited_and_utf_8() -> None:
    async def text(content: bytes) -> str:
        async def arrive() -> AsyncIterator[bytes]:
            yield body_of([("parser_config", None, content)])

        async for part in Form(CONTENT_TYPE, arrive()).parts():
            return await part.text()
        return ""

    assert await text("größe".encode()) == "größe"
    assert len(await text(b"x" * MAX_FIELD_BYTES)) == MAX_FIELD_BYTES
    with pytest.raises(UploadMalformedError, match="`parser_config` is longer than 262144 bytes"):
        await text(b"x" * (MAX_FIELD_BYTES + 1))
    with pytest.raises(UploadMalformedError, match="`parser_config` is not UTF-8"):
        await text(b"\xff\xfe")


async def test_body_is_read_no_further_than_its_reader_asks() -> None:
    taken = 0

    async def arrive() -> AsyncIterator[bytes]:
        nonlocal taken
        body = body_of([("file", "a.txt", b"x" * 1_000_000)])
        for start in range(0, len(body), 10_000):
            taken += 1
            yield body[start : start + 10_000]

    parts = Form(CONTENT_TYPE, arrive()).parts()
    part = await anext(parts)
    pieces = part.pieces()
    for _ in range(5):
        await anext(pieces)
    assert taken <= 6
