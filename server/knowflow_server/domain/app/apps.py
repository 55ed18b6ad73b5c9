"""Apps: what they publish, and what may happen to them."""

from __future__ import annotations

from collections.abc import Sequence

from knowflow.store.v1.app_pb2 import APP_KIND_AGENT, APP_KIND_ASSISTANT, App, Deployment, IntegrationSession
from knowflow.store.v1.chat_pb2 import Assistant, AssistantModel
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.agent import owned_agent
from knowflow_server.domain.app.deployment import Deployments, owned_app
from knowflow_server.domain.app.instructions import compose, instructions_of
from knowflow_server.domain.chat.assistant import Assistants, owned_assistant
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest, newest
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.apps import AppNameExistsError, AppSourceGoneError, AppSourceTakenError
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import ChatNameExistsError, DatasetNotFoundError, DatasetNotParsedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


class Apps:
    """The apps of all organizations; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        assistants: Assistants,
        deployments: Deployments,
        jobs: Jobs,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._assistants = assistants
        self._deployments = deployments
        self._jobs = jobs
        self._clock = clock
        self._ids = ids

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        description: str = "",
        knowledge_base_ids: Sequence[str] = (),
        instructions: str = "",
        model: str = "",
        assistant_id: str = "",
        agent_id: str = "",
    ) -> App:
        """Create an app and return it; without an assistant or agent to publish, a new assistant is made with it.

        Args:
            principal: The caller.
            name: Unique in the organization without regard to case; blanks around it are dropped.
            description: What it is for.
            knowledge_base_ids: The datasets which the new assistant searches.
            instructions: What it is told.
            model: Its chat model; empty means the default.
            assistant_id: The assistant to publish instead.
            agent_id: The agent to publish instead.

        Raises:
            AppNameExistsError, AppSourceTakenError, ChatNotFoundError, AgentNotFoundError, DatasetNotFoundError,
            DatasetNotParsedError, EmbeddingModelsDifferError, ChatNameExistsError, ChatModelUnsupportedError,
            InvalidArgumentError: As their sentences say.
        """
        name = _named(name)
        now = microseconds(self._clock)
        app = App(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            name=name,
            description=description,
            kind=APP_KIND_AGENT if agent_id else APP_KIND_ASSISTANT,
            source_id=agent_id or assistant_id,
            created_at=now,
            updated_at=now,
        )
        made: Assistant | None = None
        if app.source_id:
            _refuse_both(assistant_id, agent_id, knowledge_base_ids, instructions, model)
        else:
            made = self._made(principal, app, knowledge_base_ids, instructions, model)
            app.source_id, app.made_source = made.id, True

        def work(transaction: Transaction) -> App:
            self._refuse_taken(transaction, principal, name)
            if made is not None:
                _check_bases(transaction, principal, knowledge_base_ids)
                _refuse_assistant(transaction, principal, name)
                self._assistants.place(transaction, principal, made)
            _refuse_published(transaction, principal, app)
            transaction.put(app)
            return app

        return await self._entities.transact(work)

    def list(self, principal: Principal, page: PageRequest) -> Page[App]:
        """Return one page of the caller's apps, newest first."""
        return newest(self._entities, App, page, principal.organization_id)

    def get(self, principal: Principal, app_id: str) -> App:
        """Return an app, read-only.

        Raises:
            AppNotFoundError: It does not exist for the caller.
        """
        return owned_app(self._entities, principal, app_id)

    def assistant(self, app: App) -> Assistant | None:
        """Return the assistant which an app publishes, read-only; None for an agent, or where it was deleted."""
        return self._entities.get(Assistant, app.source_id) if app.kind == APP_KIND_ASSISTANT else None

    async def update(
        self,
        principal: Principal,
        app_id: str,
        *,
        knowledge_base_ids: Sequence[str] = (),
        instructions: str | None = None,
        model: str | None = None,
        **changes: str,
    ) -> App:
        """Change an app, or the assistant which it publishes, and return the app; what is None or empty stays.

        Args:
            principal: The caller.
            app_id: The app.
            knowledge_base_ids: The datasets to search from now on.
            instructions: What the assistant is told; empty for the default.
            model: Its chat model; empty for the default.
            changes: New values of name, description.

        Raises:
            AppNotFoundError, AppSourceGoneError, and as `create`.
        """
        if "name" in changes:
            changes["name"] = _named(changes["name"])
        edits = bool(knowledge_base_ids) or instructions is not None or model is not None

        def work(transaction: Transaction) -> App:
            app = transaction.edit(owned_app(transaction, principal, app_id))
            if changes.get("name", app.name).casefold() != app.name.casefold():
                self._refuse_taken(transaction, principal, changes["name"])
            renames = app.made_source and changes.get("name", app.name) != app.name
            if app.kind == APP_KIND_AGENT and edits:
                raise InvalidArgumentError(
                    "Knowledge bases, instructions and model of an agent stand in its graph; edit the agent.",
                    field="instructions",
                )
            if edits or renames:
                if transaction.get(Assistant, app.source_id) is None:
                    raise AppSourceGoneError(app_id=app_id)
                if renames:
                    self._rename(transaction, principal, app, changes["name"])
                if edits:
                    self._edit(transaction, principal, app.source_id, knowledge_base_ids, instructions, model)
            for field, value in changes.items():
                setattr(app, field, value)
            app.updated_at = microseconds(self._clock)
            return app

        return await self._entities.transact(work)

    async def delete(self, principal: Principal, app_id: str) -> None:
        """Delete an app with its deployments, and with the assistant that it made.

        Raises:
            AppNotFoundError: It does not exist for the caller.
        """

        def work(transaction: Transaction) -> None:
            app = owned_app(transaction, principal, app_id)
            for deployment in list(transaction.children(Deployment, app.organization_id, app.id)):
                self._deployments.remove(transaction, app, deployment)
            for session in list(transaction.children(IntegrationSession, app.organization_id, app.id)):
                transaction.delete(session)
            made = transaction.get(Assistant, app.source_id) if app.made_source else None
            if made is not None:
                self._assistants.remove(transaction, made)
            transaction.delete(app)

        await self._entities.transact(work)
        self._jobs.wake()

    async def delete_all(self, principal: Principal) -> None:
        """Delete all apps of an organization."""
        for app in self._entities.children(App, principal.organization_id):
            await self.delete(principal, app.id)

    def _made(
        self, principal: Principal, app: App, knowledge_base_ids: Sequence[str], instructions: str, model: str
    ) -> Assistant:
        """Return the assistant of a new app, which is not kept yet."""
        llm = AssistantModel(model_name=model) if model else None
        made = self._assistants.drafted(
            principal, name=app.name, description=app.description, dataset_ids=knowledge_base_ids, llm=llm
        )
        compose(made, instructions)
        return made

    def _rename(self, transaction: Transaction, principal: Principal, app: App, name: str) -> None:
        present = transaction.get(Assistant, app.source_id)
        if present is not None and name.casefold() != present.name.casefold():
            _refuse_assistant(transaction, principal, name)
        self._assistants.changed(transaction, principal, app.source_id, name=name)

    def _edit(
        self,
        transaction: Transaction,
        principal: Principal,
        assistant_id: str,
        knowledge_base_ids: Sequence[str],
        instructions: str | None,
        model: str | None,
    ) -> None:
        _check_bases(transaction, principal, knowledge_base_ids)
        assistant = transaction.edit(owned_assistant(transaction, principal, assistant_id))
        if model is not None:
            assistant.llm.model_name = model or self._assistants.resolve("", principal.organization_id).served_by
        told = instructions_of(assistant)
        searches = bool(assistant.dataset_ids)
        if knowledge_base_ids:
            assistant.dataset_ids[:] = knowledge_base_ids
        # A prompt without a place for the knowledge gets one with the first knowledge base.
        if instructions is not None or (knowledge_base_ids and not searches):
            compose(assistant, told if instructions is None else instructions)
        # Those that it had are not looked at again: one of them may be gone.
        self._assistants.changed(transaction, principal, assistant_id, dataset_ids=knowledge_base_ids or None)

    @staticmethod
    def _refuse_taken(transaction: Transaction, principal: Principal, name: str) -> None:
        if transaction.holder(App, organization_id=principal.organization_id, name=name) is not None:
            raise AppNameExistsError(name=name)


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidArgumentError("`name` is required.", field="name")
    return name


def _refuse_both(
    assistant_id: str, agent_id: str, knowledge_base_ids: Sequence[str], instructions: str, model: str
) -> None:
    if assistant_id and agent_id:
        raise InvalidArgumentError("Give `assistant_id` or `agent_id`, not both.", field="agent_id")
    if knowledge_base_ids or instructions or model:
        raise InvalidArgumentError(
            "`knowledge_base_ids`, `instructions` and `model` are for a new assistant; leave them out to publish an "
            "existing one.",
            field="instructions",
        )


def _refuse_published(transaction: Transaction, principal: Principal, app: App) -> None:
    if app.kind == APP_KIND_AGENT:
        owned_agent(transaction, principal, app.source_id, f"There is no agent {app.source_id}.")
    else:
        owned_assistant(transaction, principal, app.source_id, f"There is no assistant {app.source_id}.")
    holder = transaction.holder(App, organization_id=principal.organization_id, source_id=app.source_id)
    if holder is not None:
        raise AppSourceTakenError(app_id=holder)


def _refuse_assistant(transaction: Transaction, principal: Principal, name: str) -> None:
    if transaction.holder(Assistant, organization_id=principal.organization_id, name=name) is not None:
        raise ChatNameExistsError(
            f"There is a chat assistant with the name '{name}' already; publish it with `assistant_id`, or choose "
            "another name.",
            name=name,
        )


def _check_bases(transaction: Transaction, principal: Principal, knowledge_base_ids: Sequence[str]) -> None:
    """Refuse knowledge bases that are not there, or hold nothing to find, in the words of this surface."""
    for identifier in knowledge_base_ids:
        dataset = transaction.get(Dataset, identifier)
        if dataset is None or dataset.organization_id != principal.organization_id:
            raise DatasetNotFoundError(f"There is no knowledge base {identifier}.", dataset_id=identifier)
        if not dataset.chunk_count:
            raise DatasetNotParsedError(
                f"The knowledge base {identifier} holds no document that is ready; add one, and wait until it is.",
                dataset_id=identifier,
            )
