"""Telegram's webhook: public, proven by the secret token."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import telegram_update as entrance
from shared.entry.http import Function, Instance
from shared.entry.wiring.updates import UpdateContainer

SECONDS = 50
"""How long one request may take."""

FUNCTION = Function(entrance.receive, SECONDS, entrance.gate)
INSTANCE = Instance(UpdateContainer)


@functions_framework.aio.http
async def telegram_update(request: Request) -> Response:
    """Handle one request."""
    return await FUNCTION.answer(request, INSTANCE)
