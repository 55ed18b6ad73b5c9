"""Chat assistants: what may happen to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message as ProtoMessage

from knowflow.store.v1.chat_pb2 import Assistant, AssistantModel, AssistantPrompt, Session, Variable
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.chat.prompt import DEFAULT_PROMPT, KNOWLEDGE, placeholder
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import SORT_FIELDS
from knowflow_server.domain.default_model import default_chat_model
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock, IdSource, ModelTable, ResolvedChatModel, UnsupportedModelError
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import Selection, repeated
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import (
    ChatModelUnsupportedError,
    ChatNameExistsError,
    ChatNotFoundError,
    DatasetNotFoundError,
    DatasetNotParsedError,
    EmbeddingModelsDifferError,
    RerankModelUnsupportedError,
)
from knowflow_server.store.entities import EntityStore, ordered
from knowflow_server.store.transaction import Transaction

DESCRIPTION = "A helpful Assistant"
OPENER = "Hi! I am your assistant, can I help you?"
EMPTY_RESPONSE = "Sorry! No relevant content was found in the knowledge base!"


def owned_assistant(
    entities: EntityStore | Transaction, principal: Principal, chat_id: str, sentence: str = ""
) -> Assistant:
    """Return an assistant of the caller's organization, read-only.

    Args:
        entities: Where to look.
        principal: The caller.
        chat_id: The assistant.
        sentence: What to say when there is none; empty means the error's own sentence.

    Raises:
        ChatNotFoundError: It does not exist, or belongs to another organization; the two look alike.
    """
    assistant = entities.get(Assistant, chat_id)
    if assistant is None or assistant.organization_id != principal.organization_id:
        raise ChatNotFoundError(sentence, chat_id=chat_id)
    return assistant


@dataclass(frozen=True, slots=True)
class Deleted:
    """What became of a list of things to delete.

    Args:
        count: Number of things deleted.
        errors: What was odd about the list, one sentence each.
    """

    count: int
    errors: Sequence[str]


def default_prompt() -> AssistantPrompt:
    """Return the prompt of an assistant which was given none."""
    return AssistantPrompt(
        similarity_threshold=0.2,
        keywords_similarity_weight=0.7,
        top_n=6,
        variables=[Variable(key=KNOWLEDGE, optional=False)],
        top_k=1024,
        empty_response=EMPTY_RESPONSE,
        opener=OPENER,
        show_quote=True,
        prompt=DEFAULT_PROMPT,
        refine_multiturn=True,
    )


class Assistants:
    """The chat assistants of all organizations; each method acts for one caller."""

    def __init__(self, entities: EntityStore, jobs: Jobs, models: ModelTable, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._jobs = jobs
        self._models = models
        self._clock = clock
        self._ids = ids

    def resolve(self, model: str, organization_id: str) -> ResolvedChatModel:
        """Return who serves a chat model; an empty name means the default one of an organization.

        Raises:
            ChatModelUnsupportedError: Nobody does.
        """
        model = model or default_chat_model(self._entities, organization_id)
        try:
            return self._models.resolve_chat(model)
        except UnsupportedModelError:
            raise ChatModelUnsupportedError(model=model) from None

    def served(self, assistant: Assistant) -> str:
        """Return who serves an assistant's model now; empty when nobody does any more."""
        try:
            return self.resolve(assistant.llm.model_name, assistant.organization_id).served_by
        except ChatModelUnsupportedError:
            return ""

    def datasets(self, assistant: Assistant) -> list[Dataset]:
        """Return the datasets of an assistant which still exist, read-only."""
        found = (self._entities.get(Dataset, identifier) for identifier in assistant.dataset_ids)
        return [d for d in found if d is not None and d.organization_id == assistant.organization_id]

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        avatar: str = "",
        dataset_ids: Sequence[str] = (),
        description: str | None = None,
        llm: ProtoMessage | None = None,
        prompt: ProtoMessage | None = None,
    ) -> Assistant:
        """Create an assistant and return it; arguments and errors as of `drafted` and `place`."""
        assistant = self.drafted(
            principal,
            name=name,
            avatar=avatar,
            dataset_ids=dataset_ids,
            description=description,
            llm=llm,
            prompt=prompt,
        )

        def work(transaction: Transaction) -> Assistant:
            self.place(transaction, principal, assistant)
            return assistant

        return await self._entities.transact(work)

    def drafted(
        self,
        principal: Principal,
        *,
        name: str,
        avatar: str = "",
        dataset_ids: Sequence[str] = (),
        description: str | None = None,
        llm: ProtoMessage | None = None,
        prompt: ProtoMessage | None = None,
    ) -> Assistant:
        """Return an assistant that is not kept yet.

        Args:
            principal: The caller.
            name: Unique in the organization without regard to case; blanks around it are dropped.
            avatar: Picture.
            dataset_ids: The datasets to search.
            description: What it is for; None means the default.
            llm: A message with members of AssistantModel; those that are set win over the defaults.
            prompt: A message with members of AssistantPrompt, likewise.

        Raises:
            ChatModelUnsupportedError, RerankModelUnsupportedError, InvalidArgumentError: As their sentences say.
        """
        name = name.strip()
        if not name:
            raise InvalidArgumentError("`name` is required.", field="name")
        now = microseconds(self._clock)
        assistant = Assistant(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            name=name,
            avatar=avatar,
            dataset_ids=dataset_ids,
            description=DESCRIPTION if description is None else description,
            llm=AssistantModel(temperature=0.1, top_p=0.3, presence_penalty=0.4, frequency_penalty=0.7),
            prompt=default_prompt(),
            created_by=principal.organization_id,
            created_at=now,
            updated_at=now,
        )
        _merge(assistant.llm, llm)
        _merge(assistant.prompt, prompt)
        # The default is written down: an assistant does not change its model when the default changes.
        assistant.llm.model_name = assistant.llm.model_name or self.resolve("", principal.organization_id).served_by
        self._check_models(assistant)
        _check_prompt(assistant.prompt)
        return assistant

    def place(self, transaction: Transaction, principal: Principal, assistant: Assistant) -> None:
        """Put a new assistant into a transaction.

        Raises:
            ChatNameExistsError, DatasetNotFoundError, DatasetNotParsedError, EmbeddingModelsDifferError: As they say.
        """
        self._refuse_taken(transaction, principal, assistant.name, "creating dataset")
        self._check_datasets(transaction, principal, list(assistant.dataset_ids))
        assistant.dataset_ids[:] = dict.fromkeys(assistant.dataset_ids)
        transaction.put(assistant)

    def list(
        self,
        principal: Principal,
        page: PageRequest,
        *,
        identifier: str = "",
        name: str = "",
        orderby: str = "create_time",
        desc: bool = True,
    ) -> Page[Assistant]:
        """Return one page of the caller's assistants; arguments as of `Datasets.list`.

        Raises:
            ChatNotFoundError: An id or a name is given, and no assistant has it.
        """
        found = ordered(
            self._entities.children(Assistant, principal.organization_id), by=SORT_FIELDS[orderby], desc=desc
        )
        if identifier:
            found = [assistant for assistant in found if assistant.id == identifier]
        if name:
            wanted = name.casefold()
            found = [assistant for assistant in found if wanted in assistant.name.casefold()]
            found.sort(key=lambda assistant: assistant.name.casefold() != wanted)
        if not found and (identifier or name):
            raise ChatNotFoundError("The chat doesn't exist", chat_id=identifier)
        return page_of(found, page)

    async def update(
        self,
        principal: Principal,
        chat_id: str,
        *,
        dataset_ids: Sequence[str] | None = None,
        llm: ProtoMessage | None = None,
        prompt: ProtoMessage | None = None,
        **changes: str,
    ) -> Assistant:
        """Change an assistant and return it; what is None or not set stays.

        Args:
            principal: The caller.
            chat_id: The assistant.
            dataset_ids: The datasets to search from now on.
            llm: As in `create`.
            prompt: As in `create`.
            changes: New values of name, avatar, description.

        Raises:
            ChatNotFoundError, and as `create`.
        """
        sentence = "You do not own the chat"
        owned_assistant(self._entities, principal, chat_id, sentence)
        if "name" in changes:
            changes["name"] = changes["name"].strip()
            if not changes["name"]:
                raise InvalidArgumentError("`name` cannot be empty.", field="name")

        def work(transaction: Transaction) -> Assistant:
            return self.changed(
                transaction, principal, chat_id, dataset_ids=dataset_ids, llm=llm, prompt=prompt, **changes
            )

        return await self._entities.transact(work)

    def changed(
        self,
        transaction: Transaction,
        principal: Principal,
        chat_id: str,
        *,
        dataset_ids: Sequence[str] | None = None,
        llm: ProtoMessage | None = None,
        prompt: ProtoMessage | None = None,
        **changes: str,
    ) -> Assistant:
        """Change an assistant in a transaction and return it; arguments and errors as of `update`."""
        assistant = transaction.edit(owned_assistant(transaction, principal, chat_id, "You do not own the chat"))
        if changes.get("name", assistant.name).casefold() != assistant.name.casefold():
            self._refuse_taken(transaction, principal, changes["name"], "updating chat")
        for field, value in changes.items():
            setattr(assistant, field, value)
        _merge(assistant.llm, llm)
        _merge(assistant.prompt, prompt)
        self._check_models(assistant)
        _check_prompt(assistant.prompt)
        if dataset_ids is not None:
            self._check_datasets(transaction, principal, dataset_ids)
            assistant.dataset_ids[:] = dict.fromkeys(dataset_ids)
        assistant.updated_at = microseconds(self._clock)
        return assistant

    async def delete(self, principal: Principal, selection: Selection) -> Deleted:
        """Delete assistants with their sessions: those listed, or all for an empty, null or absent list.

        Raises:
            ChatNotFoundError: None of the listed ones exists; nothing is deleted.
        """

        def sentence(identifier: str) -> str:
            return f"Assistant({identifier}) not found."

        def work(transaction: Transaction) -> Deleted:
            if not selection.ids:
                found = list(transaction.children(Assistant, principal.organization_id))
                unknown: list[str] = []
            else:
                found, unknown = _known(transaction, principal, selection.ids)
            if unknown and not found:
                raise ChatNotFoundError("; ".join(map(sentence, unknown)), chat_id=unknown[0])
            for assistant in found:
                self.remove(transaction, assistant)
            return Deleted(len(found), [*map(sentence, unknown), *_twice(selection, "assistant")])

        deleted = await self._entities.transact(work)
        self._jobs.wake()
        return deleted

    def remove(self, transaction: Transaction, assistant: Assistant) -> None:
        """Delete an assistant with its sessions in a transaction."""
        sessions = list(transaction.children(Session, assistant.organization_id, assistant.id))
        for session in sessions:
            transaction.delete(session)
        self._jobs.add_forgetting(transaction, assistant.organization_id, [s.id for s in sessions])
        transaction.delete(assistant)

    def _check_models(self, assistant: Assistant) -> None:
        self.resolve(assistant.llm.model_name, assistant.organization_id)
        if assistant.prompt.rerank_model:
            try:
                self._models.resolve_reranker(assistant.prompt.rerank_model)
            except UnsupportedModelError:
                raise RerankModelUnsupportedError(model=assistant.prompt.rerank_model) from None

    @staticmethod
    def _check_datasets(transaction: Transaction, principal: Principal, dataset_ids: Sequence[str]) -> None:
        repeated(dataset_ids, "dataset_ids")
        models = set()
        for identifier in dataset_ids:
            dataset = transaction.get(Dataset, identifier)
            if dataset is None or dataset.organization_id != principal.organization_id:
                raise DatasetNotFoundError(f"You don't own the dataset {identifier}", dataset_id=identifier)
            if not dataset.chunk_count:
                raise DatasetNotParsedError(dataset_id=identifier)
            models.add(dataset.embedding_model_served)
        if len(models) > 1:
            raise EmbeddingModelsDifferError

    @staticmethod
    def _refuse_taken(transaction: Transaction, principal: Principal, name: str, doing: str) -> None:
        if transaction.holder(Assistant, organization_id=principal.organization_id, name=name) is not None:
            raise ChatNameExistsError(f"Duplicated chat name in {doing}.", name=name)


def _merge(kept: Any, given: Any) -> None:
    """Set the members of `kept` which are set in `given`; a list that is given replaces the present one."""
    if given is None:
        return
    names = {field.name for field in kept.DESCRIPTOR.fields}
    for field, value in given.ListFields():
        if field.name not in names:
            continue
        if field.name == "variables":
            del kept.variables[:]
            kept.variables.extend(Variable(key=item.key, optional=item.optional) for item in value)
        elif field.is_repeated:
            kept.ClearField(field.name)
            getattr(kept, field.name).extend(value)
        else:
            setattr(kept, field.name, value)


def _check_prompt(prompt: AssistantPrompt) -> None:
    """Refuse a prompt whose text does not use a variable that every question must bring.

    Raises:
        InvalidArgumentError: It does not.
    """
    for variable in prompt.variables:
        if not variable.key:
            raise InvalidArgumentError("`key` of a variable is required.", field="prompt.variables")
        if not variable.optional and placeholder(variable.key) not in prompt.prompt:
            raise InvalidArgumentError(f"Parameter '{variable.key}' is not used", field="prompt.variables")


def _known(transaction: Transaction, principal: Principal, ids: Sequence[str]) -> tuple[list[Assistant], list[str]]:
    found, unknown = [], []
    for identifier in ids:
        assistant = transaction.get(Assistant, identifier)
        if assistant is None or assistant.organization_id != principal.organization_id:
            unknown.append(identifier)
        else:
            found.append(assistant)
    return found, unknown


def _twice(selection: Selection, thing: str) -> list[str]:
    return [f"Duplicate {thing} ids: {identifier}" for identifier in selection.duplicates]
