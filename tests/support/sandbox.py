"""A running sandbox for tests: masters who come in, the shop's side, and time that is skipped while nothing happens.

Everything between the parts is real HTTP and gRPC. The clock of all parts is one (`clock`), and whenever nothing is
under way it jumps to the next thing that is due. So the pace of two requests a second, the leases and the pauses
between retries hold to the letter, and a conversation takes as long as its work.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from types import MappingProxyType
from typing import Any, Unpack

import httpx

from infra.invites import VALID, invite_link
from infra.local.cloud_tasks.model import TaskRecord
from infra.local.portal.app import Portal
from infra.local.portal.options import PortalOptions
from infra.local.sandbox import environment
from infra.local.sandbox.options import PLAIN, SandboxOptions
from infra.local.sandbox.sandbox import MakeContainer, Sandbox
from infra.local.serving import Serving
from infra.local.telegram.sim import TelegramSim
from shared.bitrix.client import BitrixClient
from shared.clock import Now
from shared.entry.container import Container
from shared.entry.setting_views import PortalSettings, TaskSettings
from shared.entry.wiring.base import Parts
from shared.entry.wiring.portal import log_call
from shared.pipeline.cloud_tasks import CloudTasks
from shared.pipeline.tasks import TaskQueue
from shared.settings import Dialect, Settings
from tests.support.clock import SkippingClock
from tests.support.door import LONGEST
from tests.support.events import Post, events_of
from tests.support.master import Master
from tests.support.shop import Shop

LOOK = 0.004
"""Real seconds between two looks whether there is anything to wait for."""

TOKEN = timedelta(seconds=0.5)
"""How often the queue of permits lets one go."""

LEASES_END = 120.0
"""Seconds after which no lease lasts any more, and what lay under it is overdue for housekeeping."""

QUEUES = (environment.BITRIX_QUEUE, environment.TELEGRAM_QUEUE)

# Across all sandboxes of the process, so that nobody is taken for somebody of another one.
_user_ids = count(700_001)
_buyers = count(9001)


class World:
    """What a test needs of a running sandbox."""

    def __init__(self, sandbox: Sandbox, clock: SkippingClock, http: httpx.AsyncClient) -> None:
        assert sandbox.portal is not None
        assert sandbox.telegram is not None
        self.sandbox = sandbox
        self.clock = clock
        self.http = http
        self.portal: Portal = sandbox.portal
        self.telegram: TelegramSim = sandbox.telegram
        self.addresses: dict[str, Any] = sandbox.addresses
        self.dialect = self.container.settings.bitrix_dialect
        self.events = events_of(self.dialect)
        self.shop = Shop(http, self.addresses["portal"], self.dialect, self._skips)
        self._patient = False

    @property
    def container(self) -> Container:
        return self.sandbox.container

    def stranger(self, buyer: str | None = None, valid: timedelta = VALID) -> Master:
        """Somebody nobody has seen before, with an invite as `buyer` (a new one unless told otherwise)."""
        buyer = str(next(_buyers)) if buyer is None else buyer
        secret = environment.SECRETS["INVITE_SECRET"]
        invite = invite_link(environment.BOT_USERNAME, buyer, secret, timedelta(seconds=self.clock.skipped) + valid)
        return Master(self.http, self.addresses["telegram"], next(_user_ids), buyer, invite)

    async def master(self, buyer: str | None = None) -> Master:
        master = self.stranger(buyer)
        await master.comes_in()
        return master

    async def masters(self, number: int) -> list[Master]:
        """Several masters, each another buyer."""
        masters = [self.stranger() for _ in range(number)]
        await asyncio.gather(*(master.comes_in() for master in masters))
        return masters

    async def telegram_requests(self, since: datetime | None = None) -> list[dict[str, Any]]:
        answer = (await self.http.get(f"{self.addresses['telegram']}/_sim/requests")).json()
        return [call for call in answer["requests"] if since is None or datetime.fromisoformat(call["at"]) >= since]

    async def telegram_fails(self, kind: str, **how: object) -> None:
        """Have the next Bot API requests fail (`count`, `method`, `retry_after`)."""
        response = await self.http.post(f"{self.addresses['telegram']}/_sim/faults", json={"kind": kind, **how})
        assert response.is_success, response.text

    async def update_of(self, act: Mapping[str, Any]) -> dict[str, Any]:
        answer = (await self.http.get(f"{self.addresses['telegram']}/_sim/updates")).json()
        return next(update["body"] for update in answer["updates"] if update["update_id"] == act["update_ids"][0])

    async def calls(
        self, function: str, content: bytes | Mapping[str, Any] = b"{}", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Call a function, with the secrets that go there unless other headers are given."""
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        if headers is None:
            headers = {"X-Telegram-Bot-Api-Secret-Token": environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"]}
        url = self.addresses["functions"][function]
        return await self.http.post(url, content=body, headers=headers, timeout=LONGEST)

    async def posts(self, post: Post) -> httpx.Response:
        return await self.calls("bitrix_webhook", post.body, post.headers)

    def loses_order(self, order_id: str) -> None:
        """The portal has no such order any more."""
        if self.dialect is Dialect.CONTRACT:
            del self.portal.shop.orders._orders[order_id]
        else:
            del self.portal.native.ledger._orders[int(order_id)]

    async def rests(self) -> None:
        """Wait until nothing is under way or waiting anywhere: updates, events, tasks."""
        await eventually(self._is_at_rest, "the system comes to rest")

    async def _is_at_rest(self) -> bool:
        busy = self.telegram.mailbox.pending() or self.portal.webhooks._lanes or any(map(self._tasks, QUEUES))
        return not busy

    @contextmanager
    def without_permits(self) -> Iterator[None]:
        """Hand out no permits for a while, so that work piles up."""
        self.sandbox.queue.queue(environment.BITRIX_QUEUE).paused = True
        try:
            with self.without_skipping():
                yield
        finally:
            self.sandbox.queue.queue(environment.BITRIX_QUEUE).paused = False
            self.sandbox.queue._queues.wake(environment.BITRIX_QUEUE)

    async def recovers(self) -> None:
        """Let every lease of a dead worker end, and have the broom sweep, as often as it takes."""
        for _ in range(3):
            await self.rests()
            self.clock.skip(LEASES_END)
            assert (await self.calls("housekeeping", b"")).is_success
        await self.rests()

    @contextmanager
    def without_skipping(self) -> Iterator[None]:
        """Let time pass by itself for a while."""
        self._patient = True
        try:
            yield
        finally:
            self._patient = False

    async def _skips(self, seconds: float) -> None:
        self.clock.skip(seconds)

    async def skip_for_ever(self) -> None:
        """Jump to what is next whenever nothing is under way."""
        while True:
            await asyncio.sleep(LOOK)
            if not self._patient:
                self.clock.skip(self._idle_seconds())

    def _tasks(self, queue: str) -> int:
        return len(self.sandbox.queue.queue(queue).tasks)

    def _idle_seconds(self) -> float:
        """How long nothing will happen; 0 when something is under way or due, or nothing is to come.

        A permit under way holds leases, so time stands still for it. An update under way is not hurt by the moment in
        which a queue waits for its next token.
        """
        now = self.clock.now()
        states = [self.sandbox.queue.queue(name) for name in QUEUES]
        pending = self.telegram.mailbox.pending()
        if any(state.running for state in states):
            return 0.0
        moves = [state.next_move(now) for state in states]
        waits = [TOKEN if update.in_flight else update.wake_at - now for update in pending]
        waits += [timedelta(0) if isinstance(move, TaskRecord) else move for move in moves if move is not None]
        return max(0.0, min(waits, default=timedelta(0)).total_seconds())


async def eventually(is_so: Callable[[], Awaitable[bool]], what: str) -> None:
    """Look until it is so, or fail after a while."""
    ends = time.monotonic() + LONGEST
    while not await is_so():
        assert time.monotonic() < ends, f"in {LONGEST} s it did not happen that {what}"
        await asyncio.sleep(LOOK)


class Patient(Container):
    """Clients that give up on nobody who is only slow: their timeouts are real seconds.

    3 s of the portal's and 5 s of the queue's pass on a busy machine while all is well, and are «no answer» then.
    """

    def __init__(
        self, settings: Settings, now: Now, line: httpx.AsyncClient | None = None, **parts: Unpack[Parts]
    ) -> None:
        """`line`: another way to the portal than the usual one."""
        super().__init__(settings, now=now, **parts)
        self._line = line

    @cached_property
    def client(self) -> BitrixClient:
        base = self.settings.require(PortalSettings).bitrix_base_url
        line, patience = self._line or self.http, {"read_timeout": LONGEST, "write_timeout": LONGEST}
        return BitrixClient(line, base, auth=self.auth, now=self.now, on_call=log_call, **patience)

    @cached_property
    def queue(self) -> TaskQueue:
        return CloudTasks(self.settings.require(TaskSettings).cloud_tasks_emulator_host, timeout_seconds=LONGEST)

    @cached_property
    def http(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        return httpx.AsyncClient(limits=limits, timeout=LONGEST)


class OwnPortalSandbox(Sandbox):
    """A sandbox whose simulated portal may differ from the usual one."""

    different: Mapping[str, Any] = MappingProxyType({})

    def portal_options(self, serving: Serving, functions_url: str) -> PortalOptions:
        return replace(super().portal_options(serving, functions_url), **self.different)


class UnsweptSandbox(OwnPortalSandbox):
    """A sandbox whose scheduler calls nobody: the test itself does."""

    async def _scheduler(self, functions_url: str) -> None:
        """Leave out."""


@asynccontextmanager
async def running_world(
    given: Mapping[str, str] | None = None,
    make: MakeContainer = Patient,
    *,
    swept: bool = True,
    portal: Mapping[str, Any] | None = None,
    shop: str = PLAIN,
) -> AsyncIterator[World]:
    """A sandbox on free ports with an environment of its own: what this machine's environment says does not count.

    `swept`: housekeeping comes round every minute of the world's. Where faults are injected it must not, for it asks
    the portal and commits like anybody, and would meet the fault in the test's place. `portal`: what is different from
    the usual simulated one, as `PortalOptions` have it. `shop`: as `make run ARGS="--shop …"` has it.
    """
    clock = SkippingClock()
    kind = OwnPortalSandbox if swept else UnsweptSandbox
    sandbox = kind(SandboxOptions(port=0, shop=shop), given or {}, lambda _: None, clock, make)
    sandbox.different = portal or {}
    await sandbox.start()
    try:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=200, max_keepalive_connections=20)) as http:
            world = World(sandbox, clock, http)
            skipping = asyncio.create_task(world.skip_for_ever())
            try:
                yield world
            finally:
                skipping.cancel()
                await asyncio.wait([skipping])
    finally:
        await sandbox.stop()
