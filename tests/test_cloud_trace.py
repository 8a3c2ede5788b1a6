"""Spans on their way to Google's Telemetry API, over HTTP, as OpenTelemetry's own messages."""

from __future__ import annotations

import logging

import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.cloud_trace import CloudTrace
from shared.logs import TraceContext
from shared.tracing import Trace, recording, span
from tests.support.servers import serving
from tests.test_tracing import TRACE, Ticking


class Telemetry:
    """The API as far as it is used: takes one message a request, or answers with a given status."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.taken: list[ExportTraceServiceRequest] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.taken.append(ExportTraceServiceRequest.FromString(await Request(scope, receive).body()))
        await Response(status_code=self.status)(scope, receive, send)


def finished(caller: str = "00f067aa0ba902b7") -> Trace:
    """A request that asked the portal, in vain, and told somebody."""
    with recording(TraceContext(TRACE, caller, sampled=True), "telegram_update", "shop", Ticking()) as trace:
        with pytest.raises(ZeroDivisionError), span("bitrix", method="batch", commands=3):
            divmod(1, 0)
        with span("telegram", method="sendMessage"):
            pass
    return trace


async def test_the_spans_arrive_as_they_were():
    telemetry, trace = Telemetry(), finished()
    async with serving(telemetry) as url:
        await CloudTrace("shop", endpoint=f"{url}/v1/traces", session=requests.Session).export(trace)
    (told,) = [one for message in telemetry.taken for one in message.resource_spans]
    about = {one.key: one.value.string_value for one in told.resource.attributes}
    assert about["gcp.project_id"] == "shop"
    assert about["service.name"] == "telegram_update"
    spans = [one for scope in told.scope_spans for one in scope.spans]
    assert [(one.name, one.trace_id.hex(), one.status.code) for one in spans] == [
        ("telegram_update", TRACE, 0), ("bitrix", TRACE, 2), ("telegram", TRACE, 0),
    ]  # fmt: skip
    assert [one.parent_span_id.hex() for one in spans] == ["00f067aa0ba902b7", trace.spans[0].id, trace.spans[0].id]
    assert [one.end_time_unix_nano - one.start_time_unix_nano for one in spans] == [5 * 10**9, 10**9, 10**9]
    assert {one.key for one in spans[1].attributes} == {"method", "commands"}


async def test_a_trace_that_begins_here_has_no_parent():
    telemetry = Telemetry()
    async with serving(telemetry) as url:
        await CloudTrace("shop", endpoint=f"{url}/v1/traces", session=requests.Session).export(finished("0" * 16))
    assert telemetry.taken[0].resource_spans[0].scope_spans[0].spans[0].parent_span_id == b""


def without_credentials() -> requests.Session:
    raise RuntimeError("s3cret")


async def test_what_goes_wrong_is_one_line_and_nothing_else(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING, "shared.cloud_trace")
    async with serving(Telemetry(403)) as url:
        await CloudTrace("shop", endpoint=f"{url}/v1/traces", session=requests.Session).export(finished())
    await CloudTrace("shop", session=without_credentials).export(finished())
    lost = [record.__dict__["fields"] for record in caplog.records if record.name == "shared.cloud_trace"]
    assert lost == [
        {"event": "trace_lost", "error": "FAILURE"},
        {"event": "trace_lost", "error": "RuntimeError"},
    ]
