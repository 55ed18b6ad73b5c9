"""API keys: their form, their checksum, and that nothing of them is kept but a hash."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.api_key import ALPHABET, ApiKeys, checksum, new_key, sha256
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.konversation.naming import identifier
from knowflow_server.domain.page import PageRequest
from knowflow_server.errors.base import ApiKeyInvalidError
from knowflow_server.errors.konversation import FlowNotFoundError
from tests.store.records import open_entities, put


def number_of(text: str) -> int:
    """Return what base-62 digits stand for."""
    value = 0
    for character in text:
        value = value * 62 + ALPHABET.index(character)
    return value


def test_new_key_has_its_form_and_its_checksum() -> None:
    keys = {new_key() for _ in range(200)}
    assert len(keys) == 200
    for key in keys:
        assert re.fullmatch(r"kf_[0-9A-Za-z]{36}", key)
        assert checksum(key[3:33]) == key[33:]


@pytest.mark.parametrize("text", ["", "a", "kf", "0123456789", "ü" * 30])
def test_checksum_is_crc_32_in_base_62(text: str) -> None:
    assert len(checksum(text)) == 6
    assert number_of(checksum(text)) == zlib.crc32(text.encode())


def test_checksum_tells_a_typing_error() -> None:
    text = new_key()[3:33]
    for place in range(30):
        changed = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        assert checksum(changed) != checksum(text)


def test_sha256_is_hex_of_the_whole_key() -> None:
    assert sha256("kf_1") == hashlib.sha256(b"kf_1").hexdigest()


async def test_keys_are_made_once_and_survive_a_restart(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        keys = ApiKeys(entities, SystemClock(), Uuid1Source())
        first = await keys.bootstrap(organization_name="First", key=None)
        assert first is not None
        assert await keys.bootstrap(organization_name="Second", key="x") is None
        other = await keys.create_organization(name="Other", key="given")
        assert other == "given"
        mine, theirs = keys.authenticate(first), keys.authenticate("given")
        assert mine.organization_id != theirs.organization_id
        kept = b"".join(record.SerializeToString() for record in entities.all(ApiKey))
        assert first.encode() not in kept
        assert {record.prefix for record in entities.all(ApiKey)} == {first[:7], "given"[:7]}
    async with open_entities(tmp_path) as entities:
        keys = ApiKeys(entities, SystemClock(), Uuid1Source())
        assert keys.authenticate(first) == mine
        for wrong in ("", "given ", "GIVEN", first[:-1], sha256(first)):
            with pytest.raises(ApiKeyInvalidError):
                keys.authenticate(wrong)
    # Not even a part of the files holds the value.
    assert not any(first.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


async def test_walk_by_cursors_over_the_keys_of_a_chatbot_meets_each_once(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        keys = ApiKeys(entities, SystemClock(), Uuid1Source())
        owner = keys.authenticate(await keys.create_organization(name="One", key=None))
        organization_id = owner.organization_id
        await put(entities, Flow(id=identifier(organization_id, "f1"), organization_id=organization_id, number=1))
        made = [(await keys.create(owner, name="one", chatbot_id="f1"))[0].id for _ in range(3)]
        bound = replace(owner, workspace_id=organization_id, chatbot_id="f1")
        first = keys.list(bound, PageRequest(1, 2))
        rest = keys.list(bound, PageRequest(1, 2, after=(first.items[-1].created_at, first.items[-1].id)))
        assert made == [key.id for page in (first, rest) for key in page.items]
        assert 3 == first.total == rest.total
        # A key of the whole workspace sees, and revokes, also those that name none.
        whole = replace(owner, workspace_id=organization_id)
        assert 4 == keys.list(whole, PageRequest(1, 10)).total
        await keys.revoke(whole, made[0])
        with pytest.raises(FlowNotFoundError):
            await keys.create(bound, name="one", chatbot_id="f2")


async def test_uses_that_cannot_be_written_are_written_later(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        keys = ApiKeys(entities, SystemClock(), Uuid1Source())
        keys.authenticate(await keys.create_organization(name="One", key=None))
        await entities.close()
        # What calls it every minute goes on.
        await keys.write_uses()
