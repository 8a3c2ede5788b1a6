"""HTTP in, HTTP out, the same for every function, and the container that an instance of one has.

Bodies are bounded, in bytes and in time, before they are read whole. Errors are one-line JSON `{"error": "<code>"}`,
without a traceback and without an echo of the input::

    Rejected                     400 401 405 408 413 with its code
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
from typing import Generic, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from shared import logs
from shared.entry.wiring.base import BaseContainer
from shared.log_events import LogEvent, log_event
from shared.logs import bind, trace_context, trace_fields
from shared.pipeline.tasks import QueueUnavailable
from shared.settings import Settings, SettingsError, read_settings
from shared.store.port import StoreError
from shared.tracing import recording

log = logging.getLogger(__name__)

C = TypeVar("C", bound=BaseContainer)
C_contra = TypeVar("C_contra", bound=BaseContainer, contravariant=True)

LIMIT = 1024 * 1024
"""Bytes of a body."""

BODY_SECONDS = 10.0
"""Seconds within which a body must be there: who sends it has often not proved anything yet."""

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


class Instance(Generic[C]):
    """The container of one running function, made by its first request: what is made at import breaks after a fork."""

    def __init__(self, make: Callable[[Settings], C]) -> None:
        self._make = make
        self._made: C | None = None

    def __call__(self) -> C:
        """Return this instance's container. SettingsError while the environment is bad."""
        if self._made is None:
            # Until the settings are known to be good: what is wrong with them is an alert like any other.
            logs.configure("INFO")
            settings = read_settings()
            made = self._make(settings)
            logs.configure(made.instance_settings.log_level, settings.secrets())
            self._made = made
        return self._made


@dataclass(frozen=True)
class Function(Generic[C_contra]):
    """A function: what it does with a request, for at most `seconds`. `gate` looks at headers before the body is read.

    Of these `seconds` the body may take `body_seconds`. `receive` returns normally for whatever is handled, and gets
    the container of the instance, or of the sandbox.
    """

    receive: Callable[[C_contra, Incoming], Awaitable[None]]
    seconds: float
    gate: Callable[[C_contra, Mapping[str, str]], None] | None = None
    body_seconds: float = BODY_SECONDS

    async def answer(self, request: Request, instance: Callable[[], C_contra]) -> Response:
        """Handle a request and turn what came of it into an answer."""
        name = self.receive.__module__.rpartition(".")[2]
        with bind(function=name):
            try:
                here = instance()
                project = here.instance_settings.google_cloud_project
                exporter = here.span_exporter
            except SettingsError as error:
                return _error(error)
            context = trace_context(request.headers)
            if exporter is None or context is None or not context.sampled:
                with bind(**trace_fields(context, project)):
                    return await self._handled(here, request)
            with recording(context, name, project, here.now) as trace:
                answer = await self._handled(here, request)
            trace.spans[0].failed = answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            # Anybody can ask for a trace: who is turned away gets none.
            if answer.status_code < HTTPStatus.BAD_REQUEST or trace.spans[0].failed:
                await exporter.export(trace)
            return answer

    async def _handled(self, here: C_contra, request: Request) -> Response:
        try:
            async with asyncio.timeout(self.seconds):
                await self.receive(here, await self._incoming(here, request))
        except Exception as error:  # noqa: BLE001 - the last line: whatever happened gets an answer and a log entry
            return _error(error)
        return PlainTextResponse("ok")

    async def _incoming(self, here: C_contra, request: Request) -> Incoming:
        if request.method != "POST":
            raise Rejected(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed")
        if self.gate is not None:
            self.gate(here, request.headers)
        return Incoming(dict(request.headers), await _body(request, self.body_seconds))


async def _body(request: Request, seconds: float) -> bytes:
    """Read the body, no further than the limit and no longer than `seconds`."""
    chunks, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > LIMIT:
                    raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
                chunks.append(chunk)
    except ClientDisconnect as error:
        # Nobody reads the answer, but it is no bug of ours, and no alert.
        raise Rejected(HTTPStatus.BAD_REQUEST, "incomplete") from error
    except TimeoutError as error:
        # Anybody can send slowly: were it 503 like our own trouble, anybody could raise alerts.
        raise Rejected(HTTPStatus.REQUEST_TIMEOUT, "incomplete") from error
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
