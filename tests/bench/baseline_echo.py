"""A bare grpc.aio server: it answers every call with the same bytes and does nothing else."""

from __future__ import annotations

import asyncio
import sys

import grpc


class Echo(grpc.GenericRpcHandler):
    """Answers."""

    def __init__(self, answer: bytes) -> None:
        async def behaviour(request: bytes, context: object) -> bytes:
            return answer

        self._handler = grpc.unary_unary_rpc_method_handler(behaviour)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Return the handler of any method."""
        return self._handler


async def main() -> None:
    """Serve until the input ends; the answer comes in hex as the first argument."""
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers([Echo(bytes.fromhex(sys.argv[1]))])
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    await server.start()
    await asyncio.to_thread(sys.stdin.read)
    await server.stop(0)


asyncio.run(main())
