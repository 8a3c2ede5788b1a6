"""The bot's functions and both simulators in this process: no sockets, so that a test may have a system of its own.

Requests go to the application that lives at their host. `running_system` is everything together on a clock that skips,
with queues that hand out.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from infra.invites import VALID
from infra.local.cloud_tasks.paced import PacedQueues, handing_out
from infra.local.doors import Doors
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
from shared.settings import Dialect, read_settings
from tests.support.clock import LoopClock
from tests.support.events import Post
from tests.support.fate import Death
from tests.support.shop import Shop

FUNCTIONS, PORTAL, TELEGRAM = "https://functions.test", "https://portal.test", "https://telegram.test"
OPERATOR = 600_001
"""Somebody in the operators' chat."""

BLINK = 0.01
"""Seconds of the system's time between two looks whether anything is under way."""

LONGEST = 6 * 3600.0
"""Seconds of the system's time until it must have come to rest."""

_drawn: dict[tuple[str, int], bytes] = {}
"""Pictures of goods, shared by all systems of the process: to draw one takes longer than all else of a step."""


class MortalDoors(Doors):
    """Doors behind which a process may die: that is a 503."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except Death:
            return httpx.Response(503, request=request)


def settings_of(dialect: str) -> dict[str, str]:
    nowhere = "unused:1"
    found = Addresses(FUNCTIONS, nowhere, nowhere, TELEGRAM, rest(), operators=environment.OPERATORS)
    return environment.merged(found, {"BITRIX_DIALECT": dialect})


def rest(key: str = environment.PORTAL_KEY) -> str:
    return f"{PORTAL}/rest/{environment.PORTAL_USER}/{key}/"


def portal_options(dialect: str, **changes: Any) -> PortalOptions:
    """Return the options of a portal that knows the functions; `native` may be a dict of changes too."""
    native = {"application_token": environment.SECRETS["BITRIX_APPLICATION_TOKEN"], **changes.pop("native", {})}
    usual = PortalOptions(
        webhook_user=environment.PORTAL_USER,
        webhook_key=environment.PORTAL_KEY,
        webhook_url=f"{FUNCTIONS}{PATHS['bitrix_webhook']}",
        webhook_secret=environment.SECRETS["WEBHOOK_SECRET"],
        public_url=PORTAL,
        dialect="native" if dialect == "native" else "contract",
        native=replace(environment.NATIVE, **native),
    )
    return replace(usual, **changes)


def telegram_options() -> TelegramOptions:
    groups = {environment.OPERATORS: "Операторы"}
    return TelegramOptions(token=environment.BOT_TOKEN, username=environment.BOT_USERNAME, groups=groups)


@dataclass
class System:
    """Everything together; made by `running_system`."""

    clock: LoopClock
    dialect: str
    http: httpx.AsyncClient
    doors: Doors
    portal: Portal
    telegram: TelegramSim
    queues: PacedQueues
    here: Container = field(init=False)

    def __post_init__(self) -> None:
        self.shop = Shop(self.http, PORTAL, Dialect(self.dialect), self.clock.sleep)

    async def rests(self) -> None:
        """Wait until nothing is under way or waiting anywhere: updates, events, tasks."""
        ends = self.clock.monotonic() + LONGEST
        while self.telegram.mailbox.pending() or self.portal.webhooks._lanes or not self.queues.idle:
            assert self.clock.monotonic() < ends, "the system does not come to rest"
            await asyncio.sleep(BLINK)

    async def calls(self, function: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Call a function; it must take the call."""
        answer = await self.http.post(f"{FUNCTIONS}{PATHS[function]}", content=body, headers=headers)
        assert answer.is_success, f"{function} answers {answer.status_code} {answer.text}"

    async def posts(self, post: Post) -> None:
        await self.calls("bitrix_webhook", post.body, post.headers)

    def invite(self, buyer: str) -> str:
        """What /start must say to let its sender in."""
        return sign(Invite(buyer, self.clock.now() + VALID), environment.SECRETS["INVITE_SECRET"])


@asynccontextmanager
async def running_system(
    dialect: str, dice: random.Random, given: Mapping[str, str] | None = None, **portal_changes: Any
) -> AsyncIterator[System]:
    """Run a system in which nobody has done anything. Leaves nothing running.

    `given` are settings that differ from the usual ones, the others `PortalOptions` that do.
    """

    async def handed_out(task: Task) -> bool:
        return (await http.post(task.url, content=task.body, headers=dict(task.headers))).is_success

    doors, clock = MortalDoors(), LoopClock()
    async with httpx.AsyncClient(transport=doors, timeout=65) as http:
        portal = create_portal(portal_options(dialect, **portal_changes), clock=clock, http=http)
        portal._pictures._drawn = _drawn
        telegram = create_telegram(telegram_options(), clock=clock, http=http)
        queues = PacedQueues(clock, handed_out, handed_out, dice)
        system = System(clock, dialect, http, doors, portal, telegram, queues)
        settings = read_settings({**settings_of(dialect), **(given or {})})
        system.here = Container(
            settings, now=system.clock.now, timer=system.clock.monotonic, http=http, queue=system.queues
        )
        doors.open(FUNCTIONS, FunctionsApp(lambda: system.here))
        doors.open(PORTAL, system.portal.app)
        doors.open(TELEGRAM, system.telegram.app)
        async with handing_out(system.queues):
            try:
                await system.telegram.start()
                await _announce(http)
                yield system
            finally:
                await system.telegram.stop()
                await system.portal.close()


async def _announce(http: httpx.AsyncClient) -> None:
    webhook = {
        "url": f"{FUNCTIONS}{PATHS['telegram_update']}",
        "secret_token": environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"],
        "allowed_updates": list(UPDATES),
        "max_connections": 40,
    }
    answer = await http.post(f"{TELEGRAM}/bot{environment.BOT_TOKEN}/setWebhook", json=webhook)
    assert answer.json()["ok"], answer.text
