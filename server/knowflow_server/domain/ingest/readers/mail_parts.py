"""The parts of an e-mail: which of them are its text and which are attached to it."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from knowflow_server.domain.ingest.blocks import clean

_TEXTS = ("text/html", "text/plain")
_LONGEST_HEADER = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an e-mail.

    Attributes:
        message: The part.
        is_body: True when it is text of the e-mail itself, False when it is attached.
    """

    message: "Message[str, str]"
    is_body: bool


def parts(message: "Message[str, str]") -> list[Part]:
    """Return the parts that have text or may have some, in their order.

    Of several forms of the same text the HTML one is taken, as it has headings and tables. Pictures which the text
    shows are left out: they are logos more often than not.
    """
    return list(_parts(message))


def header(message: "Message[str, str]", name: str) -> str:
    """Return a header line, or the name of an attached file for `filename`, decoded and on one line; "" for none."""
    try:
        raw = message.get_filename() if name == "filename" else message.get(name)
        text = str(make_header(decode_header(raw))) if raw else ""
    except (ValueError, LookupError, MessageError, TypeError):
        text = str(message.get(name) or "")
    return " ".join(clean(text).split())[:_LONGEST_HEADER]


def charset(message: "Message[str, str]") -> str:
    """Return Python's name of the encoding which a text part names, "" for none or one that is not known."""
    try:
        name = codecs.lookup(message.get_content_charset() or "").name
        return name if isinstance("".encode(name), bytes) and b"".decode(name) == "" else ""
    except (LookupError, ValueError, TypeError):
        return ""


def _parts(message: "Message[str, str]") -> Iterator[Part]:
    kind = message.get_content_type()
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        children = [child for child in payload if isinstance(child, Message)]
        if kind == "multipart/alternative":
            children = _best(children)
        for child in children:
            yield from _parts(child)
        return
    is_attached = message.get_content_disposition() == "attachment" or bool(message.get_filename())
    if kind in _TEXTS and not is_attached:
        yield Part(message, is_body=True)
    elif message.get_content_maintype() != "image" or message.get_content_disposition() == "attachment":
        yield Part(message, is_body=False)


def _best(children: "list[Message[str, str]]") -> "list[Message[str, str]]":
    for wanted in _TEXTS:
        for child in reversed(children):
            if any(part.get_content_type() == wanted for part in child.walk()):
                return [child]
    return children[-1:]
