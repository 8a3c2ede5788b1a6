"""Masters, the bot's worker side and a simulated portal in one process, on one clock that skips.

All parts are the real ones but three: the queues, the Telegram at the far end, and the wire to the portal. Several
instances of the worker share the store, as those of a function do; each has a client, guards and a token manager of its
own.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import httpx

from infra.local.cloud_tasks.paced import PacedQueues, handing_out
from infra.local.portal import OAuthOptions, Portal, create_portal
from infra.local.sandbox import environment
from shared.assistant.bitrix_backend import BitrixBackend
from shared.assistant.telegram_delivery import TelegramDelivery
from shared.bitrix.native import NativePortal
from shared.bitrix.tokens import TokenPair
from shared.domain.orders import PaymentKind
from shared.entry import bitrix_call, bitrix_webhook, housekeeping, telegram_send
from shared.entry.container import Container
from shared.entry.http import Incoming
from shared.pipeline.decision import Decision
from shared.pipeline.tasks import QueueUnavailable, Task
from shared.pipeline.worker import Worker, WorkerLimits
from shared.settings import Settings, read_settings
from shared.store.collections import JOBS
from shared.store.memory import MemoryStore
from shared.store.port import StoreError
from shared.store.unit_of_work import UnitOfWork, decide
from shared.telegram.downloads import FileLaterError
from tests.bitrix.memory_vault import MemoryVault
from tests.chaos.phones import NETWORK, Phones
from tests.chaos.wire import Wire
from tests.support.clock import LoopClock
from tests.support.logs import listening
from tests.support.system import FUNCTIONS, LONGEST, PORTAL, portal_options, settings_of

OPERATORS = environment.OPERATORS
SWEEP = 60.0
"""Seconds between two looks for what lies about without a permit."""
PLENTY = 100_000
PAY_SYSTEMS = {PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}
DELIVERY = "3"
STAGE_MAP = {
    "EXECUTING": "WAITING_FOR_DELIVERY",
    "UC_COURIER": "SHIPPED",
    "UC_HANDED": "DELIVERED",
    "WON": "FINISHED",
    "LOSE": "CANCELED",
}
OAUTH = {
    "BITRIX_AUTH": "oauth",
    "BITRIX_BASE_URL": f"{PORTAL}/rest/",
    "BITRIX_OAUTH_URL": f"{PORTAL}/oauth/token/",
    "BITRIX_CLIENT_ID": OAuthOptions().client_id,
    "BITRIX_CLIENT_SECRET": OAuthOptions().client_secret,
    "BITRIX_TOKEN_SECRET": "bitrix-token",
}


@dataclass(frozen=True)
class Plan:
    """What a town is like.

    `kills` is the share of permits whose worker dies over it, `busy` of calls that Telegram puts off. `events`: the
    portal tells the bot what changes, and where it is native its orders make deals.
    """

    dialect: str = "native"
    oauth: bool = False
    phases: bool = False
    kills: float = 0.0
    doubled: float = 0.0
    busy: float = 0.0
    events: bool = False
    instances: int = 2

    @property
    def deals(self) -> bool:
        """Whether orders make deals."""
        return self.events and self.dialect == "native"

    @property
    def settings(self) -> dict[str, str]:
        """What the bot is told otherwise than usual."""
        stages = {"BITRIX_DEAL_STAGE_MAP": json.dumps(STAGE_MAP)} if self.deals else {}
        return {**(OAUTH if self.oauth else {}), **stages}


@dataclass
class Town:
    """Everything together; made by `running_town`. `alarms` is what the log holds that wakes a person."""

    plan: Plan
    dice: random.Random
    clock: LoopClock
    portal: Portal
    wire: Wire
    http: httpx.AsyncClient
    alarms: list[str]
    killed: int = 0
    repeated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.phones = Phones(self.dice, self.plan.busy)
        self.queues = PacedQueues(self.clock, self._permit, self._message, self.dice)
        self.queues.permits.doubled = self.plan.doubled
        self.wire.events = {httpx.URL(FUNCTIONS).host: self._event}
        settings = read_settings(settings_of(self.plan.dialect) | self.plan.settings)
        vault = MemoryVault()
        self.instances = [self._instance(settings, vault) for _ in range(self.plan.instances)]
        self.workers = [self._worker(here) for here in self.instances]

    def _instance(self, settings: Settings, vault: MemoryVault) -> Container:
        here = Container(
            settings,
            now=self.clock.now,
            timer=self.clock.monotonic,
            http=self.http,
            store=self.store,
            queue=self.queues,
            vault=vault,
            delivery=cast("TelegramDelivery", self.phones),
        )
        if self.plan.phases:
            assert isinstance(here.portal, NativePortal)
            here = here.override(portal=NativePortal(replace(here.portal.settings, phases=True)))
        return here

    def _worker(self, here: Container) -> Worker:
        """Serves permits as the container's own does, but for the files, and nobody is told that there is a queue."""
        line = here.connection
        backend = BitrixBackend(line.client, self.clock.now, self.file)
        limits = WorkerLimits(6, batch=lambda: line.batch_size.size)
        kinds = here._job_handlers()
        return Worker(self.store, backend, kinds, here.tasks, here.outbox, self.clock, limits, backlog=here.backlog)

    async def commits(self, make_decision: Callable[[UnitOfWork], Awaitable[Decision]]) -> None:
        decision, _ = await decide(self.store, self.clock, make_decision)
        await self.instances[0].tasks.permit(decision.permits)

    async def rests(self) -> None:
        """Wait until no job is open, with the broom going round meanwhile."""
        ends = self.clock.monotonic() + LONGEST
        while await self.store.due(JOBS.name, self.clock.now() + timedelta(days=30), 1) or not self.queues.idle:
            assert self.clock.monotonic() < ends, "the town does not come to rest"
            await self.clock.sleep(SWEEP)
            await housekeeping.sweep(self.instances[0])

    async def file(self, file_id: str) -> bytes:
        """Return a file that a master sent, unless Telegram has no time for it."""
        await asyncio.sleep(NETWORK)
        if self.dice.random() < self.plan.busy:
            raise FileLaterError("Too Many Requests", 1.0)
        return content_of(file_id)

    async def _permit(self, task: Task) -> bool:
        """What `bitrix_call` does."""
        headers = {name.lower(): value for name, value in task.headers.items()}
        late = bitrix_call.late_since(self.clock.now(), headers)
        return await self._outlives(self.dice.choice(self.workers).serve(late=late))

    async def _message(self, task: Task) -> bool:
        return await self._outlives(telegram_send.receive(self.instances[0], Incoming({}, task.body)))

    async def _event(self, request: httpx.Request) -> httpx.Response:
        """What `bitrix_webhook` does."""
        incoming = Incoming({name.lower(): value for name, value in request.headers.items()}, await request.aread())
        done = await self._outlives(bitrix_webhook.receive(self.dice.choice(self.instances), incoming))
        return httpx.Response(200 if done else 503)

    async def _outlives(self, work: Awaitable[object]) -> bool:
        """Do the work, unless its process dies over it; tell whether it was done."""
        doing = asyncio.ensure_future(work)
        if self.dice.random() < self.plan.kills:
            await self._last_moment(doing)
            self.killed += doing.cancel()
        await asyncio.wait([doing])
        if doing.cancelled():
            return False
        error = doing.exception()
        if error is None:
            return True
        if not isinstance(error, StoreError | QueueUnavailable):
            raise error
        self.repeated.append(repr(error))
        return False

    async def _last_moment(self, doing: asyncio.Future[object]) -> None:
        """Wait for a random await of the work: at once, soon, or while the portal is at it."""
        soon, late = self.dice.uniform(0.0, 0.6), self.dice.uniform(0.0, 70.0)
        await asyncio.wait([doing], timeout=self.dice.choice((0.0, soon, soon, late)))
        for _ in range(self.dice.randrange(60)):
            await asyncio.sleep(0)


def content_of(file_id: str) -> bytes:
    """Return what is in a file that a master sent: nothing else has the same."""
    return f"the picture {file_id}".encode()


@asynccontextmanager
async def running_town(plan: Plan, dice: random.Random) -> AsyncIterator[Town]:
    """Run a town whose shelves are full. Leaves nothing running; fails if the portal itself broke."""
    clock = LoopClock()
    wire = Wire(clock, dice)
    async with httpx.AsyncClient(transport=wire) as http:
        told = {} if plan.events else {"webhook_url": None}
        portal = create_portal(portal_options(plan.dialect, **told), clock=clock, http=http)
        portal.native.ledger.deals.on = plan.deals
        wire.app = portal.app
        for product in portal.shop.catalogue.all():
            product.stock = dict.fromkeys(product.stock, PLENTY)
        with listening(level=logging.ERROR) as alarms:
            town = Town(plan, dice, clock, portal, wire, http, alarms.texts)
            async with _going(town):
                yield town
        await portal.close()
    assert wire.crashes == []


@asynccontextmanager
async def _going(town: Town) -> AsyncIterator[None]:
    """Give the bot the token pair of the application's installation, and have the queues hand out."""
    token_managers = [here.token_manager for here in town.instances if here.token_manager is not None]
    if token_managers:
        grant = town.portal.tokens.issue()
        ends = town.clock.now() + timedelta(seconds=grant.expires_in)
        await token_managers[0].install(TokenPair(grant.access_token, grant.refresh_token, ends))
    async with AsyncExitStack() as closing:
        for token_manager in token_managers:
            closing.push_async_callback(token_manager.close)
        await closing.enter_async_context(handing_out(town.queues))
        yield
