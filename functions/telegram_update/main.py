"""Telegram's webhook: public, proven by the secret token."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import http
from shared.entry import telegram_update as entrance

SECONDS = 50
"""How long one request may take."""


@functions_framework.aio.http
async def telegram_update(request: Request) -> Response:
    """Handle one request."""
    return await http.answer(request, entrance.receive, seconds=SECONDS, gate=entrance.gate)
