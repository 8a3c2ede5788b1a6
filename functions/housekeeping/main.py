"""Cloud Scheduler target: sweeps up what a crash left behind. Private."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from shared.entry import housekeeping as entrance
from shared.entry.http import Function, Instance
from shared.entry.wiring.queues import QueueContainer

SECONDS = 60
"""How long one request may take."""

FUNCTION = Function(entrance.receive, SECONDS)
INSTANCE = Instance(QueueContainer)


@functions_framework.aio.http
async def housekeeping(request: Request) -> Response:
    """Handle one request."""
    return await FUNCTION.answer(request, INSTANCE)
