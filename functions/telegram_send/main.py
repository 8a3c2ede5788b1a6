"""Cloud Tasks target: messages that could not go out at once. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import http
from shared.entry import telegram_send as entrance

SECONDS = 60
"""How long one request may take."""


@functions_framework.aio.http
async def telegram_send(request: Request) -> Response:
    """Handle one request."""
    return await http.answer(request, entrance.receive, seconds=SECONDS)
