"""Cloud Tasks target: one permit, one HTTP request to Bitrix. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import bitrix_call as entrance
from shared.entry import http

SECONDS = 85
"""How long one request may take."""


@functions_framework.aio.http
async def bitrix_call(request: Request) -> Response:
    """Handle one request."""
    return await http.answer(request, entrance.receive, seconds=SECONDS)
