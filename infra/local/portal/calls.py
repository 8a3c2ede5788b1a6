"""The record of every HTTP request the portal got, for tests and for a curious person.

Secrets are left out: the webhook key in the path, `auth` parameters, the Authorization header.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAX_RECORDS = 20_000
_MAX_TEXT = 2_000
_SECRET_PARAMS = frozenset({"auth", "access_token"})
_SECRET_HEADERS = frozenset({"authorization", "cookie"})


@dataclass
class CallRecord:
    """One HTTP request.

    `kind` is `rest` or `picture`; `status` is None while it runs and when it was never answered; `commands` are
    those of a batch, each with its key, method, params and, when it failed, error.
    """

    time: datetime
    kind: str
    http_method: str
    method: str
    path: str
    headers: Mapping[str, str]
    params: Mapping[str, Any] = field(default_factory=dict)
    commands: Sequence[dict[str, Any]] = ()
    status: int | None = None
    error: str | None = None
    replayed: bool = False
    fault: str | None = None
    duration: float | None = None

    def view(self) -> dict[str, Any]:
        """Return the record as JSON; `time` is ISO 8601 with an offset, `duration` in seconds."""
        return {
            "time": self.time.isoformat(timespec="milliseconds"),
            "kind": self.kind,
            "http_method": self.http_method,
            "method": self.method,
            "path": self.path,
            "headers": dict(self.headers),
            "params": _shortened(self.params),
            "commands": [_shortened(command) for command in self.commands],
            "status": self.status,
            "error": self.error,
            "replayed": self.replayed,
            "fault": self.fault,
            "duration": None if self.duration is None else round(self.duration, 4),
        }


class CallLog:
    """The last 20 000 requests, oldest first."""

    def __init__(self) -> None:
        self._records: deque[CallRecord] = deque(maxlen=MAX_RECORDS)

    def add(self, record: CallRecord) -> None:
        """Remember a request that has just come in."""
        self._records.append(record)

    def since(self, moment: datetime | None = None) -> list[CallRecord]:
        """Return the requests that came at `moment` or later, or all of them."""
        return [record for record in self._records if moment is None or record.time >= moment]

    def clear(self) -> None:
        """Forget everything."""
        self._records.clear()


def without_secrets(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return top-level parameters without credentials."""
    return {key: value for key, value in params.items() if key not in _SECRET_PARAMS}


def visible_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers with credentials hidden."""
    return {name: "***" if name.lower() in _SECRET_HEADERS else value for name, value in headers.items()}


def _shortened(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        return f"{value[:60]}… ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value
