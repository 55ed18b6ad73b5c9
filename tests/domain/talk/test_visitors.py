"""Tokens of visitors."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowflow.store.v1.organization_pb2 import Organization
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.talk_pb2 import WebVisitor
from knowflow_server.domain.clock import SystemClock
from knowflow_server.domain.talk.visitor import Visitors
from knowflow_server.errors.base import ApiKeyInvalidError
from knowflow_server.errors.konversation import SubscriberNotFoundError
from tests.store.records import ORGANIZATION, open_entities, put


async def test_token_is_kept_as_a_hash_and_ends_with_the_next_one(tmp_path: Path) -> None:
    anna = Subscriber(id=f"{ORGANIZATION}.f1u1".replace("-", ""), organization_id=ORGANIZATION, flow_id="f1")
    async with open_entities(tmp_path) as entities:
        visitors = Visitors(entities, SystemClock())
        await put(entities, Organization(id=ORGANIZATION), anna)
        first = await visitors.renew(anna)
        assert visitors.authenticate(first).subscriber_id == anna.id
        second = await visitors.renew(anna)
        assert visitors.authenticate(second).organization_id == ORGANIZATION
        for wrong in (first, second[:-1], f"{second}x", "visitor-", f"visitor-{anna.id}-", "visitor-é"):
            with pytest.raises(ApiKeyInvalidError):
                visitors.authenticate(wrong)
        kept = entities.get(WebVisitor, anna.id)
        assert kept is not None
        assert second.rpartition("-")[2].encode() not in kept.SerializeToString()


async def test_no_token_is_left_of_a_subscriber_who_is_deleted_meanwhile(tmp_path: Path) -> None:
    anna = Subscriber(id="o.f1u1", organization_id=ORGANIZATION, flow_id="f1")
    async with open_entities(tmp_path) as entities:
        with pytest.raises(SubscriberNotFoundError):
            await Visitors(entities, SystemClock()).renew(anna)
        assert entities.get(WebVisitor, anna.id) is None
