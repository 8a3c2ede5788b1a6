"""The sandbox with each function as a process of its own, on the official Firestore emulator; and what strikes it."""

# ruff: noqa: S311 - test dice are not cryptography

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from infra.local.firestore_emulator import FirestoreEmulator
from infra.local.portal.app import Portal
from infra.local.portal.options import PortalOptions
from infra.local.sandbox import environment
from infra.local.sandbox.options import SandboxOptions
from infra.local.sandbox.sandbox import Sandbox
from infra.local.serving import Serving, bind
from infra.local.telegram.sim import TelegramSim
from shared.store.collections import DEAD_LETTERS, JOBS
from tests.kill.books import Said
from tests.kill.fleet import Fleet
from tests.kill.lines import Line
from tests.kill.schedule import Blow, Target, blows
from tests.kill.slowness import SlowClock, Slowness

LOGS = Path("build/kill")
"""Where the processes log to; of the last run."""

BLOWS, SAID = LOGS / "blows.txt", LOGS / "said.txt"
"""Of the last run too: what struck whom, and what Telegram took as new messages, each with its moment."""

PLENTY = 100_000
LONGEST_REQUEST = 120.0


@dataclass(frozen=True)
class Plan:
    """What a run is told.

    `every`: seconds between two kills, `rest`: how much longer than usual long blows are apart, `pace`: requests a
    second that the portal takes.
    """

    dialect: str
    seed: int
    orders: int
    masters: int
    every: float
    rest: float
    pace: float
    slowness: Slowness


class KillSandbox(Sandbox):
    """A sandbox whose functions are elsewhere, and whose Firestore can be stopped."""

    fleet: Fleet
    firestore: FirestoreEmulator
    public_url = ""
    """Of the portal, as the functions see it: by its line, pictures too."""

    def portal_options(self, serving: Serving, functions_url: str) -> PortalOptions:
        rate = float(self.variables["BITRIX_CALLS_PER_SECOND"])
        return replace(super().portal_options(serving, functions_url), public_url=self.public_url, rate=rate)

    def functions(self) -> ASGIApp:
        """Start the processes, and return the front before them."""
        self.fleet.start(self.variables)
        self._stack.callback(self.fleet.stop)
        return self.fleet

    async def _firestore(self) -> str:
        self.firestore = FirestoreEmulator(patience=300.0)
        await asyncio.to_thread(self.firestore.start)
        self._stack.callback(self.firestore.stop)
        return self.firestore.host


class Storm:
    """Everything together, and the blows that fall on it until `calm`."""

    def __init__(self, sandbox: KillSandbox, lines: dict[str, Line], plan: Plan) -> None:
        assert sandbox.portal is not None
        assert sandbox.telegram is not None
        self.sandbox, self.fleet = sandbox, sandbox.fleet
        self.portal: Portal = sandbox.portal
        self.telegram: TelegramSim = sandbox.telegram
        self.plan = plan
        self.struck: Counter[Target] = Counter()
        self._lines = lines
        self._lasting: set[asyncio.Task[None]] = set()
        self._striking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Let the blows of the seed fall from now on."""
        BLOWS.unlink(missing_ok=True)
        self._striking = asyncio.create_task(self._strike_on())

    async def calm(self) -> None:
        """Strike no more, and wait until what lasts is over."""
        if self._striking is not None:
            self._striking.cancel()
            await asyncio.wait([self._striking])
            if not self._striking.cancelled():
                self._striking.result()
        await asyncio.gather(*self._lasting)

    async def open_jobs(self) -> int:
        """Return how many jobs are not done; a thousand at most."""
        here = self.sandbox.container
        return len(await here.store.due(JOBS.name, here.now().replace(year=here.now().year + 1), 1000))

    async def dead_letters(self) -> int:
        here = self.sandbox.container
        return len(await here.store.due(DEAD_LETTERS.name, here.now().replace(year=here.now().year + 1), 1000))

    @property
    def tasks(self) -> int:
        """How many tasks wait in both queues."""
        return sum(len(self.sandbox.queue.queue(name).tasks) for name in QUEUES)

    async def _strike_on(self) -> None:
        loop = asyncio.get_running_loop()
        begun, names = loop.time(), [one.name for one in self.fleet.instances]
        for blow in blows(self.plan.seed, names, self.plan.every, self.plan.rest):
            await asyncio.sleep(begun + blow.at - loop.time())
            self.struck[blow.target] += 1
            task = asyncio.create_task(self._fall(blow))
            self._lasting.add(task)
            task.add_done_callback(self._lasting.discard)

    async def _fall(self, blow: Blow) -> None:
        said = f"{self.sandbox.container.now():%H:%M:%S} {blow.target} {blow.name}".rstrip()
        with BLOWS.open("a") as kept:
            print(said, file=kept)
        if blow.target is not Target.PROCESS:
            print(f"  {said}", flush=True)  # noqa: T201 - for who waits
        if blow.target is Target.PROCESS:
            self.fleet.kill(blow.name)
        elif blow.target is Target.QUEUE:
            for name in QUEUES:
                self.sandbox.queue.queue(name).purge(self.sandbox.container.now())
        elif blow.target is Target.FIRESTORE:
            await self._stands_still(blow.seconds)
        else:
            line = self._lines["portal" if blow.target in PORTAL else "telegram"]
            line.shut(takes=blow.target in MUTE)
            await asyncio.sleep(blow.seconds)
            line.open()

    async def _stands_still(self, seconds: float) -> None:
        group = self.sandbox.firestore.process_group
        assert group is not None
        os.killpg(group, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.killpg(group, signal.SIGCONT)


QUEUES = (environment.BITRIX_QUEUE, environment.TELEGRAM_QUEUE)
PORTAL = (Target.PORTAL_DEAF, Target.PORTAL_MUTE)
MUTE = (Target.PORTAL_MUTE, Target.TELEGRAM_MUTE)


@asynccontextmanager
async def running_storm(plan: Plan) -> AsyncIterator[Storm]:
    """Start everything, at rest; nothing is struck yet. Leaves nothing running."""
    lines = {"portal": Line(lambda: _app(sandbox.portal)), "telegram": Line(lambda: _app(sandbox.telegram))}
    servings = {name: Serving(bind(0)) for name in lines}
    given = {
        "BITRIX_DIALECT": plan.dialect,
        "BITRIX_CALLS_PER_SECOND": str(plan.pace),
        "BITRIX_BASE_URL": environment.rest(servings["portal"].url),
        "TELEGRAM_API_BASE": servings["telegram"].url,
    }
    sandbox = KillSandbox(SandboxOptions(port=0, firestore=True), given, clock=SlowClock(plan.slowness))
    sandbox.public_url = servings["portal"].url
    async with httpx.AsyncClient(timeout=LONGEST_REQUEST, limits=httpx.Limits(max_connections=500)) as http:
        sandbox.fleet = Fleet(LOGS, http, random.Random(plan.seed), plan.slowness)
        try:
            for name, line in lines.items():
                await servings[name].start(line)
            await sandbox.start()
            storm = Storm(sandbox, lines, plan)
            _furnish(storm)
            yield storm
        finally:
            await sandbox.stop()
            for serving in servings.values():
                await serving.stop()


def _app(simulator: Portal | TelegramSim | None) -> ASGIApp:
    assert simulator is not None
    return simulator.app


def _furnish(storm: Storm) -> None:
    """Fill the shelves, and have nothing of the calls forgotten."""
    for product in storm.portal.shop.catalogue.all():
        product.stock = dict.fromkeys(product.stock, PLENTY)
    storm.telegram.calls.log = deque()


def new_messages(storm: Storm) -> Sequence[Said]:
    """Return every message that Telegram took as a new one, but for the whole orders that a master asks to see."""
    taken = [call for call in storm.telegram.calls.log if call.status == HTTPStatus.OK and call.method == "sendMessage"]
    said = [Said(int(one.params["chat_id"]), one.params.get("text", ""), f"{one.at:%H:%M:%S}") for one in taken]
    return [one for one in said if "Итого" not in one.text]
