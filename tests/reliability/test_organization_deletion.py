"""Of a deleted organization nothing is left: there is one record of each kind, and then none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from knowflow.store.v1.app_pb2 import Deployment, DeploymentState
from knowflow.store.v1.organization_pb2 import Organization
from knowflow.store.v1.talk_pb2 import TalkTurn
from knowflow_server.store.database import Database
from knowflow_server.store.entities import MESSAGES, EntityStore
from knowflow_server.store.messages import AUDIT, CREDITS, MessageStore
from knowflow_server.store.schema import records_of, spec_of
from tests.reliability.store import eventually
from tests.serving import start_server
from tests.store.records import put

GOING, STAYING = "0a" * 16, "0b" * 16
KINDS = [kind for kind in MESSAGES if "organization_id" in kind.DESCRIPTOR.fields_by_name]
APPENDED = records_of("messages")
# Ids which say where a record belongs; those of other kinds are the kind, a hyphen and the organization.
IDS = {
    **dict.fromkeys(["credit_account", "flow_counter", "callback_signer"], "{organization}"),
    **dict.fromkeys(["flow", "shop"], "{organization}.f1"),
    **dict.fromkeys(["talk_waiting", "web_visitor", "cart", "customer"], "subscriber-{organization}"),
}
# What the fields hold which do not end in the name of a kind.
OWNERS = {
    "flow_id": "{organization}.f1",
    "list_id": "{organization}.f1.tag",
    "code_id": "discount_code-{organization}",
    "owner_id": "agent-{organization}",
}
# What stands in place of a session.
PLACES = {"audit": AUDIT, "credit_entry": CREDITS}


def record(message: type[Message], organization: str) -> Any:
    """Return a record of an organization which belongs to the other records of it."""
    spec = spec_of(message)
    made: Any = message(id=IDS.get(spec.kind, f"{spec.kind}-{{organization}}").format(organization=organization))
    for field in message.DESCRIPTOR.fields:
        if field.name.endswith("_id") and field.type == field.TYPE_STRING:
            owner = OWNERS.get(field.name, f"{field.name.removesuffix('_id')}-{{organization}}")
            setattr(made, field.name, owner.format(organization=organization))
    made.organization_id = organization
    if spec.table == "messages" and spec.kind in PLACES:
        setattr(made, spec.column("parent").field, PLACES[spec.kind])  # type: ignore[union-attr]
    if isinstance(made, Deployment):
        made.state = DeploymentState.DEPLOYMENT_STATE_ACTIVE
    elif isinstance(made, TalkTurn):
        made.message = "{}"
    if "number" in message.DESCRIPTOR.fields_by_name:
        made.number = 1
    return made


@asynccontextmanager
async def stores(folder: Path) -> AsyncIterator[tuple[EntityStore, MessageStore, Database]]:
    """Have the stores of a server which does not run."""
    database = await Database.open(folder / "data" / "db")
    entities, messages = await EntityStore.open(database), await MessageStore.open(database)
    try:
        yield entities, messages, database
    finally:
        await entities.close()
        await messages.close()
        database.close()


async def test_nothing_is_left(tmp_path: Path) -> None:
    async with stores(tmp_path) as (entities, messages, _):
        for organization in (GOING, STAYING):
            await put(entities, Organization(id=organization, name=organization, deleting=organization == GOING))
            await put(entities, *(record(kind, organization) for kind in KINDS))
            await messages.add([record(kind, organization) for kind in APPENDED])
    with start_server(tmp_path) as server:
        # A server goes on in the background with a deletion that an earlier one began.
        await eventually(lambda: "An organization is deleted." in server.log)
        server.stop()
    async with stores(tmp_path) as (entities, messages, database):
        assert entities.get(Organization, GOING) is None
        assert [type(one).__name__ for one in entities.owned(GOING, most=1000)] == []
        # The other one loses at most what a start of the server tidies up.
        assert len({type(one) for one in entities.owned(STAYING, most=1000)}) > len(KINDS) / 2
        table = await database.table("messages", None)
        rows = (await table.query().select(["organization", "kind"]).to_arrow()).to_pylist()
        assert {row["organization"] for row in rows} == {STAYING}
        assert len(rows) > len(APPENDED) / 2
