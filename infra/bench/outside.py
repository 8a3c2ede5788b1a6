"""What a measured function meets outside of it: a portal, a Bot API that takes everything, a queue that keeps tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.clock import SystemClock
from infra.local.portal import Portal, PortalOptions, create_portal
from infra.local.sandbox import environment
from infra.local.sandbox.environment import Addresses
from infra.local.serving import Serving, bind
from shared.pipeline.tasks import Task
from shared.store.memory import MemoryStore
from shared.store.port import Create, Key, Version, Write

NOBODY, NOWHERE = "unused:1", "https://functions.test"
MESSAGES = frozenset({"sendMessage", "editMessageText"})
SENT = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": 42, "type": "private"}, "text": "…"}


@dataclass
class KeptTasks:
    """A queue that hands nothing out."""

    tasks: list[Task] = field(default_factory=list)

    async def add(self, task: Task) -> None:
        """Keep the task."""
        self.tasks.append(task)

    async def close(self) -> None:
        """Have nothing to let go of."""


class RememberingStore(MemoryStore):
    """A store that can tell what is in it, so that another process begins with the same."""

    def __init__(self) -> None:
        super().__init__(SystemClock().now)
        self._written: dict[Key, None] = {}

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Apply all writes or none."""
        self._written.update(dict.fromkeys(write.key for write in writes))
        return await super().commit(writes)

    async def creates(self) -> list[Create]:
        """Return what makes the same documents in an empty store."""
        there = await self.get_many(list(self._written))
        return [Create(one.key, one.data, one.expires_at, one.due_at) for one in there.values()]


@dataclass(frozen=True)
class Outside:
    """Where everything is, and the settings that say so. `said`: the methods of the Bot API that were called."""

    portal: Portal
    variables: dict[str, str]
    said: list[str]


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    """Serve a portal that never says «too many requests», and a Bot API."""
    rest, telegram = Serving(bind(0)), Serving(bind(0))
    options = PortalOptions(
        webhook_user=environment.PORTAL_USER, webhook_key=environment.PORTAL_KEY, rate=1e9, burst=10**9
    )
    said: list[str] = []
    async with httpx.AsyncClient() as nobody:
        portal = create_portal(options, clock=SystemClock(), http=nobody)
        try:
            await rest.start(portal.app)
            await telegram.start(bot_api(said))
            found = Addresses(NOWHERE, NOBODY, NOBODY, telegram.url, environment.rest(rest.url))
            yield Outside(portal, environment.merged(found, {}), said)
        finally:
            await telegram.stop()
            await rest.stop()
            await portal.close()


def bot_api(said: list[str]) -> Starlette:
    """Return a Bot API that takes everything; the methods that were called are put into `said`."""

    async def taken(request: Request) -> Response:
        said.append(request.url.path.rpartition("/")[2])
        return JSONResponse({"ok": True, "result": SENT if said[-1] in MESSAGES else True})

    return Starlette(routes=[Route("/{path:path}", taken, methods=["POST"])])
