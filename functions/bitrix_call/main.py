"""Cloud Tasks target: one permit, one HTTP request to Bitrix. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import bitrix_call as entrance
from shared.entry.http import Function, Instance
from shared.entry.wiring.worker import WorkerContainer

SECONDS = 85
"""How long one request may take."""

FUNCTION = Function(entrance.receive, SECONDS)
INSTANCE = Instance(WorkerContainer)


@functions_framework.aio.http
async def bitrix_call(request: Request) -> Response:
    """Handle one request."""
    return await FUNCTION.answer(request, INSTANCE)
