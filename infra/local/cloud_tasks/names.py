"""Resource names: what the service accepts (docstrings of the client's `Queue.name` and `Task.name`)."""

from __future__ import annotations

import re

from infra.local.rpc import invalid

_LOCATION = r"projects/[A-Za-z0-9.:-]+/locations/[a-z0-9-]+"
_QUEUE = _LOCATION + r"/queues/[A-Za-z0-9-]{1,100}"
_TASK = _QUEUE + r"/tasks/[A-Za-z0-9_-]{1,500}"


def check_location(name: str) -> str:
    """Return the name of a location, or refuse it."""
    return _checked(_LOCATION, name, "projects/PROJECT_ID/locations/LOCATION_ID")


def check_queue(name: str) -> str:
    """Return the full name of a queue, or refuse it."""
    return _checked(_QUEUE, name, "projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID")


def check_task(name: str) -> str:
    """Return the full name of a task, or refuse it."""
    return _checked(_TASK, name, "projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID/tasks/TASK_ID")


def location_of(queue: str) -> str:
    """Return the location a queue is in."""
    return queue.rpartition("/queues/")[0]


def queue_of(task: str) -> str:
    """Return the queue a task is in."""
    return task.rpartition("/tasks/")[0]


def short(name: str) -> str:
    """Return the last part of a full name, as it appears in headers."""
    return name.rpartition("/")[2]


def _checked(pattern: str, name: str, form: str) -> str:
    """Return `name` when it has the right form."""
    if not re.fullmatch(pattern, name):
        raise invalid(f"Invalid resource name «{name[:200]}»: it must have the form «{form}»")
    return name
