"""Spans: what hangs under what, and that nothing is kept where nobody asked for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.logs import TraceContext, traceparent
from shared.tracing import SPANS_AT_MOST, Trace, recording, span

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = TraceContext(TRACE, "00f067aa0ba902b7", sampled=True)


class Ticking:
    """A clock that goes on a second each time it is read."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 29, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def told(trace: Trace) -> list[tuple[str, str, float]]:
    """Name, name of the parent ("" for the caller's), seconds."""
    names = {one.id: one.name for one in trace.spans}
    return [
        (one.name, names.get(one.parent, ""), ((one.ended or one.began) - one.began).total_seconds())
        for one in trace.spans
    ]


def test_spans_hang_under_what_they_are_a_part_of():
    with recording(CALLER, "update", "shop", Ticking()) as trace:
        with span("bitrix", method="batch", commands=3), span("inner"):
            pass
        with span("telegram", method="sendMessage"):
            pass
    assert told(trace) == [
        ("update", "", 7), ("bitrix", "update", 3), ("inner", "bitrix", 1), ("telegram", "update", 1),
    ]  # fmt: skip
    assert trace.spans[0].parent == CALLER.span
    assert trace.spans[1].attributes == {"method": "batch", "commands": 3}


def test_what_a_request_causes_goes_on_under_its_own_span():
    with recording(CALLER, "update", "shop", Ticking()) as trace:
        assert traceparent() == {"traceparent": f"00-{TRACE}-{trace.spans[0].id}-01"}
    assert traceparent() == {}


def test_work_that_fails_is_marked_and_ended():
    with recording(CALLER, "update", "shop", Ticking()) as trace, pytest.raises(ValueError, match="no"), span("bitrix"):
        raise ValueError("no")
    assert [(one.name, one.failed) for one in trace.spans] == [("update", False), ("bitrix", True)]
    assert all(one.ended for one in trace.spans)


def test_outside_of_a_kept_request_a_span_is_nothing():
    with span("bitrix"):
        assert traceparent() == {}


def test_a_request_keeps_no_more_than_so_many():
    with recording(CALLER, "update", "shop", Ticking()) as trace:
        for _ in range(SPANS_AT_MOST + 5):
            with span("telegram"):
                pass
    assert len(trace.spans) == SPANS_AT_MOST
