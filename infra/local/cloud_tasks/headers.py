"""The headers of a dispatched request (shared/pipeline/README.md, «Cloud Tasks»)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

USER_AGENT = "Google-Cloud-Tasks"

# Computed by the sender, or kept by Google for itself: what a task says about them is ignored.
_COMPUTED = frozenset({"host", "content-length", "user-agent", "connection", "transfer-encoding"})
_RESERVED = ("x-cloudtasks-", "x-google-", "x-appengine-")


@dataclass(frozen=True)
class Attempt:
    """What a worker is told about the attempt it serves.

    `retry_count` counts all attempts before this one; `execution_count` counts answers before this one except 5xx.
    Queue and task by their short names. `previous_response` and `retry_reason` are absent on a first attempt.
    """

    queue: str
    task: str
    eta: datetime
    retry_count: int = 0
    execution_count: int = 0
    previous_response: int | None = None
    retry_reason: str | None = None


def dispatch_headers(attempt: Attempt, own: Mapping[str, str], token: str | None) -> dict[str, str]:
    """Return the request's headers: the task's own without the reserved ones, then Google's."""
    headers = {name: value for name, value in own.items() if not _reserved(name, signed=token is not None)}
    headers |= {
        "User-Agent": USER_AGENT,
        "X-CloudTasks-QueueName": attempt.queue,
        "X-CloudTasks-TaskName": attempt.task,
        "X-CloudTasks-TaskRetryCount": str(attempt.retry_count),
        "X-CloudTasks-TaskExecutionCount": str(attempt.execution_count),
        "X-CloudTasks-TaskETA": f"{attempt.eta.timestamp():.6f}",
    }
    if attempt.previous_response is not None:
        headers["X-CloudTasks-TaskPreviousResponse"] = str(attempt.previous_response)
    if attempt.retry_reason is not None:
        headers["X-CloudTasks-TaskRetryReason"] = attempt.retry_reason
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _reserved(name: str, *, signed: bool) -> bool:
    """Tell whether a task may not set this header; `Authorization` belongs to the token when there is one."""
    low = name.lower()
    return low in _COMPUTED or low.startswith(_RESERVED) or (signed and low == "authorization")
