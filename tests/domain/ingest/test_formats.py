"""Telling formats apart, and what the pipeline says on the way."""

from pathlib import Path

import pytest

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import FORMATS, identify
from tests.domain.ingest.files import archive, paragraph, pdf, run, save


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.PDF", b"%PDF-1.4", "pdf"),
        ("a.pdf", b"junk before\n%PDF-1.4", "pdf"),
        ("a.docx", archive({}), ""),
        ("a.docx", archive({"a": "b"}), "docx"),
        ("a.tar.md", b"# a", "markdown"),
        ("a.HTM", b"<p>", "html"),
        ("a.py", b"import re", "text"),
        ("a.txt", b"", "text"),
        ("a.txt", b"about %PDF-1.4 files", "text"),
        ("a.txt", "wide".encode("utf-16-le"), "text"),
        ("a.txt", b"%PDF-1.4", ""),
        ("a.md", archive({"a": "b"}), ""),
        ("a.html", b"\x89PNG\r\n\x1a\n....", ""),
        ("a.txt", bytes(100), ""),
    ],
)
def test_identify_ending_and_first_bytes_must_agree(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    path = save(tmp_path, "upload", content)
    if expected:
        assert identify(path, name).reader == expected
    else:
        with pytest.raises(IngestError, match="but is not"):
            identify(path, name)


@pytest.mark.parametrize("name", ["a.odp", "a.exe", "a.pdf.zip"])
def test_identify_format_that_is_not_supported_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        identify(save(tmp_path, "upload", b"x"), name)
    ending = Path(name).suffix
    assert (
        error.value.sentence
        == f"{ending} files are not supported yet. Supported: {', '.join(row.name for row in FORMATS)}."
    )


def test_identify_name_without_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="Files without an ending in their name are not supported"):
        identify(save(tmp_path, "upload", b"x"), "README")


def test_formats_each_ending_belongs_to_one_format() -> None:
    endings = [ending for row in FORMATS for ending in row.extensions]
    assert len(endings) == len(set(endings))
    assert all(ending.startswith(".") and ending == ending.lower() for ending in endings)


@pytest.mark.parametrize(
    "method", ["book", "paper", "presentation", "qa", "table", "email", "laws", "picture", "tag", "new"]
)
def test_ingest_method_for_other_documents_or_unknown_is_served_by_naive(method: str, tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "one two\nthree four\n")
    result = run(path, method, chunk_token_num=2)
    assert result.contents == run(path, chunk_token_num=2).contents
    told = f"The method {method} is served by naive in this version." if method == "new" else "is served by naive."
    assert [message for message in result.messages if message.endswith(told)]


def test_ingest_file_with_a_meaningless_path_is_read_by_its_name(tmp_path: Path) -> None:
    path = save(tmp_path, "0f3a", pdf([paragraph("text")]))
    assert run(path, name="Report 2025.pdf").contents == ["text\n\n"]


def test_ingest_chunks_come_in_batches_of_64(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "".join(f"{number}\n" for number in range(200)))
    result = run(path, chunk_token_num=1)
    assert result.batch_sizes == [64, 64, 64, 8]
    assert result.contents == [f"{number}\n" for number in range(200)]
    assert result.messages[-1] == "Made 200 chunks."
