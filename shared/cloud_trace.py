"""Cloud Trace as the place where spans go, by OpenTelemetry's exporter to Google's Telemetry API.

Imported with the first sampled request, after its work is done: the SDK, the exporter and the credentials take about
half a second. What fails here costs its spans and nothing else.

Source: Google Cloud Observability, «Telemetry (OTLP) API overview» and «Migrate from the Trace exporter to the OTLP
endpoint»: `https://telemetry.googleapis.com/v1/traces`, the resource attribute `gcp.project_id`, the role
`roles/telemetry.tracesWriter`. The exporter to the older Cloud Trace API is deprecated.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from shared.log_events import LogEvent, log_event
from shared.tracing import Span, Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter as OtlpExporter
    from requests import Session

ENDPOINT = "https://telemetry.googleapis.com/v1/traces"
SECONDS = 5.0
"""How long an export may take, beyond which its request ends without it."""

log = logging.getLogger(__name__)


def authorized_session() -> Session:
    """Return a session that proves to be the function's own account. DefaultCredentialsError where there is none."""
    import google.auth  # noqa: PLC0415
    from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/trace.append"])
    return AuthorizedSession(credentials)  # type: ignore[no-untyped-call] # google-auth has no types for it


class CloudTrace:
    """Sends the spans of one request at a time. `session` makes the connection, when first needed."""

    def __init__(
        self, project: str, *, endpoint: str = ENDPOINT, session: Callable[[], Session] = authorized_session
    ) -> None:
        self._project = project
        self._endpoint = endpoint
        self._session = session

    async def export(self, trace: Trace) -> None:
        """Send the spans; one WARNING `trace_lost` where that fails."""
        try:
            async with asyncio.timeout(SECONDS):
                lost = await asyncio.to_thread(self._send, trace)
        except Exception as error:  # noqa: BLE001 - credentials, the network, the library: nothing hangs on a span
            lost = type(error).__name__
        if lost:
            log_event(log, logging.WARNING, LogEvent.TRACE_LOST, "the spans of a request are lost", error=lost)

    def _send(self, trace: Trace) -> str:
        """Return what went wrong, "" for nothing."""
        result = self._exporter.export([_readable(span, trace, self._project) for span in trace.spans])
        return "" if result.name == "SUCCESS" else result.name

    @cached_property
    def _exporter(self) -> OtlpExporter:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        return OTLPSpanExporter(self._endpoint, timeout=SECONDS, session=self._session())


def _readable(span: Span, trace: Trace, project: str) -> ReadableSpan:
    """Return the span as OpenTelemetry has it."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags  # noqa: PLC0415

    def place(id_: str) -> SpanContext:
        return SpanContext(int(trace.id, 16), int(id_, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))

    outermost = span is trace.spans[0]
    return ReadableSpan(
        span.name,
        context=place(span.id),
        parent=place(span.parent) if int(span.parent, 16) else None,
        resource=Resource({"gcp.project_id": project, "service.name": trace.spans[0].name}),
        attributes=span.attributes,
        kind=SpanKind.SERVER if outermost else SpanKind.CLIENT,
        status=Status(StatusCode.ERROR if span.failed else StatusCode.UNSET),
        start_time=_nanoseconds(span.began),
        end_time=_nanoseconds(span.ended or span.began),
    )


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1_000
