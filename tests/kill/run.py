"""`make kill`: masters order, pay and return while the processes of the functions are killed; prints the books.

`ORDERS` (1000), `DIALECT` (native or contract), `SEED` (1), `MASTERS` (80), `KILL_EVERY` (3.5 seconds), `REST` (2:
long blows are twice as far apart as they may be), `PACE` (5 requests a second that the portal takes; with 2 the portal
alone needs 45 minutes for a thousand orders), `SLOW` (1; on a busy machine more: so long lasts each second of all
this). Ends with 1 when the books do not balance.
"""

# ruff: noqa: S311, T201 - test dice are not cryptography; the books are printed

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping

import httpx

from shared.status import Status
from tests.kill.books import Made, OrderBook, messages, orders
from tests.kill.people import Ledger, Shopper, managers_edit
from tests.kill.schedule import EVERY
from tests.kill.slowness import Slowness
from tests.kill.world import LOGS, SAID, Plan, Storm, new_messages, running_storm

SETTLES = 900.0
"""Seconds after the last blow within which nothing may be under way any more."""

LOOK = 10.0
STALE = ("Оформляем", "Проверьте заказ")
"""What the message of an order that was made must not show in the end."""


def plan_of(given: Mapping[str, str]) -> Plan:
    """Return the plan that these variables make."""
    return Plan(
        dialect=given.get("DIALECT", "native"),
        seed=int(given.get("SEED", "1")),
        orders=int(given.get("ORDERS", "1000")),
        masters=int(given.get("MASTERS", "80")),
        every=float(given.get("KILL_EVERY", str(EVERY))),
        rest=float(given.get("REST", "2")),
        pace=float(given.get("PACE", "5")),
        slowness=Slowness(float(given.get("SLOW", "1")), time.time()),
    )


async def main(plan: Plan) -> int:
    """Run one storm. SIGTERM ends it like Ctrl+C: it leaves nothing running."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    begun = time.monotonic()
    async with running_storm(plan) as storm, httpx.AsyncClient(timeout=60, limits=_MANY) as http:
        ledger = Ledger()
        shoppers = [Shopper(storm, http, ledger, number) for number in range(min(plan.masters, plan.orders))]
        await _go_on(storm, shoppers, [f"Тверь, ул. Советская, {number}" for number in range(plan.orders, 0, -1)])
        settled = await _settles(storm)
        took = f"in {time.monotonic() - begun:.0f} s; settled in {settled:.0f} s"
        print(f"{plan.dialect}, seed {plan.seed}, {plan.orders} orders of {len(shoppers)} masters {took}")
        return await _report(storm, ledger)


_MANY = httpx.Limits(max_connections=500)


async def _go_on(storm: Storm, shoppers: list[Shopper], addresses: list[str]) -> None:
    """Let all masters work through the addresses in the storm."""
    storm.begin()
    editing = asyncio.create_task(managers_edit(storm, random.Random(storm.plan.seed)))
    telling = asyncio.create_task(_tell(storm, addresses))
    await asyncio.gather(*(shopper.works(addresses) for shopper in shoppers))
    for task in (editing, telling):
        task.cancel()
    await asyncio.wait([editing, telling])
    await storm.calm()


async def _tell(storm: Storm, addresses: list[str]) -> None:
    while True:
        await asyncio.sleep(30.0)
        made, kills = len(storm.portal.front.orders.all()), sum(one.kills for one in storm.fleet.instances)
        print(f"  {made} orders made, {len(addresses)} not begun, {kills} kills, {storm.tasks} tasks", flush=True)


async def _settles(storm: Storm) -> float:
    """Wait until no job is open, and return how long that took."""
    begun = time.monotonic()
    while True:
        passed = time.monotonic() - begun
        if passed > SETTLES or not await storm.open_jobs():
            return passed
        await asyncio.sleep(LOOK)


async def _report(storm: Storm, ledger: Ledger) -> int:
    book = orders(ledger.wanted, _made(storm))
    said = new_messages(storm)
    SAID.write_text("\n".join(f"{one.at} {one.chat} {' / '.join(one.text.splitlines())}" for one in said))
    news = messages(ledger.news, said)
    stuck, letters, stale = await storm.open_jobs(), await storm.dead_letters(), await _stale(storm, ledger)
    lines = [
        *book.lines(),
        *news.lines(),
        *ledger.waits.lines(),
        f"screens of orders {len(ledger.screens)}, stale {len(stale)} {' | '.join(stale[:5])}".rstrip(),
        f"stuck jobs {stuck}, dead letters {letters}, tasks left {storm.tasks}",
        f"kills {sum(one.kills for one in storm.fleet.instances)}; "
        + ", ".join(f"{target}: {times}" for target, times in sorted(storm.struck.items())),
        "; ".join(f"{what}: {times}" for what, times in sorted(ledger.counts.items())),
        f"log: {', '.join(f'{event} {times}' for event, times in sorted(_events().items()))}",
        *ledger.trouble[:5],
    ]
    print("\n".join(lines))
    return 0 if _balanced(book, news.times, stuck + letters + len(stale)) else 1


def _balanced(book: OrderBook, times: Counter[int], rest: int) -> bool:
    """At most one message in a hundred may be said twice, none oftener or never."""
    return book.balanced and not rest and times[1] + times[2] == times.total() and times[2] * 100 <= times.total()


def _made(storm: Storm) -> list[Made]:
    live = [order for order in storm.portal.front.orders.all() if order.status is not Status.CANCELED]
    return [
        Made(
            order.id,
            order.properties["ADDRESS"],
            order.buyer_id,
            {line.product_id: int(line.quantity) for line in order.lines},
            order.pay_system_id,
        )
        for order in live
    ]


async def _stale(storm: Storm, ledger: Ledger) -> list[str]:
    """Return the messages of made orders that do not show the order."""
    found = []
    for (chat, message), address in ledger.screens.items():
        shown = storm.telegram.world.chats[chat].messages[message].content.text
        if any(words in shown for words in STALE):
            found.append(f"{chat}/{message} {address}")
    return found


def _events() -> Counter[str]:
    """Count what the processes logged as errors, by event; a traceback outside of an entry is one of its own."""
    found: Counter[str] = Counter()
    for path in LOGS.glob("*.log"):
        for line in path.read_text(errors="replace").splitlines():
            if line.startswith("Traceback"):
                found["raw traceback"] += 1
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and entry.get("severity") in ("ERROR", "CRITICAL"):
                found[str(entry.get("event"))] += 1
    return found


if __name__ == "__main__":
    wanted = plan_of(os.environ)
    wanted.slowness.begin()
    sys.exit(asyncio.run(main(wanted)))
