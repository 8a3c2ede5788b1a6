"""Everything a day happens in: the functions, a portal and a Bot API in this process, queues at the portal's pace."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.bench.inside import FUNCTIONS, PORTAL, TELEGRAM
from infra.bench.outside import MESSAGES, SENT
from infra.local.cloud_tasks.paced import Pace, PacedQueues, handing_out
from infra.local.doors import Doors
from infra.local.portal import Portal, PortalOptions, create_portal
from infra.local.portal.calls import CallRecord
from infra.local.sandbox import environment
from infra.local.sandbox.environment import Addresses
from infra.local.sandbox.functions import PATHS, FunctionsApp
from infra.local.skipping import LoopClock
from shared.entry import bitrix_call, housekeeping, telegram_send
from shared.entry.container import Container
from shared.entry.http import Incoming
from shared.pipeline.tasks import Task
from shared.settings import Settings, read_settings

LOOK = 0.5
"""Seconds between two looks whether everything has come to rest."""

CREATED = "создан"
"""What the message with an order's number says."""


@dataclass
class Chats:
    """A Bot API that remembers when each chat first saw buttons, and an order's number."""

    clock: LoopClock
    answered: dict[int, float] = field(default_factory=dict)
    numbered: dict[int, float] = field(default_factory=dict)

    def app(self) -> Starlette:
        """Return what answers."""
        return Starlette(routes=[Route("/{path:path}", self._taken, methods=["POST"])])

    async def _taken(self, request: Request) -> Response:
        said = request.url.path.rpartition("/")[2] in MESSAGES
        told = parse_qs((await request.body()).decode())
        if said:
            chat, at = int(told["chat_id"][0]), self.clock.monotonic()
            if "reply_markup" in told:
                self.answered.setdefault(chat, at)
            if CREATED in told["text"][0]:
                self.numbered.setdefault(chat, at)
        return JSONResponse({"ok": True, "result": SENT if said else True})


@dataclass
class Requests:
    """How many requests the portal got, in all and by what they were for."""

    all: int = 0
    by_purpose: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("names", "prices", "orders", "looks"), 0))

    def add(self, call: CallRecord) -> None:
        """Count a request."""
        self.all += 1
        self.by_purpose[_purpose([str(one["method"]) for one in call.commands] or [call.method])] += 1


def _purpose(methods: list[str]) -> str:
    """Return what a request is for; the first that fits."""
    if any(name.rpartition(".")[2] not in ("get", "list", "getlist") for name in methods):
        return "orders"
    if any(name.startswith(("sale.", "crm.")) for name in methods):
        return "looks"
    return "prices" if "catalog.price.list" in methods else "names"


@dataclass
class Town:
    """Everything together."""

    clock: LoopClock
    here: Container
    portal: Portal
    queues: PacedQueues
    chats: Chats

    def requests(self) -> Requests:
        """Return what the portal was asked until now."""
        counted = Requests()
        for call in self.portal.rest.calls.since():
            counted.add(call)
        return counted

    async def rests(self) -> None:
        """Wait until no task is left, and no event."""
        await self.portal.webhooks.settle()
        while not self.queues.idle:
            await self.clock.sleep(LOOK)
            await self.portal.webhooks.settle()


@asynccontextmanager
async def living(pace: int, dice: random.Random) -> AsyncIterator[Town]:
    """Put everything together; requests to the portal at most `pace` a second. Leaves nothing running."""
    clock, doors = LoopClock(), Doors()

    async def permit(task: Task) -> bool:
        headers = {name.lower(): value for name, value in task.headers.items()}
        await bitrix_call.receive(town.here, Incoming(headers, task.body or b"{}"))
        return True

    async def message(task: Task) -> bool:
        await telegram_send.receive(town.here, Incoming({}, task.body or b"{}"))
        return True

    async with httpx.AsyncClient(transport=doors, timeout=65) as http:
        portal, chats = create_portal(_portal(pace), clock=clock, http=http), Chats(clock)
        queues = PacedQueues(clock, permit, message, dice)
        queues.permits.pace = Pace(pace, pace, pace)
        here = Container(_settings(pace), now=clock.now, timer=clock.monotonic, http=http, queue=queues)
        town = Town(clock, here, portal, queues, chats)
        doors.open(FUNCTIONS, FunctionsApp(lambda: here))
        doors.open(PORTAL, portal.app)
        doors.open(TELEGRAM, chats.app())
        sweeps = asyncio.create_task(_sweep(town))
        async with handing_out(town.queues):
            try:
                yield town
            finally:
                sweeps.cancel()
                await portal.close()


async def _sweep(town: Town) -> None:
    while True:
        await town.clock.sleep(60)
        await housekeeping.receive(town.here, Incoming({}, b"{}"))


def _portal(pace: int) -> PortalOptions:
    token = environment.SECRETS["BITRIX_APPLICATION_TOKEN"]
    return PortalOptions(
        dialect="native", native=replace(environment.NATIVE, application_token=token), rate=pace, public_url=PORTAL,
        webhook_user=environment.PORTAL_USER, webhook_key=environment.PORTAL_KEY,
        webhook_url=f"{FUNCTIONS}{PATHS['bitrix_webhook']}", webhook_secret=environment.SECRETS["WEBHOOK_SECRET"],
    )  # fmt: skip


def _settings(pace: int) -> Settings:
    found = Addresses(FUNCTIONS, "unused:1", "unused:1", TELEGRAM, environment.rest(PORTAL))
    wanted = {"BITRIX_DIALECT": "native", "LOG_LEVEL": "ERROR", "BITRIX_CALLS_PER_SECOND": str(pace)}
    return read_settings(environment.merged(found, wanted))
