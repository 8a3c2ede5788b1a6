"""The least a function can be: the framework, and an answer."""

from __future__ import annotations

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


@functions_framework.aio.http
async def hello(request: Request) -> Response:  # noqa: ARG001 - whoever asks
    """Answer."""
    return PlainTextResponse("ok")
