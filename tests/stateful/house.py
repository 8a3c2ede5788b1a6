"""The whole bot in one process on a clock that skips: its functions, both simulators, and queues between them.

All parts are the real ones but two: requests go to their application without a socket, and tasks are handed out by the
queues of tests/exactly_once. So an hour of the bot's life takes no longer than its work.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from infra.invites import VALID
from infra.local.portal import Portal, PortalOptions, create_portal
from infra.local.sandbox import environment
from infra.local.sandbox.environment import Addresses
from infra.local.sandbox.functions import PATHS, FunctionsApp
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.sim import TelegramSim, create_telegram
from infra.webhooks import UPDATES
from shared.domain.invites import Invite, sign
from shared.entry.container import Container
from shared.pipeline.tasks import Task
from shared.settings import read_settings
from tests.chaos.loop import LoopClock
from tests.chaos.queues import Pace, Queue
from tests.conversations.events import Post

FUNCTIONS, PORTAL, TELEGRAM = "https://functions.house", "https://portal.house", "https://telegram.house"
OPERATOR = 600_001
"""Somebody in the operators' chat."""

BLINK = 0.01
"""Seconds of the house's time between two looks whether anything is under way."""

LONGEST = 6 * 3600.0
"""Seconds of the house's time until it must have come to rest."""


_drawn: dict[tuple[str, int], bytes] = {}
"""Pictures of goods, shared by all houses of the process: to draw one takes longer than all else of a step."""


class Doors(httpx.AsyncBaseTransport):
    """Brings a request to the application that lives at its host."""

    def __init__(self) -> None:
        self._apps: dict[str, httpx.ASGITransport] = {}

    def open(self, address: str, app: Any) -> None:
        """Let the application answer there; what it raises is its 500, as behind a server."""
        self._apps[httpx.URL(address).host] = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._apps[request.url.host].handle_async_request(request)


@dataclass
class House:
    """Everything together; made by `running_house`."""

    clock: LoopClock
    dialect: str
    http: httpx.AsyncClient
    portal: Portal
    telegram: TelegramSim
    permits: Queue
    messages: Queue

    def __post_init__(self) -> None:
        """Furnish it: the functions live by its clock, with its doors and its queues."""
        settings = read_settings(_settings(self.dialect))
        self.container = Container(settings, now=self.clock.now, http=self.http, queue=self)

    async def add(self, task: Task) -> None:
        """Take a task, as `TaskQueue`."""
        queue = self.permits if task.queue == environment.BITRIX_QUEUE else self.messages
        queue.add(task, task.schedule_at or self.clock.now())

    async def rests(self) -> None:
        """Wait until nothing is under way or waiting anywhere: updates, events, tasks."""
        ends = self.clock.monotonic() + LONGEST
        while self.telegram.mailbox.pending() or self.portal.webhooks._lanes or not self._idle():
            assert self.clock.monotonic() < ends, "the house does not come to rest"
            await asyncio.sleep(BLINK)

    def _idle(self) -> bool:
        return self.permits.idle and self.messages.idle

    async def calls(self, function: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Call a function; it must take the call."""
        answer = await self.http.post(f"{FUNCTIONS}{PATHS[function]}", content=body, headers=headers)
        assert answer.is_success, f"{function} answers {answer.status_code} {answer.text}"

    async def posts(self, post: Post) -> None:
        """Post an event as the portal does."""
        await self.calls("bitrix_webhook", post.body, post.headers)

    async def shop(self, path: str, **change: object) -> None:
        """Do what a person at the shop does."""
        answer = await self.http.post(f"{PORTAL}/_sim/{path}", json=change)
        assert answer.is_success, answer.text

    async def orders(self) -> list[dict[str, Any]]:
        """The orders on the portal, oldest first."""
        return list((await self.http.get(f"{PORTAL}/_sim/orders")).json())

    def invite(self, buyer: str) -> str:
        """What /start must say to let its sender in."""
        return sign(Invite(buyer, self.clock.now() + VALID), environment.SECRETS["INVITE_SECRET"])


@asynccontextmanager
async def running_house(dialect: str, dice: random.Random) -> AsyncIterator[House]:
    """Run a house in which nobody has done anything. Leaves nothing running."""
    doors = Doors()
    async with httpx.AsyncClient(transport=doors, timeout=65) as http:
        house = _built(dialect, http, dice)
        doors.open(FUNCTIONS, FunctionsApp(lambda: house.container))
        doors.open(PORTAL, house.portal.app)
        doors.open(TELEGRAM, house.telegram.app)
        handing = [asyncio.create_task(queue.hand_out()) for queue in (house.permits, house.messages)]
        try:
            await house.telegram.start()
            await _announce(http)
            yield house
        finally:
            await house.telegram.stop()
            await house.portal.close()
            for task in handing:
                task.cancel()
            await asyncio.gather(*handing, return_exceptions=True)
            for queue in (house.permits, house.messages):
                await queue.close()


def _settings(dialect: str) -> dict[str, str]:
    rest = f"{PORTAL}/rest/{environment.PORTAL_USER}/{environment.PORTAL_KEY}/"
    nowhere = "unused:1"
    found = Addresses(FUNCTIONS, nowhere, nowhere, TELEGRAM, rest, operators=environment.OPERATORS)
    return environment.merged(found, {"BITRIX_DIALECT": dialect})


def _built(dialect: str, http: httpx.AsyncClient, dice: random.Random) -> House:
    clock = LoopClock()
    options = PortalOptions(
        webhook_user=environment.PORTAL_USER,
        webhook_key=environment.PORTAL_KEY,
        webhook_url=f"{FUNCTIONS}{PATHS['bitrix_webhook']}",
        webhook_secret=environment.SECRETS["WEBHOOK_SECRET"],
        public_url=PORTAL,
        dialect="native" if dialect == "native" else "contract",
        native=replace(environment.NATIVE, application_token=environment.SECRETS["BITRIX_APPLICATION_TOKEN"]),
    )
    groups = {environment.OPERATORS: "Операторы"}
    telegram = TelegramOptions(token=environment.BOT_TOKEN, username=environment.BOT_USERNAME, groups=groups)

    async def handed_out(task: Task) -> bool:
        return (await http.post(task.url, content=task.body, headers=dict(task.headers))).is_success

    portal = create_portal(options, clock=clock, http=http)
    portal._pictures._drawn = _drawn
    return House(
        clock,
        dialect,
        http,
        portal,
        create_telegram(telegram, clock=clock, http=http),
        Queue(clock, handed_out, dice),
        Queue(clock, handed_out, dice, Pace(25.0, 25.0, 25.0), 25),
    )


async def _announce(http: httpx.AsyncClient) -> None:
    """Tell Telegram where the bot listens."""
    webhook = {
        "url": f"{FUNCTIONS}{PATHS['telegram_update']}",
        "secret_token": environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"],
        "allowed_updates": list(UPDATES),
        "max_connections": 40,
    }
    answer = await http.post(f"{TELEGRAM}/bot{environment.BOT_TOKEN}/setWebhook", json=webhook)
    assert answer.json()["ok"], answer.text
