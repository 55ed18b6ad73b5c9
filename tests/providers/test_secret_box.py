"""Secrets at rest: for their owner only, under a key that only the operator reads."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from knowflow_server.domain.sealing import UnsealError
from knowflow_server.providers.secret_box import AesSecretBox, key_of

KEY = b"a key of at least thirty-two bytes"


def test_secret_is_read_again() -> None:
    box = AesSecretBox(KEY)
    sealed = box.seal(b"moon", owner="a")
    assert b"moon" not in sealed
    assert box.unseal(sealed, owner="a") == b"moon"
    assert AesSecretBox(KEY).unseal(sealed, owner="a") == b"moon"
    assert box.seal(b"moon", owner="a") != sealed


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_changed_bytes_cannot_be_read(place: int) -> None:
    box = AesSecretBox(KEY)
    sealed = bytearray(box.seal(b"moon", owner="a"))
    sealed[place] ^= 1
    with pytest.raises(UnsealError):
        box.unseal(bytes(sealed), owner="a")


def test_other_owner_other_key_and_a_piece_cannot_be_read() -> None:
    sealed = AesSecretBox(KEY).seal(b"moon", owner="a")
    for box, given, owner in (
        (AesSecretBox(KEY), sealed, "b"),
        (AesSecretBox(KEY + b"x"), sealed, "a"),
        (AesSecretBox(KEY), sealed[:5], "a"),
        (AesSecretBox(KEY), b"", "a"),
    ):
        with pytest.raises(UnsealError):
            box.unseal(given, owner=owner)


def test_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = key_of(folder, None)
    assert len(first) == 64
    assert key_of(folder, None) == first
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret.key"]
    assert key_of(folder, "given") == b"given"


def test_key_that_several_make_at_once_is_one(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(key_of(tmp_path, None))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
