"""Resource names: what the service accepts (docstrings of the client's `Queue.name` and `Task.name`)."""

from __future__ import annotations

import re
from functools import partial

from infra.local.rpc import invalid

_LOCATION = r"projects/[A-Za-z0-9.:-]+/locations/[a-z0-9-]+"
_QUEUE = _LOCATION + r"/queues/[A-Za-z0-9-]{1,100}"
_TASK = _QUEUE + r"/tasks/[A-Za-z0-9_-]{1,500}"


def _checked(pattern: str, form: str, name: str) -> str:
    """Return `name` when it has the right form, or refuse it."""
    if not re.fullmatch(pattern, name):
        raise invalid(f"Invalid resource name «{name[:200]}»: it must have the form «{form}»")
    return name


check_location = partial(_checked, _LOCATION, "projects/PROJECT_ID/locations/LOCATION_ID")
check_queue = partial(_checked, _QUEUE, "projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID")
check_task = partial(_checked, _TASK, "projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID/tasks/TASK_ID")


def location_of(queue: str) -> str:
    """Return the location a queue is in."""
    return queue.rpartition("/queues/")[0]


def queue_of(task: str) -> str:
    """Return the queue a task is in."""
    return task.rpartition("/tasks/")[0]


def short(name: str) -> str:
    """Return the last part of a full name, as it appears in headers."""
    return name.rpartition("/")[2]
