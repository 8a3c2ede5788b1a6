"""A version number one can wait on: how pages, helpers and tests learn that something happened."""

import asyncio


class Changes:
    """Counts visible changes and wakes whoever waits for the next one."""

    def __init__(self) -> None:
        self.version = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def touch(self) -> int:
        """Count a change; the new version."""
        self.version += 1
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()
        return self.version

    async def after(self, version: int) -> int:
        """Return the version as soon as it is greater than `version`; bound the wait from outside."""
        while self.version <= version:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
        return self.version
