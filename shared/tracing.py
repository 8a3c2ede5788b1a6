"""Spans of one request: what was done in it and from when to when, kept only where the request's trace is sampled.

They are kept as plain values and handed out when the request is over: OpenTelemetry's SDK takes longer to import than a
request may wait, so that only the exporter knows it (`shared/cloud_trace.py`).

See infra/RUNBOOK.md, «Traces».
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.clock import Now
from shared.logs import TraceContext, bind, trace_fields

SPANS_AT_MOST = 100
"""Spans of one request that are kept: a request that does more says nothing more by them."""


@dataclass
class Span:
    """A piece of work. `id` and `parent` are 16 hexadecimal digits; `ended` is None while it is at work."""

    name: str
    id: str
    parent: str
    began: datetime
    ended: datetime | None = None
    failed: bool = False
    attributes: dict[str, str | int] = field(default_factory=dict)


@dataclass
class Trace:
    """What one request added to its trace, whose id is 32 hexadecimal digits; the first span is the request itself."""

    id: str
    now: Now
    spans: list[Span] = field(default_factory=list)


class SpanExporter(Protocol):
    """Where the spans of a finished request go. An export raises nothing: nothing hangs on it."""

    async def export(self, trace: Trace) -> None:
        """Hand out the spans, within some seconds."""


_current: ContextVar[tuple[Trace, Span] | None] = ContextVar("trace", default=None)


@contextmanager
def recording(context: TraceContext, name: str, project: str, now: Now) -> Iterator[Trace]:
    """Keep the spans made inside the block; log entries and tasks made there belong to the request's own span."""
    trace = Trace(context.trace, now)
    with _child(trace, name, context.span, {}) as request, bind(**trace_fields(context.under(request.id), project)):
        yield trace


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """A piece of the work of this request; nothing at all where the request's trace is not kept.

    Attributes never hold what a person wrote, nor anything of a secret's shape.
    """
    here = _current.get()
    if here is None or len(here[0].spans) >= SPANS_AT_MOST:
        yield
        return
    trace, parent = here
    with _child(trace, name, parent.id, attributes):
        yield


@contextmanager
def _child(trace: Trace, name: str, parent: str, attributes: dict[str, str | int]) -> Iterator[Span]:
    made = Span(name, secrets.token_hex(8), parent, trace.now(), attributes=attributes)
    trace.spans.append(made)
    token = _current.set((trace, made))
    try:
        yield made
    except BaseException:
        made.failed = True
        raise
    finally:
        made.ended = trace.now()
        _current.reset(token)
