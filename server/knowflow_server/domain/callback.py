"""Callbacks: questions whose answers are posted to an address, and the secrets that sign them.

A question is kept before it is acknowledged. Its answer is charged, and put on its way, in the transaction that takes
the question away: a server that dies meanwhile neither loses an answer nor charges one twice. From there on it is a
delivery like that of a webhook, with the same signatures and repetitions.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter

from knowflow.store.v1.agent_pb2 import RunTrace
from knowflow.store.v1.chat_pb2 import Session
from knowflow.store.v1.webhook_pb2 import (
    WEBHOOK_DELIVERY_STATE_PENDING,
    CallbackJob,
    CallbackSigner,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_chat import (
    AgentChats,
    Asked,
    ChatAnswer,
    ChatFailure,
    ChatOutcome,
    RunFailedError,
    envelope,
    failure_of,
    shown,
)
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.credits import CHAT, Credits
from knowflow_server.domain.outgoing import OutgoingError
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.sealing import SecretBox, UnsealError
from knowflow_server.domain.webhook import signature
from knowflow_server.domain.webhook.sending import WebhookSender
from knowflow_server.errors.base import KnowFlowError, OverloadedError, StoreUnavailableError
from knowflow_server.errors.credits import NoCreditsError
from knowflow_server.errors.platform import WebhookUrlRefusedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# Questions that are being answered at the same time, in all and of one organization.
MAX_RUNNING = 16
MAX_RUNNING_EACH = 4
# Questions of one organization that wait: they are kept in memory.
MAX_WAITING = 1_000
# Answers of one organization that could not be posted yet: they are kept in memory, too.
MAX_UNPOSTED = 10_000
# How long an old secret signs beside a new one, and how many sign at most.
OVERLAP_US = 86_400 * 1_000_000
MAX_SECRETS = 5
# A question that could not be dealt with, because the store takes no writes, is taken up again after so many seconds.
REST_S = 5.0


class CallbackSigners:
    """The secrets which sign callbacks, of each organization.

    Args:
        entities: Where they are kept.
        box: Encrypts them.
        clock: The time.
    """

    def __init__(self, entities: EntityStore, box: SecretBox, clock: Clock) -> None:
        self._entities = entities
        self._box = box
        self._clock = clock

    async def secret(self, principal: Principal) -> str:
        """Return the present secret of the caller's organization; it is made where there is none that can be read."""
        signer = await self._entities.transact(lambda transaction: self.ensure(transaction, principal.organization_id))
        try:
            return signature.shown(self._box.unseal(signer.secrets[0].sealed, owner=signer.id))
        except UnsealError:
            return await self.rotate(principal)

    async def rotate(self, principal: Principal) -> str:
        """Make a new secret and return it; for a day the old one signs beside it."""
        made = signature.new_secret()

        def work(transaction: Transaction) -> None:
            now = microseconds(self._clock)
            signer = transaction.edit(self.ensure(transaction, principal.organization_id))
            old = [
                WebhookSecret(sealed=one.sealed, expires_at=min(one.expires_at or now + OVERLAP_US, now + OVERLAP_US))
                for one in signer.secrets
                if not one.expires_at or one.expires_at > now
            ]
            del signer.secrets[:]
            signer.secrets.add(sealed=self._box.seal(made, owner=signer.id))
            signer.secrets.extend(old[: MAX_SECRETS - 1])

        await self._entities.transact(work)
        return signature.shown(made)

    def ensure(self, transaction: Transaction, organization_id: str) -> CallbackSigner:
        """Return the signer of an organization, which is made when there is none."""
        signer = transaction.get(CallbackSigner, organization_id)
        if signer is None:
            signer = CallbackSigner(
                id=organization_id, organization_id=organization_id, created_at=microseconds(self._clock)
            )
            signer.secrets.add(sealed=self._box.seal(signature.new_secret(), owner=organization_id))
            transaction.put(signer)
        return signer


class Callbacks:
    """Answers questions later; a server has one.

    Args:
        entities: Where questions and deliveries are.
        messages: Where traces of runs are, which tell what was answered before a server died.
        agents: Begins conversations.
        chats: Asks agents.
        ledger: Charges answers.
        signers: Who signs.
        sender: Knows which addresses are allowed.
        clock: The time.
        ids: Identifiers.
    """

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        agents: Agents,
        chats: AgentChats,
        ledger: Credits,
        signers: CallbackSigners,
        sender: WebhookSender,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._agents = agents
        self._chats = chats
        self._ledger = ledger
        self._signers = signers
        self._sender = sender
        self._clock = clock
        self._ids = ids
        # By question: its organization; the first comes first.
        self._waiting: dict[str, str] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        # Those that may have been answered before, by an earlier server or in an attempt whose end could not be kept.
        self._begun: set[str] = set()
        self._each: Counter[str] = Counter()
        self._is_closed = False

    def start(self) -> None:
        """Take up what an earlier server left."""
        for job in sorted(self._entities.all(CallbackJob), key=lambda one: (one.created_at, one.id)):
            self._waiting[job.id] = job.organization_id
            self._begun.add(job.id)
        self._entities.subscribe(CallbackJob, self._changed)
        self._pump()

    async def close(self) -> None:
        """Stop; the next server takes up what is left."""
        self._is_closed = True
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def accept(
        self, principal: Principal, agent_id: str, asked: Asked, url: str, *, thread_id: str = ""
    ) -> ChatFailure | None:
        """Keep a question, whose answer goes to an address; return None, or that there are no credits for it.

        Raises:
            AgentNotFoundError, AgentPausedError, SessionNotFoundError, WebhookUrlRefusedError: As their sentences say.
            OverloadedError: Too many questions of the organization wait, or answers that could not be posted.
        """
        self._chats.refuse(principal, agent_id, thread_id)
        try:
            await self._sender.check(url)
        except OutgoingError as error:
            sentence = f"`callback_url` cannot be used: {error.sentence}"
            raise WebhookUrlRefusedError(sentence, field="callback_url") from None
        try:
            # Whether there is enough is decided when it is answered; who has nothing left is told at once.
            self._ledger.reserve(principal, CHAT).release()
        except NoCreditsError as error:
            return failure_of(agent_id, error)
        waiting = self._entities.page(CallbackJob, principal.organization_id, offset=0, size=0)[1]
        self._refuse_full(principal.organization_id, waiting)
        job = CallbackJob(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            agent_id=agent_id,
            session_id=thread_id,
            question=asked.question,
            # A conversation that is gone on with knows what was said.
            history=json.dumps([] if thread_id else [list(turn) for turn in asked.history], ensure_ascii=False),
            url=url,
            created_at=microseconds(self._clock),
        )

        def work(transaction: Transaction, session: Session | None = None) -> None:
            waiting = sum(1 for _ in transaction.children(CallbackJob, principal.organization_id))
            self._refuse_full(principal.organization_id, waiting)
            if session is not None:
                job.session_id = session.id
            transaction.put(job)

        if thread_id:
            await self._entities.transact(work)
        else:
            # No conversation begins for a question that is not kept.
            await self._agents.begin_session(principal, agent_id, also=work)
        return None

    def _refuse_full(self, organization_id: str, waiting: int) -> None:
        """Refuse a question where enough questions, or answers, wait."""
        if waiting >= MAX_WAITING:
            raise OverloadedError(f"{MAX_WAITING} callbacks are waiting already; try again later.")
        # Each has an endpoint of its own; an organization has few others.
        if self._entities.page(WebhookEndpoint, organization_id, offset=0, size=0)[1] >= MAX_UNPOSTED:
            raise OverloadedError(f"{MAX_UNPOSTED} callbacks could not be posted yet; try again later.")

    def _changed(self, identifier: str, job: CallbackJob | None) -> None:
        """Answer a question that was kept, also when its caller has left before hearing that it was."""
        if job is None:
            self._waiting.pop(identifier, None)
        else:
            self._waiting[identifier] = job.organization_id
            self._pump()

    async def delete_all(self, principal: Principal) -> None:
        """Delete the questions and the secrets of an organization that goes."""

        def work(transaction: Transaction) -> None:
            organization_id = principal.organization_id
            for job in list(transaction.children(CallbackJob, organization_id)):
                transaction.delete(job)
            signer = transaction.get(CallbackSigner, organization_id)
            if signer is not None:
                transaction.delete(signer)

        await self._entities.transact(work)

    def _pump(self) -> None:
        """Begin to answer what may be answered now."""
        for identifier, organization_id in list(self._waiting.items()):
            if self._is_closed or len(self._running) >= MAX_RUNNING:
                return
            if self._each[organization_id] >= MAX_RUNNING_EACH:
                continue
            del self._waiting[identifier]
            self._each[organization_id] += 1
            task = asyncio.create_task(self._work(identifier), name=f"callback {identifier}")
            self._running[identifier] = task
            task.add_done_callback(lambda _, one=identifier, owner=organization_id: self._ended(one, owner))  # type: ignore[misc]

    def _ended(self, identifier: str, organization_id: str) -> None:
        self._running.pop(identifier, None)
        self._begun.discard(identifier)
        self._each[organization_id] -= 1
        if not self._each[organization_id]:
            del self._each[organization_id]
        self._pump()

    async def _work(self, identifier: str) -> None:
        """Answer a question, as often as the store does not take the answer."""
        while (job := self._entities.get(CallbackJob, identifier)) is not None:
            try:
                await self._answer(job)
            except Exception:
                logger.exception("A callback could not be prepared.", extra={"organization": job.organization_id})
                self._begun.add(identifier)
                await asyncio.sleep(REST_S)
            else:
                return

    async def _answer(self, job: CallbackJob) -> None:
        """Answer a question, and put the answer on its way."""
        principal = Principal(job.organization_id)
        try:
            reservation = self._ledger.reserve(principal, CHAT)
        except NoCreditsError as error:
            await self._finish(job, failure_of(job.agent_id, error), price=0)
            return
        try:
            outcome = await self._outcome(principal, job, reservation.amount)
            await self._finish(job, outcome, price=reservation.amount)
        finally:
            reservation.release()
        self._ledger.tidy(job.organization_id)

    async def _outcome(self, principal: Principal, job: CallbackJob, price: int) -> ChatOutcome:
        known = await self._known(job, price) if job.id in self._begun else None
        if known is not None:
            return known
        asked = Asked(job.question, [(role, text) for role, text in json.loads(job.history)])
        try:
            return await self._chats.run(
                principal, job.agent_id, asked, thread_id=job.session_id, price=price, message_id=job.id
            )
        except RunFailedError as error:
            return failure_of(job.agent_id, error)
        except (OverloadedError, StoreUnavailableError):
            raise
        except KnowFlowError as error:
            # The agent, or the conversation, was deleted or paused meanwhile.
            return ChatFailure(job.agent_id, error.http_status or 404, error.sentence, error.sentence)

    async def _known(self, job: CallbackJob, price: int) -> ChatAnswer | None:
        """Return the answer which an earlier server, or attempt, was given before it died."""
        organization_id, session_id = job.organization_id, job.session_id
        traces = await self._messages.records(RunTrace, organization_id, [session_id])
        trace = next((one for one in traces if one.message_id == job.id and one.state in {"finished", "waiting"}), None)
        if trace is None:
            return None
        said = (await self._messages.of(organization_id, [session_id]))[session_id]
        place = next((number for number, message in enumerate(said) if message.id == job.id), len(said) - 1)
        history = [(role, text) for role, text in json.loads(job.history)]
        return ChatAnswer(
            job.agent_id,
            session_id,
            trace.id,
            shown([*history, *((message.role, message.content) for message in said[: place + 1])]),
            trace.model,
            trace.elapsed_s,
            said[place].created_at,
            price,
        )

    async def _finish(self, job: CallbackJob, outcome: ChatOutcome, *, price: int) -> None:
        """Take a question away, charge its answer and put it on its way, all or nothing."""
        body = json.dumps(envelope(outcome), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        now = microseconds(self._clock)
        endpoint = WebhookEndpoint(
            id=self._ids.new_id(),
            organization_id=job.organization_id,
            url=job.url,
            is_callback=True,
            created_at=now,
            updated_at=now,
        )
        delivery = WebhookDelivery(
            id=self._ids.new_id(),
            organization_id=job.organization_id,
            endpoint_id=endpoint.id,
            event_id=f"msg_{job.id}",
            body=body,
            state=WEBHOOK_DELIVERY_STATE_PENDING,
            next_attempt_at=now,
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> None:
            if transaction.get(CallbackJob, job.id) is None:
                return
            transaction.delete(job)
            self._signers.ensure(transaction, job.organization_id)
            if isinstance(outcome, ChatAnswer):
                self._ledger.charge(
                    transaction,
                    job.organization_id,
                    operation=CHAT,
                    agent_id=job.agent_id,
                    key=job.id,
                    amount=price,
                )
            transaction.put(endpoint)
            transaction.put(delivery)

        await self._entities.transact(work)
