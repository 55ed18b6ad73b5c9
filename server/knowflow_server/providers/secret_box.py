"""Secrets at rest: AES-256-GCM under a key of the settings, or of a file beside the data."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from knowflow_server.domain.sealing import UnsealError

FILE = "secret.key"
# NIST SP 800-38D, section 8.2: random nonces have 96 bits.
NONCE_BYTES = 12


class AesSecretBox:
    """Implements `SecretBox`.

    Args:
        key: What the operator keeps secret, any bytes of high entropy.
    """

    def __init__(self, key: bytes) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"knowflow secrets at rest").derive(key)
        self._cipher = AESGCM(derived)

    def seal(self, secret: bytes, *, owner: str) -> bytes:
        """Return a secret, encrypted so that it can be read for the same owner only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, owner.encode())

    def unseal(self, sealed: bytes, *, owner: str) -> bytes:
        """Return a secret that `seal` has encrypted.

        Raises:
            UnsealError: It cannot be read.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError):
            raise UnsealError from None


def key_of(folder: Path, given: str | None) -> bytes:
    """Return the key: the given one, else that of a file in the data folder, which is made when it is missing.

    Only the owner of the file can read it. Who copies the folder without it copies no secrets.
    """
    if given is not None:
        return given.encode()
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"{FILE}.{secrets.token_hex(8)}"
        number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        # Whole or not at all, and never in place of a key that is there already.
        with suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
        _sync(folder)
    return path.read_bytes()


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk: a key that is lost makes every secret unreadable."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
