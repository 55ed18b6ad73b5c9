"""Multipart form data written by hand, so that a case decides about every byte of a part's header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.cases.sample_files import sample

BOUNDARY = "----cases-boundary-5f0c"


def _quoted(text: str) -> str:
    """Return a text as curl quotes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _header(part: Mapping[str, Any]) -> str:
    disposition = f"form-data; name={_quoted(part['name'])}"
    if "filename" in part:
        disposition += f"; filename={_quoted(part['filename'])}"
    lines = [f"Content-Disposition: {part.get('disposition', disposition)}"]
    if "type" in part:
        lines.append(f"Content-Type: {part['type']}")
    return "".join(f"{line}\r\n" for line in lines)


def multipart(parts: Sequence[Mapping[str, Any]]) -> tuple[str, bytes]:
    """Return content type and body of a form.

    Args:
        parts: Each with `name`; files have `filename`, and `content` as a text or the name of a sample after `!file`;
            fields have `value`. `disposition` replaces the header which these make.
    """
    body = b""
    for part in parts:
        value = part.get("content", part.get("value", ""))
        content = value.encode() if isinstance(value, str) else sample(value)
        body += f"--{BOUNDARY}\r\n{_header(part)}\r\n".encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", body + f"--{BOUNDARY}--\r\n".encode()
