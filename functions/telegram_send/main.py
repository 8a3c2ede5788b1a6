"""Cloud Tasks target: messages that could not go out at once. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import telegram_send as entrance
from shared.entry.http import Function, Instance
from shared.entry.wiring.telegram import TelegramContainer

SECONDS = 85
"""How long one request may take."""

FUNCTION = Function(entrance.receive, SECONDS)
INSTANCE = Instance(TelegramContainer)


@functions_framework.aio.http
async def telegram_send(request: Request) -> Response:
    """Handle one request."""
    return await FUNCTION.answer(request, INSTANCE)
