"""How long masters wait who all search at once, and how many requests their answers take.

The whole system in this process, over real HTTP and in real time, with the queue's pace and the simulated portal's own
times. A wait is from the update to the message with what was found.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.bench.cold import SECRET_HEADER, said_in_dialogue
from infra.bench.figures import Case, Round, Table
from infra.bench.outside import MESSAGES, SENT
from infra.local.sandbox.options import SandboxOptions
from infra.local.sandbox.sandbox import Sandbox
from infra.local.serving import Serving, bind
from shared.domain import masters
from shared.domain.masters import Master
from shared.store.unit_of_work import UnitOfWork

FIRST = 700_001
SECONDS = 120.0
"""Until all must have their answers."""

UNITS = {"p50": "s", "p95": "s", "requests": ""}
NOTES = (
    "native dialect; queue of two permits a second; all parts share one process, so its CPU is part of the waits",
    "by the pace alone, on a clock that skips, the third is 4 requests and 2 s (`tests/chaos/test_rush.py`)",
)


@dataclass
class _Chats:
    """A Bot API that remembers when each chat got a message with buttons: what was found has some, a notice none."""

    answered: dict[int, float] = field(default_factory=dict)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def wait(self, count: int) -> None:
        """Return when so many chats have their answers."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.answered) >= count)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._taken, methods=["POST"])])

    async def _taken(self, request: Request) -> Response:
        said = request.url.path.rpartition("/")[2] in MESSAGES
        told = parse_qs((await request.body()).decode())
        if said and "reply_markup" in told:
            self.answered.setdefault(int(told["chat_id"][0]), time.perf_counter())
            async with self._news:
                self._news.notify_all()
        return JSONResponse({"ok": True, "result": SENT if said else True})


@dataclass(frozen=True)
class Rush:
    """So many masters, of whom each asks for one of so many words."""

    name: str
    masters: int
    words: int
    goal: str = ""


RUSHES = (
    Rush("100 masters, 100 different words", 100, 100),
    Rush("one master", 1, 1),
    Rush("100 masters, 16 different words", 100, 16, "≤ 4 requests, p95 ≤ 2.5 s"),
    Rush("400 masters, 16 different words", 400, 16, "≤ 8 requests, p95 ≤ 5 s"),
)


async def run(rounds: int) -> Table:
    """Measure every rush `rounds` times, in turns."""
    taken = [[await _measure(rush) for rush in RUSHES] for _ in range(rounds)]
    cases = [Case(rush.name, [one[n] for one in taken], rush.goal) for n, rush in enumerate(RUSHES)]
    return Table("pipeline", UNITS, cases, NOTES)


async def _measure(rush: Rush) -> Round:
    async with _system() as (sandbox, chats):
        await _enrol(sandbox, rush.masters)
        assert sandbox.portal is not None  # noqa: S101 - ours
        words = _words(sandbox, rush.words)
        before = len(sandbox.portal.rest.calls.since())
        began = await _ask(sandbox, [words[number % len(words)] for number in range(rush.masters)])
        async with asyncio.timeout(SECONDS):
            await chats.wait(rush.masters)
        requests = len(sandbox.portal.rest.calls.since()) - before
    waits = sorted(chats.answered[who] - at for who, at in began.items())
    cuts = quantiles(waits, n=20, method="inclusive") if len(waits) > 1 else waits * 19
    return {"p50": cuts[9], "p95": cuts[18], "requests": requests}


@asynccontextmanager
async def _system() -> AsyncIterator[tuple[Sandbox, _Chats]]:
    """Run the sandbox with a Bot API that only notes."""
    chats, bot_api = _Chats(), Serving(bind(0))
    await bot_api.start(chats.app())
    options = SandboxOptions(port=0, telegram_api=bot_api.url)
    sandbox = Sandbox(options, {"BITRIX_DIALECT": "native", "LOG_LEVEL": "ERROR"}, lambda _: None)
    await sandbox.start()
    try:
        yield sandbox, chats
    finally:
        await sandbox.stop()
        await bot_api.stop()


async def _enrol(sandbox: Sandbox, count: int) -> None:
    store, now = sandbox.container.store, sandbox.container.now
    for who in range(FIRST, FIRST + count):
        unit = UnitOfWork(store, now)
        await masters.load(unit, who)
        Master(who, "17", "Иван", now()).save(unit)
        await unit.commit()


def _words(sandbox: Sandbox, count: int) -> Sequence[str]:
    """Return so many queries that find goods."""
    assert sandbox.portal is not None  # noqa: S101 - ours
    names = [" ".join(one.name.split()[:3]) for one in sandbox.portal.shop.catalogue.all()]
    return list(dict.fromkeys(names))[:count]


async def _ask(sandbox: Sandbox, queries: Sequence[str]) -> dict[int, float]:
    """Have each master ask, all at once; return when each did."""
    address = sandbox.addresses["functions"]["telegram_update"]
    headers = {SECRET_HEADER: sandbox.variables["TELEGRAM_WEBHOOK_SECRET"]}
    began: dict[int, float] = {}

    async def ask(number: int, query: str) -> None:
        body = json.dumps(said_in_dialogue(FIRST + number, query, number))
        began[FIRST + number] = time.perf_counter()
        (await http.post(address, content=body, headers=headers)).raise_for_status()

    # Telegram's usual forty connections.
    limits = httpx.Limits(max_connections=40)
    async with httpx.AsyncClient(timeout=SECONDS, limits=limits) as http:
        await asyncio.gather(*(ask(number, query) for number, query in enumerate(queries)))
    return began
