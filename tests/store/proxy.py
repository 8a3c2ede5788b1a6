"""A transparent gRPC proxy before the Firestore emulator that can lose answers and show what was asked."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

import grpc.aio

COMMIT = "/google.firestore.v1.Firestore/Commit"
READ = "/google.firestore.v1.Firestore/BatchGetDocuments"
QUERY = "/google.firestore.v1.Firestore/RunQuery"


async def _nothing() -> None:
    return


class Faults:
    """What goes wrong on the way. Each counter says how many more calls of a method it happens to."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        """How many calls of each method arrived here."""
        self.lost: Counter[str] = Counter()
        """Carried out, then answered with `code`."""
        self.refused: Counter[str] = Counter()
        """Answered with `code` without having been carried out."""
        self.stuck: Counter[str] = Counter()
        """Never answered."""
        self.code = grpc.StatusCode.UNAVAILABLE
        self.meanwhile: Callable[[], Awaitable[None]] = _nothing
        """Runs just before a call is answered with `code`."""


class Proxy(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    """Forwards every call to `target` as raw bytes; unary calls are streams of one message on the wire."""

    def __init__(self, target: str) -> None:
        self.faults = Faults()
        self.host = ""
        self._upstream = grpc.aio.insecure_channel(target)
        self._server = grpc.aio.server()
        self._server.add_generic_rpc_handlers((self,))

    async def __aenter__(self) -> Self:
        port = self._server.add_insecure_port("127.0.0.1:0")
        self.host = f"127.0.0.1:{port}"
        await self._server.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._server.stop(grace=None)
        await self._upstream.close()

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method
        metadata = [
            (name, value)
            for name, value in handler_call_details.invocation_metadata
            if name.startswith("x-goog-request") or name in {"authorization", "google-cloud-resource-prefix"}
        ]

        async def forward(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            async for answer in self._answers(method, metadata, requests, context):
                yield answer

        return grpc.stream_stream_rpc_method_handler(forward)

    async def _answers(
        self, method: str, metadata: Any, requests: AsyncIterator[bytes], context: Any
    ) -> AsyncIterator[bytes]:
        faults = self.faults
        faults.calls[method] += 1
        if _strikes(faults.stuck, method):
            await asyncio.Event().wait()
        if _strikes(faults.refused, method):
            await faults.meanwhile()
            await context.abort(faults.code, "refused by the proxy")
        call = self._upstream.stream_stream(method)(requests, metadata=metadata)
        try:
            answers = [answer async for answer in call]
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details())
        if _strikes(faults.lost, method):
            await faults.meanwhile()
            await context.abort(faults.code, "the answer got lost in the proxy")
        for answer in answers:
            yield answer


def _strikes(fault: Counter[str], method: str) -> bool:
    fault[method] -= 1
    return fault[method] >= 0
