"""The sandbox: a service of the operator which runs programs, in the wire format of RAGFlow's executor manager."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import aiohttp

from knowflow_server.domain.outgoing import CodeOutput, OutgoingError

MAX_OUTPUT = 10 * 1024 * 1024
CONNECT_S = 10.0


class SandboxService:
    """Runs programs through `POST /run`; implements `Sandbox`.

    Args:
        url: Address of the service, which the operator sets; no user can.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + "/run"

    async def run(self, language: str, code: str, arguments: Mapping[str, Any], *, timeout_s: float) -> CodeOutput:
        """Run a program that defines `main`, with arguments by name.

        Raises:
            OutgoingError: The service cannot be reached, or refuses.
        """
        body = {
            "code_b64": base64.b64encode(code.encode()).decode(),
            "language": language,
            "arguments": dict(arguments),
        }
        timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
                session.post(self._url, json=body, allow_redirects=False) as response,
            ):
                if response.status not in {200, 201}:
                    raise OutgoingError(f"The sandbox answered with status {response.status}.")
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            raise OutgoingError("The sandbox could not be reached, or did not answer in time.") from None
        if not isinstance(answer, dict):
            raise OutgoingError("The sandbox answered with something else than a result.")
        stdout, stderr = str(answer.get("stdout") or ""), str(answer.get("stderr") or "")
        if not stderr and answer.get("exit_code"):
            stderr = str(answer.get("detail") or f"The program ended with the code {answer['exit_code']}.")
        return CodeOutput(stdout[:MAX_OUTPUT], stderr)
