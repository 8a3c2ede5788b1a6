"""Queues of tasks in tests: one that keeps them, one that hands them out at a pace, as Cloud Tasks does."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime

from shared.pipeline.tasks import QueueUnavailable, Task, TaskQueue
from shared.store.port import Key
from tests.support.stores import Step

BITRIX = ("projects/p/locations/l/queues/bitrix", "https://call.example/permit")
TELEGRAM = ("projects/p/locations/l/queues/telegram", "https://send.example/go")
"""Name and target of each queue, where nobody hands anything out."""


@dataclass
class FakeQueue:
    """Keeps tasks."""

    tasks: list[Task] = field(default_factory=list)
    down: bool = False

    async def add(self, task: Task) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise QueueUnavailable("down")
        self.tasks.append(task)

    async def close(self) -> None:
        """Close, as `CloudTasks`: there is nothing to let go of."""

    @property
    def permits(self) -> list[datetime]:
        return [_moment(task) for task in self.tasks if task.queue == BITRIX[0]]

    @property
    def later(self) -> list[tuple[Key, datetime]]:
        """The records whose messages were put off, and until when."""
        told = [(json.loads(task.body), task) for task in self.tasks if task.queue == TELEGRAM[0]]
        return [(Key(body["collection"], body["id"]), _moment(task)) for body, task in told]


def _moment(task: Task) -> datetime:
    assert task.schedule_at is not None
    return task.schedule_at


class SteppedQueue:
    """Makes every call to a queue through `step`."""

    def __init__(self, inner: TaskQueue, step: Step) -> None:
        self._inner = inner
        self._step = step

    async def add(self, task: Task) -> None:
        await self._step("add task", lambda: self._inner.add(task))

    async def close(self) -> None:
        """Close, as `CloudTasks`: whoever made the queue closes it."""


def watched(task: Task) -> datetime | None:
    """Until when a permit looks after a dead worker's work; None for every other."""
    until = json.loads(task.body).get("watch")
    return None if until is None else datetime.fromisoformat(until)
