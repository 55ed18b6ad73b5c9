"""Deployments: what is remembered of activations, and tokens under another key of the server."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.app_pb2 import APP_KIND_AGENT, App
from knowflow_server.domain.app import deployment
from knowflow_server.domain.app.deployment import API, WEBSITE, Deployments
from knowflow_server.domain.chat.assistant import Assistants
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.providers.secret_box import AesSecretBox
from knowflow_server.store.entities import EntityStore
from tests.store.records import ORGANIZATION, open_entities, put

OWNER = Principal(ORGANIZATION)
ORIGINS = ["https://a.example"]


def deployments_of(entities: EntityStore, key: bytes = b"key") -> Deployments:
    """Return the deployments of a store."""
    clock, ids, assistants = SystemClock(), Uuid1Source(), cast("Assistants", None)
    return Deployments(entities, assistants, Outbox(entities, clock, ids), AesSecretBox(key), clock, ids)


async def put_app(entities: EntityStore) -> None:
    """Keep an app, `app`, which publishes an agent."""
    app = App(id="app", organization_id=ORGANIZATION, name="App", kind=APP_KIND_AGENT, source_id="agent")
    await put(entities, app, Agent(id="agent", organization_id=ORGANIZATION, title="Agent", dsl="{}"))


async def test_activations_of_one_channel_push_out_none_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "MAX_ACTIVATIONS", 2)
    async with open_entities(tmp_path) as entities:
        await put_app(entities)
        deployments = deployments_of(entities)
        stays = await deployments.create(OWNER, "app", channel=API, activate=True)
        for _ in range(3):
            last = await deployments.create(OWNER, "app", channel=WEBSITE, allowed_origins=ORIGINS, activate=True)
        app = entities.get(App, "app")
        assert app is not None
        assert {API: stays.id, WEBSITE: last.id} == {name: one.id for name, one in deployments.active(app).items()}
        assert 3 == len(app.activations)


async def test_token_under_another_key_of_the_server_is_not_shown(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        await put_app(entities)
        deployments = deployments_of(entities)
        made = await deployments.create(OWNER, "app", channel=WEBSITE, allowed_origins=ORIGINS)
        assert deployments.token(made).startswith("kfw_")
        assert "" == deployments_of(entities, b"another key").token(made)
