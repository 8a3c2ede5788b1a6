"""Cloud Scheduler target: keeps the OAuth token fresh. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import http
from shared.entry import token_refresh as entrance

SECONDS = 60
"""How long one request may take."""


@functions_framework.aio.http
async def token_refresh(request: Request) -> Response:
    """Handle one request."""
    return await http.answer(request, entrance.receive, seconds=SECONDS)
