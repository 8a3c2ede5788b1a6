"""Plumbing of a gRPC service whose messages are proto-plus types.

The service's methods are plain functions from request to answer. They do not wait, so each call is atomic; what they
refuse they raise as `RefusedError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, Protocol

import grpc
import grpc.aio


class RefusedError(Exception):
    """A call the service does not grant: a gRPC status code and a text for the caller."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


invalid = partial(RefusedError, grpc.StatusCode.INVALID_ARGUMENT)
missing = partial(RefusedError, grpc.StatusCode.NOT_FOUND)
exists = partial(RefusedError, grpc.StatusCode.ALREADY_EXISTS)
precondition = partial(RefusedError, grpc.StatusCode.FAILED_PRECONDITION)
unimplemented = partial(RefusedError, grpc.StatusCode.UNIMPLEMENTED)


@dataclass(frozen=True)
class Method:
    """One unary method: the function and the proto-plus types of its messages; `answer` None means `Empty`."""

    function: Callable[[Any], Any]
    request: Any
    answer: Any = None


class _Context(Protocol):
    """What a handler uses of its `grpc.aio.ServicerContext`."""

    async def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        """End the call with an error."""
        ...


class _CallDetails(Protocol):
    """What is known of a call before its message is read."""

    method: str


class _Fallback:
    """Answers for every method nobody serves, with a text that says who is speaking."""

    def __init__(self, title: str) -> None:
        self._title = title

    def service(self, call: _CallDetails) -> grpc.RpcMethodHandler:
        """Return a handler that refuses `call` (the duck type of a `grpc.GenericRpcHandler`)."""
        text = f"{self._title} does not emulate {call.method}"

        async def refuse(_: bytes, context: _Context) -> NoReturn:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, text)

        return grpc.unary_unary_rpc_method_handler(refuse)


class RpcServer:
    """A gRPC server of one service on one port, without TLS."""

    def __init__(self, title: str, service: str, methods: Mapping[str, Method]) -> None:
        self._title = title
        self._service = service
        self._methods = methods
        self._server: Any = None

    async def start(self, host: str, port: int) -> str:
        """Listen and return `host:port`. Port 0 takes a free one; a port in use raises RuntimeError."""
        # Without this option two emulators could share a port and each get half of the calls.
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        handlers = {name: _handler(method) for name, method in self._methods.items()}
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(self._service, handlers), _Fallback(self._title))
        )
        bound = server.add_insecure_port(f"{host}:{port}")
        self._server = server
        await server.start()
        return f"{host}:{bound}"

    async def stop(self) -> None:
        """Refuse new calls, let the running ones end within a second."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop(grace=1.0)


def _handler(method: Method) -> grpc.RpcMethodHandler:
    async def call(request: object, context: _Context) -> object:
        try:
            return method.function(request)
        except RefusedError as refusal:
            await context.abort(refusal.code, refusal.text)

    return grpc.unary_unary_rpc_method_handler(
        call,
        request_deserializer=method.request.deserialize,
        # No answer is `google.protobuf.Empty`, which is no bytes at all.
        response_serializer=method.answer.serialize if method.answer else lambda _: b"",
    )
