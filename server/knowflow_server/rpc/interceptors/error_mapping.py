"""Errors become answers: a gRPC status with details, and for REST callers a body in the words of their surface."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from knowflow_server.errors.base import InternalError, KnowFlowError
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.dialect import rest_answer
from knowflow_server.rpc.interceptors.chain import Layer

logger = logging.getLogger(__name__)

DOMAIN = "knowflow"
# gRPC carries sentence and details in headers, of which clients take 8 KB together with the body for REST callers,
# see `dialect.py`; a letter may travel as nine bytes.
MAX_BYTES = 1500


class ErrorMapping(Layer):
    """Maps errors."""

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """End the call with a status when the handler raises."""
        try:
            yield
        except KnowFlowError as error:
            await self._abort(call, error)
        except grpc.aio.AbortError:
            raise
        except Exception:
            logger.exception(
                "A call failed unexpectedly.", extra={"method": call.method, "request_id": call.request_id}
            )
            await self._abort(call, InternalError(request_id=call.request_id))

    @staticmethod
    async def _abort(call: Call, error: KnowFlowError) -> None:
        call.code, call.reason = error.code, error.reason
        code = getattr(grpc.StatusCode, error.code)
        sentence = _cut(error.sentence)
        info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN)
        for name, value in error.metadata.items():
            info.metadata[name] = _cut(value, MAX_BYTES // max(len(error.metadata), 1))
        detail = any_pb2.Any()
        detail.Pack(info)
        status = status_pb2.Status(code=code.value[0], message=sentence, details=[detail])
        trailers: list[tuple[str, str | bytes]] = [
            ("x-request-id", call.request_id),
            ("grpc-status-details-bin", status.SerializeToString()),
            *call.headers,
        ]
        if "retry_after_s" in error.metadata:
            trailers.append(("retry-after", error.metadata["retry_after_s"]))
        if call.surface:
            answer = rest_answer(call.surface, error)
            trailers += [("x-rest-status", str(answer.status)), ("x-rest-body", answer.body)]
        elif error.code == "UNAVAILABLE":
            # Clients call again when the server cannot be reached; here it was, and has tried what can be tried.
            trailers.append(("grpc-retry-pushback-ms", "-1"))
        await call.context.abort(code, sentence, tuple(trailers))


def _cut(text: str, limit: int = MAX_BYTES) -> str:
    """Return a text, shortened so that it takes at most `limit` bytes when it is percent-encoded."""
    if len(text) * 9 <= limit:
        return text
    size = 0
    for place, character in enumerate(text):
        size += 1 if " " <= character <= "~" and character != "%" else 3 * len(character.encode())
        if size > limit:
            return text[:place]
    return text
