"""All functions in one process, each under its own path, over a container that is handed in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from functions.bitrix_call import main as bitrix_call
from functions.bitrix_webhook import main as bitrix_webhook
from functions.housekeeping import main as housekeeping
from functions.telegram_send import main as telegram_send
from functions.telegram_update import main as telegram_update
from functions.token_refresh import main as token_refresh
from infra.local.show.recorder import Recorder
from shared.entry.container import Container
from shared.entry.http import Function

PATHS = {
    "telegram_update": "/telegram_update",
    "bitrix_webhook": "/webhook/bitrix",
    "bitrix_call": "/bitrix_call",
    "telegram_send": "/telegram_send",
    "housekeeping": "/housekeeping",
    "token_refresh": "/token_refresh",
}
"""Function → path in the sandbox."""

FUNCTIONS: Mapping[str, Function[Container]] = {
    "telegram_update": telegram_update.FUNCTION,
    "bitrix_webhook": bitrix_webhook.FUNCTION,
    "bitrix_call": bitrix_call.FUNCTION,
    "telegram_send": telegram_send.FUNCTION,
    "housekeeping": housekeeping.FUNCTION,
    "token_refresh": token_refresh.FUNCTION,
}
"""Function → what it is in the cloud, where each is served by the framework with a container of its own."""


class FunctionsApp:
    """Every function at exactly its path."""

    def __init__(self, container: Callable[[], Container], recorder: Recorder | None = None) -> None:
        """`container` is asked with each request; with a `recorder` each one is noted."""
        self._container = container
        self._recorder = recorder
        self._functions = {PATHS[name]: (name, function) for name, function in FUNCTIONS.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the function of its path."""
        if scope["type"] == "http":
            response = await self._answer(scope, receive)
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        name, function = self._functions.get(scope["path"].rstrip("/"), ("", None))
        if function is None:
            return PlainTextResponse("no such function", 404)
        if self._recorder is None:
            return await function.answer(Request(scope, receive), self._container)
        scope = {**scope, "headers": [*scope["headers"], *_traced(scope["headers"])]}
        request = Request(scope, receive)
        with self._recorder.span(name) as span:
            response = await function.answer(request, self._container)
            span.status = response.status_code
        return response


def _traced(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """A trace of its own for what begins here, as Google's front end gives each request; here every one is sampled."""
    if any(name == b"traceparent" for name, _ in headers):
        return []
    return [(b"traceparent", f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01".encode())]
