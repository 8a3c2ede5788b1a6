"""Cloud Scheduler target: keeps the OAuth token fresh. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import token_refresh as entrance
from shared.entry.http import Function, Instance
from shared.entry.wiring.tokens import TokenContainer

SECONDS = 60
"""How long one request may take."""

FUNCTION = Function(entrance.receive, SECONDS)
INSTANCE = Instance(TokenContainer)


@functions_framework.aio.http
async def token_refresh(request: Request) -> Response:
    """Handle one request."""
    return await FUNCTION.answer(request, INSTANCE)
