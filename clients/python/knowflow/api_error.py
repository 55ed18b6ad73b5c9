"""What every failure of a call is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

DETAILS = "grpc-status-details-bin"


class ApiError(Exception):
    """A call that failed.

    Attributes:
        reason: Why, a value of `ErrorReason` without its prefix; empty when the server was not reached.
        code: The gRPC status.
        metadata: What the error is about, e.g. the id that was not found.
        request_id: Identifies the call in the server's log; may be empty.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        metadata: Mapping[str, str] | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.code = code
        self.metadata = dict(metadata or {})
        self.request_id = request_id


def error_of(failure: Any, classes: Mapping[str, type[ApiError]]) -> ApiError:
    """Return the typed error of a failed gRPC call.

    Args:
        failure: The `grpc.RpcError`.
        classes: Error classes by reason.
    """
    trailers = dict(failure.trailing_metadata() or ())
    reason, metadata = "", {}
    try:
        status = status_pb2.Status.FromString(trailers.get(DETAILS, b""))
    except DecodeError:
        status = status_pb2.Status()
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
    kind = classes.get(reason, ApiError)
    request_id = str(trailers.get("x-request-id", ""))
    return kind(failure.details() or "", reason=reason, code=failure.code(), metadata=metadata, request_id=request_id)
