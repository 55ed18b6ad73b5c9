"""Chat assistants on the core surface."""

from __future__ import annotations

from typing import Any

from knowflow.store.v1 import chat_pb2 as store
from knowflow.v1 import chat_pb2, chat_service_pb2, chat_service_pb2_grpc, document_service_pb2
from knowflow_server.domain import free_json
from knowflow_server.domain.chat.assistant import Assistants, Deleted
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.selection import Selection, selection_of
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowflow import dataset as dataset_view
from knowflow_server.rpc.times import iso, rfc1123

PAGE_SIZE = 30
CHANGEABLE = ("name", "avatar", "description")


def view(record: store.Assistant, served: str) -> chat_pb2.Chat:
    """Return an assistant as this surface shows it.

    Args:
        record: The assistant.
        served: Who serves its model.
    """
    llm, prompt = record.llm, record.prompt
    return chat_pb2.Chat(
        id=record.id,
        name=record.name,
        avatar=record.avatar,
        dataset_ids=record.dataset_ids,
        description=record.description,
        language="English",
        llm=chat_pb2.ChatLlm(
            model_name=llm.model_name,
            temperature=llm.temperature,
            top_p=llm.top_p,
            presence_penalty=llm.presence_penalty,
            frequency_penalty=llm.frequency_penalty,
            max_tokens=llm.max_tokens if llm.HasField("max_tokens") else None,
            model_served=served,
        ),
        prompt=chat_pb2.ChatPrompt(
            similarity_threshold=prompt.similarity_threshold,
            keywords_similarity_weight=prompt.keywords_similarity_weight,
            top_n=prompt.top_n,
            variables=[chat_pb2.PromptVariable(key=item.key, optional=item.optional) for item in prompt.variables],
            rerank_model=prompt.rerank_model,
            top_k=prompt.top_k,
            empty_response=prompt.empty_response,
            opener=prompt.opener,
            show_quote=prompt.show_quote,
            prompt=prompt.prompt,
            refine_multiturn=prompt.refine_multiturn,
            cross_languages=prompt.cross_languages,
            use_kg=prompt.use_kg,
        ),
        status="1",
        tenant_id=record.organization_id,
        create_time=iso(record.created_at),
        update_time=iso(record.updated_at),
        create_date=rfc1123(record.created_at),
        update_date=rfc1123(record.updated_at),
    )


def bulk_result(selection: Selection, deleted: Deleted) -> document_service_pb2.BulkResult | None:
    """Return what to say of a list that was odd, or None."""
    if not selection.ids or not deleted.errors:
        return None
    return document_service_pb2.BulkResult(success_count=deleted.count, errors=deleted.errors)


def _ids(request: chat_service_pb2.UpdateChatRequest) -> list[str] | None:
    """Return the datasets of a request, or None when the field is absent or null.

    Raises:
        InvalidArgumentError: The field is no list of texts.
    """
    content: Any = free_json.values(request.dataset_ids, "dataset_ids") if request.HasField("dataset_ids") else None
    if content is None:
        return None
    if not isinstance(content, list) or not all(isinstance(item, str) for item in content):
        raise InvalidArgumentError("`dataset_ids` should be a list of ids", field="dataset_ids")
    return content


class ChatService(chat_service_pb2_grpc.ChatServiceServicer):
    """Answers for chat assistants."""

    def __init__(self, assistants: Assistants) -> None:
        self._assistants = assistants

    def _view(self, record: store.Assistant) -> chat_pb2.Chat:
        return view(record, self._assistants.served(record))

    async def CreateChat(
        self, request: chat_service_pb2.CreateChatRequest, context: Any
    ) -> chat_service_pb2.CreateChatResponse:
        """Create an assistant."""
        record = await self._assistants.create(
            caller(),
            name=request.name,
            avatar=request.avatar,
            dataset_ids=request.dataset_ids,
            description=request.description if request.HasField("description") else None,
            llm=request.llm if request.HasField("llm") else None,
            prompt=request.prompt if request.HasField("prompt") else None,
        )
        return chat_service_pb2.CreateChatResponse(code=0, data=self._view(record))

    async def ListChats(
        self, request: chat_service_pb2.ListChatsRequest, context: Any
    ) -> chat_service_pb2.ListChatsResponse:
        """List assistants."""
        page = self._assistants.list(
            caller(),
            PageRequest(request.page or 1, request.page_size or PAGE_SIZE),
            identifier=request.id,
            name=request.name,
            orderby=request.orderby or "create_time",
            desc=request.desc if request.HasField("desc") else True,
        )
        chats = []
        for record in page.items:
            chat = self._view(record)
            chat.datasets.extend(map(dataset_view.view, self._assistants.datasets(record)))
            chats.append(chat)
        return chat_service_pb2.ListChatsResponse(code=0, data=chats, total=page.total)

    async def UpdateChat(
        self, request: chat_service_pb2.UpdateChatRequest, context: Any
    ) -> chat_service_pb2.UpdateChatResponse:
        """Change an assistant."""
        await self._assistants.update(
            caller(),
            request.chat_id,
            dataset_ids=_ids(request),
            llm=request.llm if request.HasField("llm") else None,
            prompt=request.prompt if request.HasField("prompt") else None,
            **{field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)},
        )
        return chat_service_pb2.UpdateChatResponse(code=0)

    async def DeleteChats(
        self, request: chat_service_pb2.DeleteChatsRequest, context: Any
    ) -> chat_service_pb2.DeleteChatsResponse:
        """Delete assistants."""
        selection = selection_of(request, "ids")
        deleted = await self._assistants.delete(caller(), selection)
        return chat_service_pb2.DeleteChatsResponse(code=0, data=bulk_result(selection, deleted))
