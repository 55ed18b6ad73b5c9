"""Webpages on the surface of knowledge bases."""

from __future__ import annotations

from typing import Any

from knowflow.knowledgebase.v1 import webpage_service_pb2 as messages
from knowflow.knowledgebase.v1.webpage_service_pb2_grpc import WebpageServiceServicer
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.domain.reference import References
from knowflow_server.domain.web.items import display_name
from knowflow_server.domain.web.webpage import Webpages
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowledgebase import item
from knowflow_server.rpc.knowledgebase.page import page_request, pagination


class WebpageService(WebpageServiceServicer):
    """Answers for webpages, by knowledge base or by agent."""

    def __init__(self, knowledgebases: Knowledgebases, webpages: Webpages, references: References) -> None:
        self._knowledgebases = knowledgebases
        self._webpages = webpages
        self._references = references

    async def ListWebpages(self, request: messages.ListWebpagesRequest, context: Any) -> messages.ListWebpagesResponse:
        """List webpages."""
        sort_by, desc = request.sort_by or "createdAt", request.sort_order != "asc"
        page = self._webpages.list(caller(), self._place(request), page_request(request), sort_by=sort_by, desc=desc)
        return messages.ListWebpagesResponse(data=map(item.webpage_summary, page.items), pagination=pagination(page))

    async def CreateWebpage(
        self, request: messages.CreateWebpageRequest, context: Any
    ) -> messages.CreateWebpageResponse:
        """Add a webpage."""
        document = await self._webpages.create(
            caller(), self._place(request), url=request.url, name=request.name, notes=request.notes
        )
        return messages.CreateWebpageResponse(
            data=item.webpage_summary(document), message="Webpage added and queued for scraping"
        )

    async def GetWebpage(self, request: messages.GetWebpageRequest, context: Any) -> messages.GetWebpageResponse:
        """Return a webpage with what was found in it."""
        document = self._webpages.get(caller(), self._place(request), request.webpage_id)
        return messages.GetWebpageResponse(data=await self._shown(document))

    async def UpdateWebpage(
        self, request: messages.UpdateWebpageRequest, context: Any
    ) -> messages.UpdateWebpageResponse:
        """Change a webpage."""
        given = {name: getattr(request, name) for name in ("url", "name", "notes") if request.HasField(name)}
        document = await self._webpages.update(caller(), self._place(request), request.webpage_id, **given)
        return messages.UpdateWebpageResponse(
            data=item.webpage_summary(document), message="Webpage updated successfully"
        )

    async def DeleteWebpage(
        self, request: messages.DeleteWebpageRequest, context: Any
    ) -> messages.DeleteWebpageResponse:
        """Delete a webpage."""
        await self._webpages.delete(caller(), self._place(request), request.webpage_id)
        return messages.DeleteWebpageResponse(message="Webpage deleted successfully")

    async def RefreshWebpage(
        self, request: messages.RefreshWebpageRequest, context: Any
    ) -> messages.RefreshWebpageResponse:
        """Have a webpage read again."""
        document = await self._webpages.refresh(caller(), self._place(request), request.webpage_id)
        data = messages.RefreshingWebpage(
            id=document.id, url=document.url, name=display_name(document), status="refreshing"
        )
        message = "Webpage refresh has been queued. The content will be updated shortly."
        return messages.RefreshWebpageResponse(data=data, message=message)

    async def _shown(self, document: Document) -> messages.Webpage:
        summary = item.webpage_summary(document)
        return messages.Webpage(
            id=summary.id,
            url=summary.url,
            name=summary.name,
            notes=summary.notes,
            last_scraped_at=summary.last_scraped_at,
            is_updating=summary.is_updating,
            extracted_content=map(item.extracted, await self._references.of_document(document)),
            canonical_url=document.canonical_url or None,
            last_error=item.last_error(document),
        )

    def _place(self, request: Any) -> str:
        """Return the dataset which a request names."""
        return self._knowledgebases.place(
            caller(), knowledgebase_id=request.knowledgebase_id, agent_id=request.agent_id
        ).id
