"""Structured logs: one JSON line per entry on stdout, as Cloud Logging reads them (functions/README.md, «Logs»).

What an entry says: `severity`, `message`, `time`, the trace of the request, whatever ids were bound with `bind`
(event, job, order), and the fields given as `extra={"fields": {...}}`. A traceback is part of the one line, in
`stack_trace`, so that Error Reporting groups it.

Secrets are cut out of every string at the last moment, here, so that no caller can forget it: the values of the
settings, plus everything of a secret's shape or name (bot tokens, webhook keys in REST paths, `auth=` and token
parameters).
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TextIO

_NOTHING: Mapping[str, str] = MappingProxyType({})
_bound: ContextVar[Mapping[str, str | bool]] = ContextVar("bound", default=_NOTHING)

_NAMES = ("auth", "access_token", "refresh_token", "client_secret", "application_token")
"""What secrets are called, in queries, forms and JSON."""

_NAMED = "|".join(_NAMES)
# The first group stays, what follows it is hidden.
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"()\b\d{6,}:[\w-]{20,}",  # a bot token anywhere
        r"(/bot)\d+:[\w-]+",  # also a short one, in its address
        r"(/rest/)\d+/[^/\s\"']+",  # webhook user and key
        rf"(?i)((?:\b|%5B)(?:token|{_NAMED})(?:\]|%5D)?=)[^&\s\"']+",
        # As JSON or Python write it, also when the whole is a text inside JSON.
        rf"(?i)([\"'](?:{_NAMED})\\*[\"']: ?\\*[\"'])[^\"'\\]+",
        r"(?i)(\bbearer )[\w.~+/=-]+",
    )
)
_IN_EVERY_SHAPE = re.compile("[:/= ]")
HIDDEN = "[hidden]"
"""What stands where a secret was."""

_TRACE = "logging.googleapis.com/trace"
_SPAN = "logging.googleapis.com/spanId"
_SAMPLED = "logging.googleapis.com/trace_sampled"
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_CLOUD_TRACE = re.compile(r"([0-9a-f]{32})(?:/([0-9]{1,20}))?(?:;o=([0-9]))?")
_SPANS = 2**64


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Return the text without the given secrets and without anything of a secret's shape."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    # Most of what is logged is a word or a number.
    for shape in _SHAPES if _IN_EVERY_SHAPE.search(text) else ():
        text = shape.sub(rf"\1{HIDDEN}", text)
    return text


@dataclass(frozen=True)
class TraceContext:
    """Where a request stands in a trace: 32 hexadecimal digits, the caller's span's 16, whether it is kept."""

    trace: str
    span: str
    sampled: bool

    def under(self, span: str) -> TraceContext:
        """Return the place below a span of ours."""
        return replace(self, span=span)


def trace_context(headers: Mapping[str, str]) -> TraceContext | None:
    """Read the request's trace from `traceparent`, else from `X-Cloud-Trace-Context`; None when neither is usable."""
    if (match := _TRACEPARENT.fullmatch(headers.get("traceparent", ""))) and int(match[1], 16):
        return TraceContext(match[1], match[2], sampled=bool(int(match[3], 16) & 1))
    if (match := _CLOUD_TRACE.fullmatch(headers.get("x-cloud-trace-context", ""))) and int(match[1], 16):
        # Anybody can send the header: a number that is no span is none.
        number = int(match[2] or 0)
        return TraceContext(match[1], f"{number if number < _SPANS else 0:016x}", sampled=match[3] == "1")
    return None


def trace_fields(context: TraceContext | None, project: str) -> dict[str, str | bool]:
    """Return the fields by which Cloud Logging shows an entry beside its trace; {} without one."""
    if context is None:
        return {}
    return {_TRACE: f"projects/{project}/traces/{context.trace}", _SPAN: context.span, _SAMPLED: context.sampled}


def traceparent() -> dict[str, str]:
    """Return the header that carries this request's trace to whatever it causes; {} when it has none."""
    here = _bound.get()
    trace, span = str(here.get(_TRACE, "")).rpartition("/")[2], str(here.get(_SPAN, ""))
    flags = "01" if here.get(_SAMPLED) else "00"
    return {"traceparent": f"00-{trace}-{span}-{flags}"} if trace and int(span, 16) else {}


@contextmanager
def bind(**ids: str | bool) -> Iterator[None]:
    """Put ids on every entry logged inside the block (also in tasks started there)."""
    token = _bound.set({**_bound.get(), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


def bound() -> Mapping[str, str | bool]:
    """Return the ids bound here."""
    return _bound.get()


class JsonFormatter(logging.Formatter):
    """Turns a record into one line of JSON without secrets."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        # The longest first, or a secret that contains another would leave its tail behind.
        self._secrets = sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True)  # noqa: PLR2004 - too short to search for

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, whatever the record holds: of one that fails, `logging` would print all to stderr."""
        try:
            line = self._line(record)
        except Exception as error:  # noqa: BLE001 - its text may hold anything
            told = {"severity": "ERROR", "message": "an entry could not be written", "error": type(error).__name__}
            line = json.dumps({**told, "logger": record.name, "line": record.lineno})
        # Half a surrogate pair has no bytes.
        return line.encode("utf-8", "replace").decode()

    def _line(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "severity": record.levelname,
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            **_bound.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(self._clean(entry), ensure_ascii=False, default=str)

    def _clean(self, value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        if isinstance(value, str):
            return redact(value, self._secrets)
        if isinstance(value, Mapping):
            return {redact(str(key), self._secrets): self._clean_named(str(key), item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        return value if isinstance(value, int | float | bool | None) else redact(str(value), self._secrets)

    def _clean_named(self, name: str, value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        plain = not isinstance(value, Mapping | list | tuple)
        return HIDDEN if plain and name.lower() in _NAMES else self._clean(value)


def configure(level: str, secrets: Sequence[str] = (), stream: TextIO | None = None) -> None:
    """Make the root logger write JSON lines to `stream` (stdout). Calling it again replaces the handler."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore"):  # they log every URL, and our URLs hold tokens
        logging.getLogger(chatty).setLevel(logging.WARNING)
