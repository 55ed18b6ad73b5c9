"""A gRPC server whose handlers each test chooses, built from nothing but a descriptor set."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

PACKAGE = "knowflow.gatewaytest.v1"

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Handler: TypeAlias = Callable[[Any, Context], Awaitable[Any]] | Callable[[Any, Context], AsyncIterator[Any]]


class Backend(grpc.GenericRpcHandler):
    """Answers every unary RPC with what it saw, and any RPC by `handlers[name]` where a test has set one."""

    def __init__(self, descriptor_set: bytes) -> None:
        self.handlers: dict[str, Handler] = {}
        self.port = 0
        self._pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file:
            self._pool.Add(file)
        options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 64 << 20)]
        options += [("grpc.max_metadata_size", 65536), ("grpc.absolute_max_metadata_size", 65536)]
        self._server = grpc.aio.server(options=options)
        self._health = health.aio.HealthServicer()

    async def start(self) -> None:
        self._server.add_generic_rpc_handlers((self,))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        await self.serving(health_pb2.HealthCheckResponse.SERVING)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()

    async def serving(self, status: Any) -> None:
        """Set what the health service says."""
        await self._health.set("", status)

    async def stop(self) -> None:
        await self._server.stop(grace=None)

    def message(self, name: str, **fields: Any) -> Any:
        """Return a message of the probe API, or of another package with its full name."""
        return self._class(name if "." in name else f"{PACKAGE}.{name}")(**fields)

    def answer(self, request: Any, context: Context, **fields: Any) -> Any:
        """Return what the server saw, as an Answer."""
        metadata = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
        answer = self.message("Answer", metadata=metadata, **fields)
        answer.seen.SetInParent()
        answer.seen.update(json_format.MessageToDict(request, preserving_proto_field_name=True))
        return answer

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        service, _, name = handler_call_details.method.lstrip("/").partition("/")
        if not service.startswith(PACKAGE):
            return None
        method = self._pool.FindServiceByName(service).methods_by_name[name]
        kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
        make = getattr(grpc, f"{kind}_rpc_method_handler")
        return make(
            self.handlers.get(name, self._echo),
            request_deserializer=self._class(method.input_type.full_name).FromString,
            response_serializer=self._class(method.output_type.full_name).SerializeToString,
        )

    async def _echo(self, request: Any, context: Context) -> Any:
        return self.answer(request, context, code=0)

    def _class(self, full_name: str) -> Any:
        return message_factory.GetMessageClass(self._pool.FindMessageTypeByName(full_name))


async def refuse(context: Context, status: int, body: str, *, code: Any = grpc.StatusCode.INVALID_ARGUMENT) -> None:
    """Abort the call as the server's error interceptor does."""
    await context.abort(code, "For gRPC callers.", (("x-rest-status", str(status)), ("x-rest-body", body)))
