"""Deployments: the configuration of an app, frozen for a channel."""

from __future__ import annotations

from collections.abc import Sequence

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.app_pb2 import (
    APP_KIND_AGENT,
    DEPLOYMENT_STATE_ACTIVE,
    DEPLOYMENT_STATE_FAILED,
    DEPLOYMENT_STATE_PENDING,
    DEPLOYMENT_STATE_STOPPED,
    Activation,
    App,
    Deployment,
    DeploymentState,
    IntegrationSession,
)
from knowflow.store.v1.chat_pb2 import Assistant, Session
from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection
from knowflow_server.domain.api_key import sha256
from knowflow_server.domain.chat.assistant import Assistants
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.page import Page, PageRequest, newest
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.sealing import SecretBox, UnsealError
from knowflow_server.domain.webhook import event as events
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.domain.website import new_token
from knowflow_server.errors.apps import (
    AppNotDeployedError,
    AppNotFoundError,
    AppSourceGoneError,
    DeploymentChannelUnavailableError,
    DeploymentNotActiveError,
    DeploymentNotFoundError,
    NothingToRollBackError,
)
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import ChatModelUnsupportedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

API, WEBSITE, WHATSAPP = "api", "website", "whatsapp"
CHANNELS = (API, WEBSITE, WHATSAPP)
# Activations of a channel that are remembered; rolling back goes no further.
MAX_ACTIVATIONS = 100
STATUSES: dict[int, str] = {
    DEPLOYMENT_STATE_PENDING: "pending",
    DEPLOYMENT_STATE_ACTIVE: "active",
    DEPLOYMENT_STATE_STOPPED: "stopped",
    DEPLOYMENT_STATE_FAILED: "failed",
}
GONE = "What the app publishes was deleted."
DISCONNECTED = "The agent is not connected with WhatsApp any more."


def owned_app(entities: EntityStore | Transaction, principal: Principal, app_id: str) -> App:
    """Return an app of the caller's organization, read-only.

    Raises:
        AppNotFoundError: It does not exist, or belongs to another organization; the two look alike.
    """
    app = entities.get(App, app_id)
    if app is None or app.organization_id != principal.organization_id:
        raise AppNotFoundError(app_id=app_id)
    return app


def deployment_of(entities: EntityStore | Transaction, app: App, deployment_id: str) -> Deployment:
    """Return a deployment of an app, read-only.

    Raises:
        DeploymentNotFoundError: It does not exist in the app.
    """
    deployment = entities.get(Deployment, deployment_id)
    if deployment is None or deployment.app_id != app.id:
        raise DeploymentNotFoundError(deployment_id=deployment_id)
    return deployment


def active_deployments(entities: EntityStore | Transaction, app: App) -> dict[str, Deployment]:
    """Return what answers, by channel, read-only."""
    found = {activation.channel: activation.deployment_id for activation in app.activations}
    records = {channel: entities.get(Deployment, identifier) for channel, identifier in found.items()}
    return {
        channel: record
        for channel, record in sorted(records.items())
        if record is not None and record.state == DEPLOYMENT_STATE_ACTIVE
    }


def active_deployment(entities: EntityStore | Transaction, app: App, channel: str) -> Deployment:
    """Return what answers on a channel, read-only.

    Raises:
        AppSourceGoneError: What the app publishes was deleted.
        AppNotDeployedError: Nothing answers.
    """
    kind: type[Assistant | Agent] = Agent if app.kind == APP_KIND_AGENT else Assistant
    if entities.get(kind, app.source_id) is None:
        raise AppSourceGoneError(app_id=app.id)
    found = active_deployments(entities, app).get(channel)
    if found is None:
        raise AppNotDeployedError(app_id=app.id, channel=channel)
    return found


def on_whatsapp(
    entities: EntityStore | Transaction, organization_id: str, agent_id: str
) -> tuple[bool, Deployment | None]:
    """Return whether deployments decide what an agent is on WhatsApp, and the one that answers there, if any.

    They do from the first activation on. Before it, and when the last one is deleted, the agent answers as it is.
    """
    found = entities.holder(App, organization_id=organization_id, source_id=agent_id)
    app = entities.get(App, found) if isinstance(found, str) else found
    if app is None or all(one.channel != WHATSAPP for one in app.activations):
        return False, None
    return True, active_deployments(entities, app).get(WHATSAPP)


class Deployments:
    """The deployments of all apps; each method acts for one caller.

    A change of status is told in the transaction that makes it. When an assistant or agent is deleted, on whatever
    surface, the deployments which need it fail with it.
    """

    def __init__(
        self,
        entities: EntityStore,
        assistants: Assistants,
        outbox: Outbox,
        box: SecretBox,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._assistants = assistants
        self._outbox = outbox
        self._box = box
        self._clock = clock
        self._ids = ids
        entities.observe(self._observe)

    async def create(
        self,
        principal: Principal,
        app_id: str,
        *,
        channel: str,
        allowed_origins: Sequence[str] = (),
        connection_id: str = "",
        activate: bool = False,
    ) -> Deployment:
        """Freeze the configuration of an app for a channel, and return the deployment.

        Args:
            principal: The caller.
            app_id: The app.
            channel: `api`, `website` or `whatsapp`.
            allowed_origins: Websites whose browsers may chat; for the channel `website`.
            connection_id: The WhatsApp connection of the agent, for `whatsapp`; empty means the one it has.
            activate: Whether it answers at once.

        Raises:
            AppNotFoundError, AppSourceGoneError, DeploymentChannelUnavailableError, InvalidArgumentError: As they say.
        """
        owned_app(self._entities, principal, app_id)
        _check_channel(channel, allowed_origins)

        def work(transaction: Transaction) -> Deployment:
            app = transaction.edit(owned_app(transaction, principal, app_id))
            now = microseconds(self._clock)
            app.deployment_count += 1
            deployment = Deployment(
                id=self._ids.new_id(),
                organization_id=app.organization_id,
                app_id=app.id,
                number=app.deployment_count,
                channel=channel,
                allowed_origins=map(_as_sent, allowed_origins) if channel == WEBSITE else (),
                created_at=now,
                updated_at=now,
            )
            _freeze(transaction, app, deployment)
            if channel == WHATSAPP:
                deployment.connection_id = _connection(transaction, app, connection_id)
            if channel == WEBSITE and not app.website_sha256:
                token = new_token()
                app.website_sha256 = sha256(token)
                app.website_sealed = self._box.seal(token.encode(), owner=app.id)
            self._become(transaction, app, deployment, DEPLOYMENT_STATE_PENDING)
            if activate:
                self._activate(transaction, app, deployment)
            transaction.put(deployment)
            return deployment

        return await self._entities.transact(work)

    def list(self, principal: Principal, app_id: str, page: PageRequest) -> Page[Deployment]:
        """Return one page of the deployments of an app, newest first.

        Raises:
            AppNotFoundError: The app does not exist for the caller.
        """
        app = owned_app(self._entities, principal, app_id)
        return newest(self._entities, Deployment, page, app.organization_id, app.id)

    def get(self, principal: Principal, app_id: str, deployment_id: str) -> Deployment:
        """Return a deployment, read-only.

        Raises:
            AppNotFoundError, DeploymentNotFoundError: They do not exist for the caller.
        """
        return deployment_of(self._entities, owned_app(self._entities, principal, app_id), deployment_id)

    def active(self, app: App) -> dict[str, Deployment]:
        """Return what answers of an app, by channel, read-only."""
        return active_deployments(self._entities, app)

    def token(self, deployment: Deployment) -> str:
        """Return the public token of a deployment to a website; empty for other channels, or where it is unreadable."""
        app = self._entities.get(App, deployment.app_id)
        if deployment.channel != WEBSITE or app is None or not app.website_sealed:
            return ""
        try:
            return self._box.unseal(app.website_sealed, owner=app.id).decode()
        except UnsealError:
            # The key of the server has changed. Pages which have the token go on with it.
            return ""

    async def update(
        self,
        principal: Principal,
        app_id: str,
        deployment_id: str,
        *,
        allowed_origins: Sequence[str] | None = None,
        connection_id: str = "",
        stops: bool = False,
    ) -> Deployment:
        """Change a deployment and return it.

        Args:
            principal: The caller.
            app_id: The app.
            deployment_id: The deployment.
            allowed_origins: Websites whose browsers may chat from now on; None leaves the settings of the channel.
            connection_id: The WhatsApp connection from now on; empty means the one the agent has.
            stops: Whether it stops answering.

        Raises:
            AppNotFoundError, DeploymentNotFoundError, DeploymentNotActiveError, InvalidArgumentError: As they say.
        """

        def work(transaction: Transaction) -> Deployment:
            app = owned_app(transaction, principal, app_id)
            deployment = transaction.edit(deployment_of(transaction, app, deployment_id))
            if allowed_origins is not None:
                _check_channel(deployment.channel, allowed_origins)
                deployment.allowed_origins[:] = map(_as_sent, allowed_origins) if deployment.channel == WEBSITE else ()
                if deployment.channel == WHATSAPP:
                    deployment.connection_id = _connection(transaction, app, connection_id)
            if stops:
                _refuse_inactive(deployment)
                self._become(transaction, app, deployment, DEPLOYMENT_STATE_STOPPED)
            deployment.updated_at = microseconds(self._clock)
            return deployment

        return await self._entities.transact(work)

    async def delete(self, principal: Principal, app_id: str, deployment_id: str) -> None:
        """Delete a deployment; an active one stops answering, and with the last one to a website ends the token.

        Raises:
            AppNotFoundError, DeploymentNotFoundError: They do not exist for the caller.
        """

        def work(transaction: Transaction) -> None:
            app = transaction.edit(owned_app(transaction, principal, app_id))
            self.remove(transaction, app, deployment_of(transaction, app, deployment_id))
            left = transaction.children(Deployment, app.organization_id, app.id)
            if all(one.channel != WEBSITE for one in left):
                app.website_sha256, app.website_sealed = "", b""
            kept = [one for one in app.activations if one.deployment_id != deployment_id]
            del app.activations[:]
            app.activations.extend(kept)

        await self._entities.transact(work)

    def remove(self, transaction: Transaction, app: App, deployment: Deployment) -> None:
        """Delete a deployment in a transaction, and tell of it."""
        data = events.deployment(app, deployment, status="deleted", previous=STATUSES[deployment.state])
        self._outbox.raised(transaction, app.organization_id, events.DEPLOYMENT_UPDATED, data)
        transaction.delete(deployment)

    async def activate(self, principal: Principal, app_id: str, deployment_id: str) -> Deployment:
        """Have a deployment answer on its channel in place of the one that does; returned as failed where it cannot.

        Raises:
            AppNotFoundError, DeploymentNotFoundError: They do not exist for the caller.
        """

        def work(transaction: Transaction) -> Deployment:
            app = transaction.edit(owned_app(transaction, principal, app_id))
            deployment = transaction.edit(deployment_of(transaction, app, deployment_id))
            if deployment.state != DEPLOYMENT_STATE_ACTIVE:
                self._activate(transaction, app, deployment)
            return deployment

        return await self._entities.transact(work)

    async def roll_back(self, principal: Principal, app_id: str, deployment_id: str) -> Deployment:
        """Stop an active deployment, activate the one that was active before it, and return that one.

        Raises:
            AppNotFoundError, DeploymentNotFoundError: They do not exist for the caller.
            DeploymentNotActiveError: It is not active.
            NothingToRollBackError: None was active before it.
        """

        def work(transaction: Transaction) -> Deployment:
            app = transaction.edit(owned_app(transaction, principal, app_id))
            present = transaction.edit(deployment_of(transaction, app, deployment_id))
            _refuse_inactive(present)
            mine = [one for one in app.activations if one.channel == present.channel]
            others = [one for one in app.activations if one.channel != present.channel]
            while mine and mine[-1].deployment_id == present.id:
                mine.pop()
            if not mine:
                raise NothingToRollBackError(deployment_id=deployment_id)
            before = transaction.edit(deployment_of(transaction, app, mine[-1].deployment_id))
            if problem := self._problem(transaction, app, before):
                self._become(transaction, app, before, DEPLOYMENT_STATE_FAILED, problem)
                return before
            kept = [Activation(channel=one.channel, deployment_id=one.deployment_id) for one in (*others, *mine)]
            del app.activations[:]
            app.activations.extend(kept)
            self._become(transaction, app, present, DEPLOYMENT_STATE_STOPPED)
            self._become(transaction, app, before, DEPLOYMENT_STATE_ACTIVE)
            return before

        return await self._entities.transact(work)

    def _activate(self, transaction: Transaction, app: App, deployment: Deployment) -> None:
        """Activate a deployment; both records are the transaction's own."""
        if problem := self._problem(transaction, app, deployment):
            self._become(transaction, app, deployment, DEPLOYMENT_STATE_FAILED, problem)
            return
        present = active_deployments(transaction, app).get(deployment.channel)
        if present is not None and present.id != deployment.id:
            self._become(transaction, app, transaction.edit(present), DEPLOYMENT_STATE_STOPPED)
        app.activations.add(channel=deployment.channel, deployment_id=deployment.id)
        mine = [one for one in app.activations if one.channel == deployment.channel]
        for oldest in mine[:-MAX_ACTIVATIONS]:
            app.activations.remove(oldest)
        self._become(transaction, app, deployment, DEPLOYMENT_STATE_ACTIVE)

    def _become(
        self, transaction: Transaction, app: App, deployment: Deployment, state: DeploymentState, error: str = ""
    ) -> None:
        """Change the status of a deployment, and tell of it."""
        previous = STATUSES.get(deployment.state, "")
        now = microseconds(self._clock)
        deployment.state, deployment.error, deployment.updated_at = state, error, now
        if state == DEPLOYMENT_STATE_ACTIVE:
            deployment.activated_at = now
        if previous != STATUSES[state]:
            data = events.deployment(app, deployment, status=STATUSES[state], previous=previous)
            self._outbox.raised(transaction, app.organization_id, events.DEPLOYMENT_UPDATED, data)

    def _problem(self, transaction: Transaction, app: App, deployment: Deployment) -> str:
        """Return why a deployment cannot answer; empty when it can."""
        if app.kind == APP_KIND_AGENT:
            if transaction.get(Agent, app.source_id) is None:
                return GONE
            connects = deployment.channel == WHATSAPP
            lost = connects and transaction.get(WhatsAppConnection, deployment.connection_id) is None
            return DISCONNECTED if lost else ""
        if transaction.get(Assistant, app.source_id) is None:
            return GONE
        try:
            self._assistants.resolve(deployment.assistant.llm.model_name, app.organization_id)
        except ChatModelUnsupportedError as error:
            return f"Nobody serves the chat model {error.metadata['model']} any more."
        if deployment.assistant.dataset_ids and not self._assistants.datasets(deployment.assistant):
            return "All its knowledge bases were deleted."
        return ""

    def _observe(self, transaction: Transaction) -> None:
        """Have deployments fail with what they need, and forget the names of sessions that go."""
        for before, after in transaction.changes():
            if after is not None:
                continue
            if isinstance(before, Session):
                named = transaction.get(IntegrationSession, before.id)
                if named is not None:
                    transaction.delete(named)
            elif isinstance(before, Assistant | Agent):
                self._fail(transaction, before.organization_id, before.id, GONE)
            elif isinstance(before, WhatsAppConnection):
                self._fail(transaction, before.organization_id, before.owner_id, DISCONNECTED, WHATSAPP)

    def _fail(
        self, transaction: Transaction, organization_id: str, source_id: str, error: str, channel: str = ""
    ) -> None:
        """Have the deployments of what an app publishes fail, on one channel or on all."""
        holder = transaction.holder(App, organization_id=organization_id, source_id=source_id)
        app = transaction.get(App, holder) if holder is not None else None
        if app is None:
            return
        for deployment in list(transaction.children(Deployment, app.organization_id, app.id)):
            waits = deployment.state in {DEPLOYMENT_STATE_ACTIVE, DEPLOYMENT_STATE_PENDING}
            if waits and channel in ("", deployment.channel):
                self._become(transaction, app, transaction.edit(deployment), DEPLOYMENT_STATE_FAILED, error)


def _freeze(transaction: Transaction, app: App, deployment: Deployment) -> None:
    if app.kind == APP_KIND_AGENT:
        agent = transaction.get(Agent, app.source_id)
        if agent is None:
            raise AppSourceGoneError(app_id=app.id)
        deployment.agent_title, deployment.agent_dsl = agent.title, agent.dsl
        return
    assistant = transaction.get(Assistant, app.source_id)
    if assistant is None:
        raise AppSourceGoneError(app_id=app.id)
    deployment.assistant.CopyFrom(assistant)


def _connection(transaction: Transaction, app: App, connection_id: str) -> str:
    """Return the WhatsApp connection of an app's agent, which is the one that is named, when one is."""
    if app.kind != APP_KIND_AGENT:
        raise DeploymentChannelUnavailableError("WhatsApp is for apps that publish an agent.", channel=WHATSAPP)
    found = transaction.holder(WhatsAppConnection, organization_id=app.organization_id, owner_id=app.source_id)
    if found is None:
        raise DeploymentChannelUnavailableError(
            f"Connect the agent with WhatsApp first: PUT /api/public/agent/{app.source_id}/waba/connection.",
            channel=WHATSAPP,
        )
    if connection_id not in ("", found):
        raise InvalidArgumentError(
            f"The agent has no WhatsApp connection {connection_id}.", field="config.connection_id"
        )
    return found


def _check_channel(channel: str, allowed_origins: Sequence[str]) -> None:
    if channel not in CHANNELS:
        raise DeploymentChannelUnavailableError(
            f"The channel {channel[:40]!r} is not available on this server; {', '.join(CHANNELS)} are.",
            channel=channel,
        )
    if channel == WEBSITE and not allowed_origins:
        raise InvalidArgumentError(
            "`config.allowed_origins` is required for a website: the origins whose pages may chat, such as "
            "https://shop.example.com.",
            field="config.allowed_origins",
        )


def _as_sent(origin: str) -> str:
    """Return an origin as browsers send it: they leave out the port that its scheme has anyway."""
    return origin.removesuffix(":443" if origin.startswith("https:") else ":80")


def _refuse_inactive(deployment: Deployment) -> None:
    if deployment.state != DEPLOYMENT_STATE_ACTIVE:
        raise DeploymentNotActiveError(deployment_id=deployment.id)
