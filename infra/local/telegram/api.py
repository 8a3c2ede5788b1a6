"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import secrets

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from infra.local.telegram.calls import Call, Calls
from infra.local.telegram.core import Core
from infra.local.telegram.errors import ApiError, too_many_requests
from infra.local.telegram.faults import Fault, Faults
from infra.local.telegram.files import MAX_DOWNLOAD
from infra.local.telegram.params import Params, read_body, read_params


class BotApi:
    """HTTP side of the Bot API."""

    def __init__(self, core: Core, calls: Calls, faults: Faults) -> None:
        self._core = core
        self._calls = calls
        self._faults = faults
        self._closing = asyncio.Event()

    def routes(self) -> list[Route]:
        """Routes to mount."""
        return [
            Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
        ]

    def close(self) -> None:
        """Let go of requests that a fault holds."""
        self._closing.set()

    def open(self) -> None:
        """Ready to hold requests again."""
        self._closing.clear()

    def _known(self, request: Request) -> bool:
        return secrets.compare_digest(request.path_params["token"].encode(), self._core.options.token.encode())

    async def _method(self, request: Request) -> Response:
        if not self._known(request):
            return _answer(ApiError(401, "Unauthorized").envelope())
        method = request.path_params["method"]
        try:
            kind = request.headers.get("content-type", "")
            params = await read_params(request.url.query, kind, await read_body(request))
        except ApiError as error:
            return _answer(self._calls.refuse(self._calls.note(method, Params(), "http"), error))
        call = self._calls.note(method, params, "http")
        fault = self._faults.take(method.lower())
        if fault is not None:
            return await self._suffer(request, fault, call, params)
        return _answer(await self._calls.run(call, params))

    async def _suffer(self, request: Request, fault: Fault, call: Call, params: Params) -> Response:
        if fault.kind == "429":
            return _answer(self._calls.refuse(call, too_many_requests(fault.retry_after)))
        if fault.kind == "500":
            return _answer(self._calls.refuse(call, ApiError(500, "Internal Server Error")))
        if fault.kind == "timeout":
            await self._hold(request)
            return _answer(self._calls.refuse(call, ApiError(504, "Gateway Timeout")))
        if fault.kind == "slow":
            await self._core.clock.sleep(fault.retry_after)
            return _answer(await self._calls.run(call, params))
        await self._calls.run(call, params)
        call.error = call.error or "(answer dropped)"
        return Broken()

    async def _hold(self, request: Request) -> None:
        """Say nothing until the caller gives up, the fault's time is over, or the simulator stops."""
        waits = {
            asyncio.ensure_future(self._core.clock.sleep(self._core.options.fault_seconds)),
            asyncio.ensure_future(request.receive()),  # after the body: the caller's hanging up
            asyncio.ensure_future(self._closing.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _file(self, request: Request) -> Response:
        stored = self._core.world.files.by_path(request.path_params["path"])
        if not self._known(request):
            return _answer(ApiError(401, "Unauthorized").envelope())
        if stored is None or len(stored.content) > MAX_DOWNLOAD:
            return _answer(ApiError(404, "Not Found").envelope())
        return Response(stored.content, media_type=stored.mime)


def _answer(envelope: dict[str, object]) -> Response:
    code = envelope.get("error_code", 200)
    parameters = envelope.get("parameters")
    retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(envelope, status_code=code if isinstance(code, int) else 200, headers=headers)


class Broken(Response):
    """An answer that begins and never ends: the connection breaks.

    Over a socket the server closes the connection; in process the caller gets the error httpx has for that.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body, then fail."""
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        raise httpx.ReadError("the simulated Telegram dropped its answer")
