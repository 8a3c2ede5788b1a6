"""Cloud Scheduler target: sweeps up what a crash left behind. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import housekeeping as entrance
from shared.entry import http

SECONDS = 60
"""How long one request may take."""


@functions_framework.aio.http
async def housekeeping(request: Request) -> Response:
    """Handle one request."""
    return await http.answer(request, entrance.receive, seconds=SECONDS)
