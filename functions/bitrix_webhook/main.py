"""Bitrix events at /webhook/bitrix: public, proven by the signature."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import bitrix_webhook as entrance
from shared.entry.http import Function, Instance
from shared.entry.wiring.events import EventContainer

SECONDS = 20
"""How long one request may take."""

FUNCTION = Function(entrance.receive, SECONDS, entrance.gate)
INSTANCE = Instance(EventContainer)


@functions_framework.aio.http
async def bitrix_webhook(request: Request) -> Response:
    """Handle one request."""
    return await FUNCTION.answer(request, INSTANCE)
