"""The wire between parent and worker."""

import asyncio
import io
import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.workers.frames import (
    MAX_HEAD_BYTES,
    MAX_TAIL_BYTES,
    Frame,
    FrameError,
    encode,
    read_frame,
    read_frame_blocking,
    write_frame_blocking,
)

_ANY_TEXT = st.text(st.characters(codec=None))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | _ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


def _stream(data: bytes) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return stream


def _bytes(frame: Frame) -> bytes:
    return b"".join(encode(frame))


@pytest.mark.asyncio
@given(body=st.dictionaries(_ANY_TEXT, _JSON, max_size=4))
async def test_read_frame_any_json_comes_back(body: dict[str, object]) -> None:
    data = _bytes(Frame("item", body))
    for frame in (await read_frame(_stream(data)), read_frame_blocking(io.BytesIO(data))):
        assert frame == Frame("item", body)


@pytest.mark.parametrize("shape", [(0, 384), (3, 4), (2, 0, 5), (7,), ()])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_write_frame_array_comes_back(shape: tuple[int, ...], dtype: str) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    pipe = io.BytesIO()
    write_frame_blocking(pipe, Frame("item", {}, array))
    pipe.seek(0)
    frame = read_frame_blocking(pipe)
    assert frame is not None
    assert frame.array is not None
    assert frame.array.dtype == array.dtype
    np.testing.assert_array_equal(frame.array, array)


def test_encode_transposed_array_keeps_its_order() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3).T
    frame = read_frame_blocking(io.BytesIO(_bytes(Frame("item", {}, array))))
    assert frame is not None
    assert frame.array is not None
    np.testing.assert_array_equal(frame.array, array)


@pytest.mark.asyncio
async def test_read_frame_two_frames_come_in_order_then_none() -> None:
    stream = _stream(_bytes(Frame("ready", {"a": 1})) + _bytes(Frame("end", {})))
    assert [await read_frame(stream) for _ in range(3)] == [Frame("ready", {"a": 1}), Frame("end", {}), None]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "data",
    [
        b"\x01\x00",
        _bytes(Frame("item", {"a": "b" * 50}))[:-3],
        struct.pack("<II", 2, 0) + b"[]",
        struct.pack("<II", 4, 0) + b"\xff\xfe\x00\x01",
        struct.pack("<II", MAX_HEAD_BYTES + 1, 0),
        struct.pack("<II", 0, MAX_TAIL_BYTES + 1),
        _bytes(Frame("item", {})).replace(b'"item"', b'"evil"'),
        _bytes(Frame("item", {}, np.zeros(2, np.float32))).replace(b"float32", b"objects"),
        _bytes(Frame("item", {}, np.zeros(2, np.float32))).replace(b"[2]", b"[3]"),
    ],
)
async def test_read_frame_broken_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        await read_frame(_stream(data))


@pytest.mark.asyncio
@given(data=st.binary(max_size=64))
async def test_read_frame_any_bytes_give_frame_none_or_frame_error(data: bytes) -> None:
    with suppress(FrameError):
        assert isinstance(await read_frame(_stream(data)), Frame | None)
