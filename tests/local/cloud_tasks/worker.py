"""A worker for the dispatcher, in memory under a manual clock."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from infra.local.cloud_tasks import HttpCall, ManualClock, Reply

LOCATION = "projects/p/locations/europe-west1"
QUEUE = f"{LOCATION}/queues/bitrix"
URL = "https://worker.example/bitrix_call"


def http(status: int, retry_after: str | None = None) -> Reply:
    return Reply(status, f"HTTP {status}", retry_after)


@dataclass
class Served:
    at: datetime
    call: HttpCall


class FakeWorker:
    """Notes each call and answers what `answers` says (the n-th call, from 0); `hold` keeps it from answering."""

    def __init__(self, clock: ManualClock) -> None:
        self.served: list[Served] = []
        self.answers: Callable[[int], Reply] = lambda _: http(200)
        self.busy = 0
        self.busiest = 0
        self._clock = clock
        self._gate = asyncio.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    async def send(self, call: HttpCall) -> Reply:
        number = len(self.served)
        self.served.append(Served(self._clock.now(), call))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self._gate.wait()
            return self.answers(number)
        finally:
            self.busy -= 1

    def offsets(self) -> list[float]:
        return [(one.at - self.served[0].at).total_seconds() for one in self.served]
