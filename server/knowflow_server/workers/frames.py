"""The wire between a parent and its worker: length-prefixed frames of JSON plus at most one array.

JSON and not pickle, because a parser that a hostile file has taken over must not be able to run code in the parent.
Arrays travel as raw bytes behind the JSON, without being copied into it.

Layout of a frame, little-endian: u32 length of the head, u32 length of the tail, head (JSON, ASCII), tail (bytes).
"""

import asyncio
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

FrameKind = Literal["ready", "request", "credit", "cancel", "item", "end", "error"]
"""ready: the child has started; request: start work; credit: one more item may be sent; cancel: end the work of one of
several requests; the others are the answer."""

MAX_HEAD_BYTES = 64 * 2**20
MAX_TAIL_BYTES = 256 * 2**20

_LENGTHS = struct.Struct("<II")
_KINDS = frozenset(get_args(FrameKind))
_DTYPES = frozenset({"float32", "int64"})


class FrameError(Exception):
    """The bytes on the pipe are not a frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message.

    Attributes:
        kind: What the message means.
        body: Any JSON object; tuples arrive as lists.
        array: float32 or int64, any shape, or None. A received one is read-only.
    """

    kind: FrameKind
    body: Mapping[str, Any]
    array: NDArray[np.float32] | NDArray[np.int64] | None = None


def encode(frame: Frame) -> list[bytes | memoryview]:
    """Return the pieces to write, in order; the array's bytes are not copied when it is C-contiguous."""
    head: dict[str, object] = {"kind": frame.kind, "body": frame.body}
    tail = memoryview(b"")
    if frame.array is not None:
        array = np.ascontiguousarray(frame.array)
        head["dtype"], head["shape"] = array.dtype.name, array.shape
        # A view of an empty array cannot be cast; it has no bytes anyway.
        tail = memoryview(array.data).cast("B") if array.size else tail
    # Escaping to ASCII lets lone surrogates through, which UTF-8 would refuse.
    text = json.dumps(head, separators=(",", ":")).encode("ascii")
    return [_LENGTHS.pack(len(text), tail.nbytes), text, tail]


def _decode(head: bytes, tail: bytes) -> Frame:
    try:
        fields = json.loads(head)
        kind, body = fields["kind"], fields["body"]
        if kind not in _KINDS or not isinstance(body, dict):
            raise FrameError("A frame has an unknown kind or no body.")
        if "dtype" not in fields:
            return Frame(kind, body)
        if fields["dtype"] not in _DTYPES:
            raise FrameError("A frame's array has a type that does not travel.")
        array = np.frombuffer(tail, dtype=fields["dtype"]).reshape(fields["shape"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FrameError("A frame cannot be read.") from error
    return Frame(kind, body, cast("NDArray[np.float32] | NDArray[np.int64]", array))


def _lengths(prefix: bytes) -> tuple[int, int]:
    head, tail = _LENGTHS.unpack(prefix)
    if head > MAX_HEAD_BYTES or tail > MAX_TAIL_BYTES:
        raise FrameError("A frame is larger than the limit.")
    return head, tail


async def read_frame(stream: asyncio.StreamReader) -> Frame | None:
    """Return the next frame, or None at a clean end of the stream.

    Raises:
        FrameError: The stream ends inside a frame, or its bytes are no frame.
    """
    try:
        prefix = await stream.readexactly(_LENGTHS.size)
        head, tail = _lengths(prefix)
        return _decode(await stream.readexactly(head), await stream.readexactly(tail))
    except asyncio.IncompleteReadError as error:
        if error.partial or error.expected != _LENGTHS.size:
            raise FrameError("The stream ended inside a frame.") from error
        return None


def read_frame_blocking(stream: BinaryIO) -> Frame | None:
    """Return the next frame of a buffered binary stream, or None when the stream ends, even inside a frame.

    Raises:
        FrameError: The bytes are no frame.
    """
    prefix = stream.read(_LENGTHS.size)
    if len(prefix) < _LENGTHS.size:
        return None
    head_length, tail_length = _lengths(prefix)
    head, tail = stream.read(head_length), stream.read(tail_length)
    if len(head) < head_length or len(tail) < tail_length:
        return None
    return _decode(head, tail)


def write_frame_blocking(stream: BinaryIO, frame: Frame) -> None:
    """Write a frame to a buffered binary stream and flush it; blocks while the pipe is full."""
    stream.writelines(encode(frame))
    stream.flush()
