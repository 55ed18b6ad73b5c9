"""EML."""

from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import archive, paragraph, pdf, read_blocks, run, save


def mail(subject: str = "Hello", text: str = "Dear all,\n\nthe text.\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Ann Ødegård <ann@example.com>"
    message["To"] = "bo@example.com, carl@example.com"
    message["Date"] = "Mon, 06 Jan 2025 10:00:00 +0100"
    message["X-Spam"] = "no"
    message.set_content(text)
    return message


LINES = "From: Ann Ødegård <ann@example.com>\nTo: bo@example.com, carl@example.com\n"
HEAD = (Kind.PARAGRAPH, 0, f"{LINES}Date: Mon, 06 Jan 2025 10:00:00 +0100\n\n")


def test_headers_text_and_attachments_are_read(tmp_path: Path) -> None:
    message = mail("Überblick 2025")
    message.add_alternative("<h2>Title</h2><table><tr><td>a<td>b</table>", subtype="html")
    message.add_attachment(pdf([paragraph("in the pdf")]), maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment("# Heading\n\ntext\n", filename="Überblick.md")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="a.exe")
    message.add_attachment(archive({"a": "b"}), maintype="application", subtype="zip", filename="b.docx")
    path = save(tmp_path, "a.eml", message.as_bytes())
    assert read_blocks(path) == [
        (Kind.HEADING, 1, "Überblick 2025\n\n"),
        HEAD,
        (Kind.HEADING, 2, "Title\n\n"),
        (Kind.TABLE, 0, "| a | b |\n| --- | --- |\n\n"),
        (Kind.HEADING, 1, "Attachment: a.pdf\n\n"),
        (Kind.PARAGRAPH, 0, "in the pdf\n\n"),
        (Kind.HEADING, 1, "Attachment: Überblick.md\n\n"),
        (Kind.HEADING, 2, "# Heading\n\n"),
        (Kind.PARAGRAPH, 0, "text\n"),
    ]
    result = run(path)
    assert {(chunk.positions, chunk.page_number) for chunk in result.chunks} == {((), 0)}
    assert any(
        text.startswith("The attachment a.exe was not read. .exe files are not supp") for text in result.messages
    )
    assert any(text.startswith("The attachment b.docx was not read. The file is not a") for text in result.messages)


def test_plain_text_and_its_encoding_are_read(tmp_path: Path) -> None:
    message = mail()
    message.set_content("Café\n\nfertig", charset="iso-8859-1")
    assert read_blocks(save(tmp_path, "a.eml", message.as_bytes()))[2:] == [
        (Kind.PARAGRAPH, 0, "Café\n\n"),
        (Kind.PARAGRAPH, 0, "fertig\n"),
    ]
    bare = b"Subject: =?utf-8?q?caf=C3=A9?= =?none?q?x?=\nContent-Type: text/plain; charset=nonsense\n\ntext"
    assert [text for _, _, text in read_blocks(save(tmp_path, "b.eml", bare))][1:] == ["text"]


def test_forwarded_mails_are_read_to_the_third(tmp_path: Path) -> None:
    message = mail("4", "text 4")
    for number in (3, 2, 1, 0):
        outer = mail(str(number), f"text {number}")
        if number % 2:
            outer.add_attachment(message)
        else:
            outer.add_attachment(
                message.as_bytes(), maintype="application", subtype="octet-stream", filename=f"{number}.eml"
            )
        message = outer
    result = run(save(tmp_path, "a.eml", message.as_bytes()), "one")
    headings = [line for line in result.contents[0].split("\n") if line.startswith(("Attachment", "text"))]
    assert headings == [
        "text 0",
        "Attachment: 0.eml",
        "text 1",
        "Attachment: 2",
        "text 2",
        "Attachment: 2.eml",
        "text 3",
    ]
    assert "The attachment 4 was not read. It is attached inside more than 3 e-mails." in result.messages


def test_pictures_inside_the_text_are_left_out(tmp_path: Path) -> None:
    message = mail()
    message.add_related(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", cid="<logo>")
    result = run(save(tmp_path, "a.eml", message.as_bytes()))
    assert result.messages == ["Made 1 chunk."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"just text\n\nand more", "The file is not an e-mail: it does not begin with header lines."),
        (b"", "The file is not an e-mail: it does not begin with header lines."),
        (b"PK\x03\x04", "The file ends in .eml but is not an e-mail: its content looks like a ZIP archive."),
        (b"Subject: x\n\n" + b"x" * 70_000_000, "The e-mail is larger than 64 MB."),
    ],
)
def test_other_content_is_refused_in_our_words(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, "a.eml", content))
    assert error.value.sentence == sentence


def test_parts_nested_without_end_are_refused(tmp_path: Path) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    with pytest.raises(IngestError, match="The parts of the e-mail are nested too deeply"):
        run(save(tmp_path, "a.eml", "Subject: x\n" + nested))


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(max_examples=60, deadline=None)
@given(texts, texts, texts)
def test_every_text_of_any_mail_is_there_in_order(subject: str, body: str, attached: str) -> None:
    message = mail(subject, body)
    message.add_attachment(attached, filename="a.txt")
    with TemporaryDirectory() as folder:
        text = "".join(run(save(Path(folder), "a.eml", message.as_bytes()), chunk_token_num=5).contents)
    position = 0
    for part in (" ".join(subject.split()), body.strip(), attached.strip()):
        assert (position := text.find(part, position)) >= 0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1500))
def test_damaged_mail_is_read(damage: bytes, place: int) -> None:
    message = mail()
    message.add_attachment("text", filename="a.txt")
    content = b"Subject: x\n" + message.as_bytes()
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.eml", content[: place + 11] + damage + content[place + 20 :])
        run(path, name="a.eml") if b"\0" not in damage else None
