"""Names of files: what is taken, what is refused, and what they say about the type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.file import MAX_NAME_BYTES, check_name, content_type_of, extension
from knowflow_server.errors.core import FileMissingError, FileNameInvalidError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "a.txt"),
        ("  a.txt  ", "a.txt"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("/etc/passwd/../a.txt", "a.txt"),
        ("../../a.txt", "a.txt"),
        ("Ünïcode 文.md", "Ünïcode 文.md"),
        ('it\'s "quoted"; DROP TABLE documents;--.pdf', 'it\'s "quoted"; DROP TABLE documents;--.pdf'),
        ("%00%2e.txt", "%00%2e.txt"),
        ("x" * 251 + ".txt", "x" * 251 + ".txt"),
    ],
)
def test_check_name_gives_the_name_without_folders(name: str, expected: str) -> None:
    assert check_name(name) == expected


@pytest.mark.parametrize("name", ["", "   ", "folder/", "\\"])
def test_check_name_of_no_name_is_refused(name: str) -> None:
    with pytest.raises(FileMissingError, match="No file selected!"):
        check_name(name)


@pytest.mark.parametrize("name", ["x" * 252 + ".txt", "文" * 84 + ".txt"])
def test_check_name_above_255_bytes_is_refused(name: str) -> None:
    with pytest.raises(FileNameInvalidError, match="255 bytes or less"):
        check_name(name)


@pytest.mark.parametrize("name", ["a\x00.txt", "a\nb.txt", "\x1b[31m.txt", ".", ".."])
def test_check_name_that_no_file_has_is_refused(name: str) -> None:
    with pytest.raises(FileNameInvalidError, match="control characters"):
        check_name(name)


@given(st.text(max_size=300))
def test_check_name_gives_a_name_or_refuses(name: str) -> None:
    try:
        found = check_name(name)
    except (FileMissingError, FileNameInvalidError):
        return
    assert 0 < len(found.encode()) <= MAX_NAME_BYTES
    assert "/" not in found
    assert "\\" not in found
    assert check_name(found) == found


@pytest.mark.parametrize(
    ("name", "expected"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), (".env", ""), ("a.", "")]
)
def test_extension(name: str, expected: str) -> None:
    assert extension(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", "application/pdf"),
        ("a.MD", "text/markdown"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.txt", "text/plain"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_content_type_of(name: str, expected: str) -> None:
    assert content_type_of(name) == expected
