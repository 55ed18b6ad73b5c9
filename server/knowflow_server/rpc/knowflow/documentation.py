"""The documentation of the REST surfaces: OpenAPI documents, and Swagger UI to try their operations."""

from __future__ import annotations

import asyncio
import importlib.util
from importlib import resources
from pathlib import Path
from typing import Any

from google.api.httpbody_pb2 import HttpBody

from knowflow.v1 import documentation_service_pb2, documentation_service_pb2_grpc
from knowflow_server.errors.core import DocumentationNotFoundError

PAGE = "page.html"
SCRIPT = "page.js"
FILES = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui-standalone-preset.js": "text/javascript; charset=utf-8",
}
DOCUMENTS = frozenset(
    f"{name}.json" for name in ("all", "knowflow", "platform", "flowgent", "knowledgebase", "konversation")
)


class DocumentationService(documentation_service_pb2_grpc.DocumentationServiceServicer):
    """Answers with files which lie beside the code."""

    async def GetPage(self, request: documentation_service_pb2.GetPageRequest, context: Any) -> HttpBody:
        """Send the page."""
        return await _file(Path(__file__).with_name("documentation") / PAGE, "text/html; charset=utf-8")

    async def GetPageFile(self, request: documentation_service_pb2.GetPageFileRequest, context: Any) -> HttpBody:
        """Send a file of the page."""
        if request.file == SCRIPT:
            return await _file(Path(__file__).with_name("documentation") / SCRIPT, FILES["swagger-ui-bundle.js"])
        if request.file not in FILES:
            raise DocumentationNotFoundError(name=request.file[:100])
        return await _file(_swagger_ui() / request.file, FILES[request.file])

    async def GetOpenApi(self, request: documentation_service_pb2.GetOpenApiRequest, context: Any) -> HttpBody:
        """Send an OpenAPI document."""
        if request.document not in DOCUMENTS:
            raise DocumentationNotFoundError(name=request.document[:100])
        path = Path(str(resources.files("knowflow").joinpath("openapi", request.document)))
        return await _file(path, "application/json")


async def _file(path: Path, content_type: str) -> HttpBody:
    return HttpBody(content_type=content_type, data=await asyncio.to_thread(path.read_bytes))


def _swagger_ui() -> Path:
    """Return the folder of Swagger UI; the package around it is found without running its code."""
    spec = importlib.util.find_spec("swagger_ui")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "static"
