"""Masters, the bot's worker side and a simulated portal in one process, on one clock that skips.

All parts are the real ones but three: the queues, the Telegram at the far end, and the wire to the portal. Several
instances of the worker share the store, as those of a function do; each has a client, guards and a token keeper of its
own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx

from infra.local.portal import NativeOptions, OAuthOptions, Portal, PortalOptions, create_portal
from shared.assistant.bitrix_backend import BitrixBackend
from shared.assistant.job_registry import job_handlers
from shared.bitrix.auth import Auth, TokenAuth, WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.limits import BatchSize, CircuitBreaker, LimitedClient, MethodPauses, RateLimiter
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.portal import Portal as Dialect
from shared.bitrix.tokens import OAuthServer, TokenManager, TokenPair
from shared.domain.orders import PaymentKind
from shared.entry.housekeeping import MOST, OVERDUE
from shared.pipeline.outbox import Outbox, left_to_do
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.tasks import QueueUnavailable, Task
from shared.pipeline.worker import Worker, WorkerLimits
from shared.store.collections import JOBS
from shared.store.memory import MemoryStore
from shared.store.port import Key, StoreError
from shared.telegram.downloads import FileLaterError
from tests.bitrix.memory_vault import MemoryVault
from tests.chaos.phones import NETWORK, Phones
from tests.chaos.wire import Wire
from tests.support.clock import LoopClock
from tests.support.logs import Heard
from tests.support.queues import Pace as QueuePace
from tests.support.queues import PacedQueue

BITRIX, TELEGRAM = "queues/bitrix", "queues/telegram"
PORTAL = "https://portal.example"
OPERATORS = -100500
SWEEP = 60.0
"""Seconds between two runs of housekeeping."""
LONGEST = timedelta(hours=6)
"""Time of the town until a test gives up waiting for its rest."""
PLENTY = 100_000
PAY_SYSTEMS = {PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}
DELIVERY = "3"
FOLDER = PortalOptions().disk_folder_id


@dataclass(frozen=True)
class Plan:
    """What a town is like.

    `kills` is the share of permits whose worker dies over it, `busy` of calls that Telegram puts off.
    """

    dialect: str = "native"
    oauth: bool = False
    phases: bool = False
    kills: float = 0.0
    doubled: float = 0.0
    busy: float = 0.0
    instances: int = 2


@dataclass
class Town:
    """Everything together; made by `running_town`."""

    plan: Plan
    dice: random.Random
    clock: LoopClock
    store: MemoryStore
    portal: Portal
    wire: Wire
    phones: Phones
    http: httpx.AsyncClient
    vault: MemoryVault = field(default_factory=MemoryVault)
    alarms: Heard = field(default_factory=lambda: Heard(logging.ERROR))
    killed: int = 0
    repeated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tasks = TaskScheduler(self, bitrix=(BITRIX, PORTAL), telegram=(TELEGRAM, PORTAL), service_account=None)
        self.outbox = Outbox(self.store, self.tasks, self.phones, self.clock)
        self.permits = PacedQueue(self.clock, self._permit, self.dice, doubled=self.plan.doubled)
        self.messages = PacedQueue(self.clock, self._message, self.dice, QueuePace(25.0, 25.0, 25.0), 25)
        self.dialect = dialect_of(self.plan)
        self.keepers = [self._keeper() for _ in range(self.plan.instances)] if self.plan.oauth else []
        self.workers = [self._worker(number) for number in range(self.plan.instances)]

    async def add(self, task: Task) -> None:
        """Take a task, as `TaskQueue`."""
        await asyncio.sleep(0)
        queue = self.permits if task.queue == BITRIX else self.messages
        queue.add(task, task.schedule_at or self.clock.now())

    async def rests(self) -> None:
        """Wait until no job is open, with the broom going round meanwhile."""
        ends = self.clock.now() + LONGEST
        while await self.store.due(JOBS.name, self.clock.now() + timedelta(days=30), 1) or not self._idle():
            assert self.clock.now() < ends, "the town does not come to rest"
            await self.clock.sleep(SWEEP)
            overdue = await self.store.due(JOBS.name, self.clock.now() - OVERDUE, MOST)
            await self.tasks.permit([self.clock.now()] * len(overdue))

    async def file(self, file_id: str) -> bytes:
        """Return a file that a master sent, unless Telegram has no time for it."""
        await asyncio.sleep(NETWORK)
        if self.dice.random() < self.plan.busy:
            raise FileLaterError("Too Many Requests", 1.0)
        return content_of(file_id)

    def _idle(self) -> bool:
        return self.permits.idle and self.messages.idle

    async def _permit(self, _task: Task) -> bool:
        """What `bitrix_call` does."""
        return await self._outlives(self.dice.choice(self.workers).serve())

    async def _message(self, task: Task) -> bool:
        """What `telegram_send` does."""
        body = json.loads(task.body)
        return await self._outlives(self._go_on(Key(body["collection"], body["id"])))

    async def _go_on(self, key: Key) -> None:
        record = await self.store.get(key)
        if record is not None and left_to_do(record.data):
            await self.outbox.settle(record)

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

    def _keeper(self) -> TokenManager:
        oauth = OAuthOptions()
        server = OAuthServer(
            self.http, f"{PORTAL}/oauth/token/", oauth.client_id, oauth.client_secret, now=self.clock.now
        )
        return TokenManager(self.store, self.vault, server, "bitrix-token", now=self.clock.now)

    def _worker(self, number: int) -> Worker:
        options = PortalOptions()
        auth: Auth = WebhookAuth()
        base = f"{PORTAL}/rest/{options.webhook_user}/{options.webhook_key}/"
        if self.keepers:
            keeper, base = self.keepers[number], f"{PORTAL}/rest/"
            auth = TokenAuth(keeper.current, keeper.expired)
        batch_size = BatchSize()
        guarded = LimitedClient(
            BitrixClient(self.http, base, auth=auth, now=self.clock.now),
            bucket=RateLimiter(),
            pauses=MethodPauses(self.store, self.clock.now),
            breaker=CircuitBreaker(self.store, self.clock.now),
            batch_size=batch_size,
            now=self.clock.now,
            timer=self.clock.monotonic,
        )
        return Worker(
            self.store,
            BitrixBackend(guarded, self.clock.now, self.file),
            job_handlers(self.dialect, OPERATORS, ZoneInfo("Europe/Moscow")),
            self.tasks,
            self.outbox,
            self.clock,
            WorkerLimits(6, batch=lambda: batch_size.size),
        )


def content_of(file_id: str) -> bytes:
    """Return what is in a file that a master sent: nothing else has the same."""
    return f"the picture {file_id}".encode()


def dialect_of(plan: Plan) -> Dialect:
    """Return the way to speak to the plan's portal."""
    if plan.dialect == "contract":
        return ContractPortal(ContractSettings(pay_systems=PAY_SYSTEMS, delivery_id=DELIVERY, disk_folder_id=FOLDER))
    native = NativeOptions()
    return NativePortal(
        NativeSettings(
            iblock_id=str(native.iblock_id),
            price_type_id=str(native.price_type_id),
            person_type_id=str(native.person_type_id),
            pay_systems=PAY_SYSTEMS,
            delivery_id=DELIVERY,
            address_property_id=str(native.address_property),
            phone_property_id=str(native.phone_property),
            returns_entity_type_id=str(native.returns_entity_type_id),
            returns_category_id=str(native.returns_category_id),
            disk_folder_id=FOLDER,
            phases=plan.phases,
        )
    )


def portal_options(plan: Plan) -> PortalOptions:
    """Return what the simulated portal is told."""
    if plan.dialect == "contract":
        return PortalOptions(dialect="contract")
    return PortalOptions(dialect="native")


@asynccontextmanager
async def running_town(plan: Plan, dice: random.Random) -> AsyncIterator[Town]:
    """Run a town whose shelves are full. Leaves nothing running; fails if the portal itself broke."""
    clock = LoopClock()
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _request: httpx.Response(500))) as nowhere:
        portal = create_portal(portal_options(plan), clock=clock, http=nowhere)
        for product in portal.shop.catalogue.all():
            product.stock = dict.fromkeys(product.stock, PLENTY)
        wire = Wire(portal.app, clock, dice)
        async with httpx.AsyncClient(transport=wire) as http:
            store = MemoryStore(clock)
            town = Town(plan, dice, clock, store, portal, wire, Phones(dice, plan.busy), http)
            await _install(town)
            async with _going(town):
                yield town
        await portal.close()
    assert wire.crashes == []


async def _install(town: Town) -> None:
    """Give the bot the token pair of the application's installation."""
    if town.keepers:
        grant = town.portal.tokens.issue()
        ends = town.clock.now() + timedelta(seconds=grant.expires_in)
        await town.keepers[0].install(TokenPair(grant.access_token, grant.refresh_token, ends))


@asynccontextmanager
async def _going(town: Town) -> AsyncIterator[None]:
    """Have the queues hand out and the alarms listen."""
    queues = (town.permits, town.messages)
    handing: Sequence[asyncio.Task[None]] = [asyncio.create_task(queue.hand_out()) for queue in queues]
    logging.getLogger().addHandler(town.alarms)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(town.alarms)
        for task in handing:
            task.cancel()
        await asyncio.gather(*handing, return_exceptions=True)
        for queue in queues:
            await queue.close()
        for keeper in town.keepers:
            await keeper.close()
