"""The chain: layers around every call, outermost first. A layer wraps unary and streaming calls alike."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError, Message

from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import Call, set_current


class Layer:
    """One matter that concerns every call; a layer has one of the two methods, or both."""

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Do something before and after the handler; an error that passes through ends the call."""
        yield

    def check(self, call: Call, request: Message) -> None:
        """Look at one request message; raising refuses the call."""


class _Unreadable:
    """Stands for a request whose bytes are no message; the layers give it an answer like any other mistake's."""


class Chain(grpc.aio.ServerInterceptor):
    """Runs all layers, and nothing else, around every handler."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._around = [layer.around for layer in self.layers if type(layer).around is not Layer.around]
        self._checks = [layer.check for layer in self.layers if type(layer).check is not Layer.check]

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Return the handler of a method, wrapped."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = handler_call_details.method
        make = {
            (False, False): grpc.unary_unary_rpc_method_handler,
            (False, True): grpc.unary_stream_rpc_method_handler,
            (True, False): grpc.stream_unary_rpc_method_handler,
            (True, True): grpc.stream_stream_rpc_method_handler,
        }[handler.request_streaming, handler.response_streaming]
        behaviour = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        # A streaming handler may write to its context instead of yielding; then it is awaited like a unary one.
        wrap = self._wrap_stream if inspect.isasyncgenfunction(behaviour) else self._wrap_unary
        wrapped = wrap(method, behaviour, request_streaming=handler.request_streaming)
        return make(
            wrapped,
            request_deserializer=_tolerant(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )

    def _wrap_unary(self, method: str, behaviour: Any, *, request_streaming: bool) -> Any:
        async def unary(request: Any, context: Any) -> Any:
            call = self._begin(method, context)
            async with AsyncExitStack() as stack:
                for around in self._around:
                    await stack.enter_async_context(around(call))
                call.answer = await behaviour(self._checked(call, request, streaming=request_streaming), context)
                # Until now the handler could refuse the call; an error takes the headers along.
                await call.send_headers()
                return call.answer

        return unary

    def _wrap_stream(self, method: str, behaviour: Any, *, request_streaming: bool) -> Any:
        async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
            call = self._begin(method, context)
            async with AsyncExitStack() as stack:
                for around in self._around:
                    await stack.enter_async_context(around(call))
                answers = behaviour(self._checked(call, request, streaming=request_streaming), context)
                # A caller who leaves between two answers ends the handler now, not when it is collected.
                async with aclosing(answers):
                    async for response in answers:
                        await call.send_headers()
                        yield response
                await call.send_headers()

        return stream

    @staticmethod
    def _begin(method: str, context: Any) -> Call:
        call = Call(method, context, dict(context.invocation_metadata() or ()))
        set_current(call)
        return call

    def _checked(self, call: Call, request: Any, *, streaming: bool) -> Any:
        if streaming:
            return self._checked_stream(call, request)
        _refuse_unreadable(request)
        for check in self._checks:
            check(call, request)
        return request

    async def _checked_stream(self, call: Call, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for request in requests:
            _refuse_unreadable(request)
            for check in self._checks:
                check(call, request)
            yield request


def _tolerant(deserializer: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return a deserializer that lets the layers see a request it cannot read; gRPC would answer by itself."""

    def deserialize(data: bytes) -> Any:
        try:
            return deserializer(data)
        except DecodeError:
            return _Unreadable()

    return deserialize


def _refuse_unreadable(request: Any) -> None:
    if isinstance(request, _Unreadable):
        raise InvalidArgumentError(
            "The request cannot be read: its values are nested too deeply, some 30 levels are the most, or its bytes "
            "are no message of this method.",
            field="body",
        )
