"""Tags of chatbots, and labels of workspaces."""

from __future__ import annotations

from knowflow.store.v1.flow_label_pb2 import FlowTag, TeamLabel
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.flow import shown_name
from knowflow_server.domain.konversation.named import Kind, Named
from knowflow_server.domain.konversation.naming import identifier, next_number
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.konversation import (
    FlowLimitReachedError,
    FlowNameTakenError,
    FlowTagNotFoundError,
    TeamLabelNotFoundError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_TAGS = 5000
MAX_LABELS = 1000


class FlowTags(Named[FlowTag]):
    """The tags of all chatbots. A deleted tag is gone from its subscribers: its number is never given again."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        super().__init__(entities, clock, Kind(FlowTag, "tag", MAX_TAGS, lambda name: FlowTagNotFoundError(tag=name)))


class TeamLabels:
    """The labels of all workspaces; each method acts for one caller."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def list(self, principal: Principal, page: PageRequest, *, name: str = "") -> Page[TeamLabel]:
        """Return one page of the labels, oldest first; only those whose name holds `name`, without regard to case."""
        found = self._entities.children(TeamLabel, principal.organization_id)
        return page_of([label for label in found if name.casefold() in label.name.casefold()], page)

    def get(self, organization_id: str, number: int) -> TeamLabel | None:
        """Return a label by its number, read-only, or None."""
        return self._entities.get(TeamLabel, identifier(organization_id, str(number)))

    async def create(self, principal: Principal, *, name: str) -> TeamLabel:
        """Make a label.

        Raises:
            FlowNameTakenError, FlowLimitReachedError, InvalidArgumentError: As their sentences say.
        """
        organization_id, now = principal.organization_id, microseconds(self._clock)

        def work(transaction: Transaction) -> TeamLabel:
            wanted = shown_name(name)
            if transaction.holder(TeamLabel, organization_id=organization_id, name=wanted) is not None:
                raise FlowNameTakenError(kind="label", name=wanted)
            if sum(1 for _ in transaction.children(TeamLabel, organization_id)) >= MAX_LABELS:
                raise FlowLimitReachedError(kind="labels", limit=MAX_LABELS)
            number = next_number(transaction, organization_id, TeamLabel)
            label = TeamLabel(
                id=identifier(organization_id, str(number)),
                organization_id=organization_id,
                number=number,
                name=wanted,
                created_at=now,
                updated_at=now,
            )
            transaction.put(label)
            return label

        return await self._entities.transact(work)

    async def delete(self, principal: Principal, *, number: int = 0, name: str = "") -> None:
        """Delete a label by its number or its name.

        Raises:
            TeamLabelNotFoundError: There is none.
        """

        def work(transaction: Transaction) -> None:
            if number:
                label = transaction.get(TeamLabel, identifier(principal.organization_id, str(number)))
                if label is None:
                    raise TeamLabelNotFoundError(label=number)
                transaction.delete(label)
            else:
                transaction.delete(label_by_name(transaction, principal.organization_id, name))

        await self._entities.transact(work)


def label_by_name(transaction: Transaction, organization_id: str, name: str) -> TeamLabel:
    """Return a label by its name, without regard to case, read-only.

    Raises:
        TeamLabelNotFoundError: There is none.
    """
    held = transaction.holder(TeamLabel, organization_id=organization_id, name=name.strip())
    label = None if held is None else transaction.get(TeamLabel, held)
    if label is None:
        raise TeamLabelNotFoundError(label=name[:100])
    return label
