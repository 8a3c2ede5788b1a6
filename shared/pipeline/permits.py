"""Permits: unnamed Cloud Tasks without work, only the right to make one HTTP request to the portal.

The queue hands them out at the portal's pace for all instances together. A surplus is harmless: a permit that finds
nothing due ends at once, and whatever is due is served by whichever permit comes first.

See shared/pipeline/README.md, «Jobs and permits».
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.logs import traceparent
from shared.pipeline.backlog import Backlog
from shared.pipeline.tasks import Task, TaskQueue
from shared.store.port import Key

DEADLINE = timedelta(seconds=90)
"""Longer than a write's 60 s timeout, so that the queue does not start a second handler beside a slow one."""


class TaskScheduler:
    """Creates the two kinds of tasks this system knows. Raises `shared.pipeline.tasks.QueueUnavailable`."""

    def __init__(
        self,
        queue: TaskQueue,
        backlog: Backlog,
        *,
        bitrix: tuple[str, str],
        telegram: tuple[str, str],
        service_account: str | None,
    ) -> None:
        """`bitrix` and `telegram` are (full queue name, address of the function)."""
        self._queue = queue
        self._backlog = backlog
        self._bitrix = bitrix
        self._telegram = telegram
        self._service_account = service_account

    async def permit(self, moments: Iterable[datetime]) -> None:
        """Create one permit per moment, but none where the queue holds enough of them. The work must be committed."""
        for moment in self._backlog.wanted(moments):
            await self._queue.add(self._task(self._bitrix, b"{}", moment))

    async def watch(self, moment: datetime, until: datetime) -> None:
        """Create a permit that looks after what is held by others until then: whoever holds it may be dead."""
        body = json.dumps({"watch": until.isoformat()}).encode()
        await self._queue.add(self._task(self._bitrix, body, moment))

    async def send_later(self, record: Key, at: datetime) -> None:
        """Have `telegram_send` go on with the record's outbox at that moment."""
        body = json.dumps({"collection": record.collection, "id": record.id}).encode()
        await self._queue.add(self._task(self._telegram, body, at))

    def _task(self, target: tuple[str, str], body: bytes, at: datetime) -> Task:
        queue, url = target
        return Task(
            queue=queue,
            url=url,
            body=body,
            headers={"Content-Type": "application/json", **traceparent()},
            schedule_at=at,
            service_account=self._service_account,
            dispatch_deadline=DEADLINE,
        )
