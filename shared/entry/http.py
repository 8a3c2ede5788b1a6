"""HTTP in, HTTP out, the same for every function (ARCHITECTURE §8).

Bodies are bounded before they are read whole. Errors are one-line JSON `{"error": "<code>"}`, without a traceback and
without an echo of the input::

    Rejected                     400 401 413 with its code
    SettingsError                500 misconfigured: the log names the variables
    StoreError, QueueUnavailable, TimeoutError   503 try_again + Retry-After: nothing is lost, send it again
    anything else                500 bug (the log has the traceback)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from shared.entry.container import container
from shared.log_events import LogEvent, log_event
from shared.logs import bind, trace_fields
from shared.pipeline.tasks import QueueUnavailable
from shared.settings import SettingsError
from shared.store.port import StoreError

log = logging.getLogger(__name__)

LIMIT = 1024 * 1024
"""Bytes of a body (ARCHITECTURE §8)."""

RETRY_AFTER = 5
"""Seconds after which a sender should try again when the infrastructure failed."""


@dataclass(frozen=True)
class Incoming:
    """What an entrance gets: headers with lower-case names, and the whole body."""

    headers: Mapping[str, str]
    body: bytes


class Rejected(Exception):  # noqa: N818 - it says what the request is
    """The request is not for us; `code` is what the answer's body says."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


Entrance = Callable[[Incoming], Awaitable[None]]
Gate = Callable[[Mapping[str, str]], None]


async def answer(request: Request, entrance: Entrance, *, seconds: float, gate: Gate | None = None) -> Response:
    """Run the entrance and turn what came of it into an answer. `gate` looks at headers before the body is read."""
    with bind(function=entrance.__module__.rpartition(".")[2]):
        try:
            trace = trace_fields(request.headers, container().settings.google_cloud_project)
        except SettingsError as error:
            return _error(error)
        with bind(**trace):
            try:
                async with asyncio.timeout(seconds):
                    await entrance(await _incoming(request, gate))
            except Exception as error:  # noqa: BLE001 - the last line: whatever happened gets an answer and a log entry
                return _error(error)
    return PlainTextResponse("ok")


async def _incoming(request: Request, gate: Gate | None) -> Incoming:
    if request.method != "POST":
        raise Rejected(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed")
    if gate is not None:
        gate(request.headers)
    return Incoming(dict(request.headers), await _body(request))


async def _body(request: Request) -> bytes:
    """Read the body, no further than the limit."""
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > LIMIT:
                raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
            chunks.append(chunk)
    except ClientDisconnect as error:
        # Nobody reads the answer, but it is no bug of ours, and no alert.
        raise Rejected(HTTPStatus.BAD_REQUEST, "incomplete") from error
    return b"".join(chunks)


def _error(error: Exception) -> Response:
    if isinstance(error, Rejected):
        log_event(log, logging.WARNING, LogEvent.REJECTED, "rejected", code=error.code, status=error.status)
        return JSONResponse({"error": error.code}, error.status)
    if isinstance(error, StoreError | QueueUnavailable | TimeoutError):
        log_event(log, logging.ERROR, LogEvent.INFRASTRUCTURE, "try again", exc_info=error)
        return JSONResponse({"error": "try_again"}, 503, headers={"Retry-After": str(RETRY_AFTER)})
    if isinstance(error, SettingsError):
        log_event(log, logging.CRITICAL, LogEvent.MISCONFIGURED, f"misconfigured: {error}")
        return JSONResponse({"error": "misconfigured"}, 500)
    log_event(log, logging.ERROR, LogEvent.BUG, "bug", exc_info=error)
    return JSONResponse({"error": "bug"}, 500)
