"""A name for each call, given by the gateway or the caller, else made here; logs and errors carry it."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer

ACCEPTED = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class RequestId(Layer):
    """Names calls."""

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Name the call."""
        given = call.header("x-request-id")
        call.request_id = given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        yield
