"""How long masters wait on an ordinary day, by how many there are: the real pipeline on a clock that skips.

Of each hour some minutes are lived through, with as many searches and orders as fall into them. Each search and each
order is somebody's who does nothing else meanwhile.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from infra.bench.day_people import Crowd
from infra.bench.day_world import Requests, Town, living
from infra.bench.figures import Sheet
from infra.local.skipping import run as run_skipping

SHARES = {
    7: 3,
    8: 10,
    9: 10,
    10: 6,
    11: 5,
    12: 4,
    13: 4,
    14: 5,
    15: 6,
    16: 10,
    17: 10,
    18: 5,
    19: 4,
    20: 3,
    21: 2,
    22: 1,
}
"""Hour → how much of the day's work falls into it, of `WHOLE`; an hour that is not here has `NIGHT`."""

NIGHT = 0.25
WHOLE = sum(SHARES.values()) + 8 * NIGHT
SEARCHES, ORDERS = 5.0, 0.25
"""What a master does in a day."""

MASTERS, PACES, HOURS = (1_000, 10_000, 100_000), (2, 5), (3, 9, 13, 17)
MOST = 600
"""Searches lived through in an hour: where more would fall into the minutes, they are fewer minutes."""

COLUMNS = (
    "masters", "pace, 1/s", "hour", "minutes", "searches", "p50, s", "p95, s", "p99, s", "orders", "order p95, s",
    "requests, 1/s", "names", "prices", "orders' own", "looks", "left waiting",
)  # fmt: skip
NOTES = (
    "native dialect, 300 goods, words by Zipf's law; a master's day: 5 searches, 0.25 orders, peaks 8–10, 16–18",
    "an order's wait is from the tap that confirms it to its number",
    "lived through from an empty queue: where work is left waiting the hour falls behind, and waits go on growing",
    "names, prices, orders' own and looks are requests a second; one with several purposes counts for the first",
)


@dataclass(frozen=True)
class Hour:
    """An hour of so many masters, at a portal that bears so many requests a second."""

    masters: int
    pace: int
    hour: int

    @property
    def searches(self) -> float:
        """Searches a second."""
        return self.masters * SEARCHES * SHARES.get(self.hour, NIGHT) / WHOLE / 3600

    @property
    def orders(self) -> float:
        """Orders a second."""
        return self.searches * ORDERS / SEARCHES

    def minutes(self, wanted: float) -> float:
        """Return how many minutes are lived through."""
        return min(wanted, MOST / self.searches / 60)


@dataclass(frozen=True)
class Lived:
    """What became of it. Waits are seconds; `left` is how many jobs were still waiting when the minutes were over."""

    hour: Hour
    minutes: float
    waits: Sequence[float]
    orders: Sequence[float]
    requests: Requests
    left: int

    def row(self) -> list[str]:
        """Return its row of the table."""
        hour, seconds = self.hour, 60 * self.minutes
        named = [f"{number / seconds:.2f}" for number in (self.requests.all, *self.requests.by_purpose.values())]
        waits = [_seconds(self.waits, part) for part in (50, 95, 99)]
        about = [f"{hour.masters:,}", str(hour.pace), str(hour.hour), f"{self.minutes:.1f}", str(len(self.waits))]
        return [*about, *waits, str(len(self.orders)), _seconds(self.orders, 95), *named, str(self.left)]


def _seconds(waits: Sequence[float], part: int) -> str:
    if len(waits) < 2:  # noqa: PLR2004 - of one there is nothing to part
        return "–"
    return f"{quantiles(waits, n=100, method='inclusive')[part - 1]:.1f}"


async def run(rounds: int) -> Sheet:
    """Live `rounds` minutes of each hour."""
    hours = [Hour(masters, pace, hour) for masters in MASTERS for pace in PACES for hour in HOURS]
    rows = [(await asyncio.to_thread(live, hour, rounds)).row() for hour in hours]
    return Sheet("day", COLUMNS, rows, 1, NOTES)


def live(hour: Hour, wanted: float) -> Lived:
    """Live through minutes of an hour, on a loop that skips."""
    return run_skipping(_live(hour, hour.minutes(wanted)))


async def _live(hour: Hour, minutes: float) -> Lived:
    dice = random.Random(f"{hour}")
    async with living(hour.pace, dice) as town:
        crowd = Crowd(town, dice)
        ends = minutes * 60
        comes = [*_moments(hour.searches, ends, dice)]
        orders = [*_moments(hour.orders, ends, dice)]
        people = [asyncio.create_task(crowd.searches(at)) for at in comes]
        people += [asyncio.create_task(crowd.orders(at)) for at in orders]
        await town.clock.sleep(ends)
        left, requests = await _waiting(town), town.requests()
        await asyncio.gather(*people)
        await town.rests()
    return Lived(hour, minutes, crowd.found(), crowd.ordered(), requests, left)


async def _waiting(town: Town) -> int:
    return len(await town.here.store.due("jobs", town.clock.now(), 100_000))


def _moments(rate: float, ends: float, dice: random.Random) -> Iterator[float]:
    """Yield when somebody comes, by chance, so many a second on average."""
    at = dice.expovariate(rate)
    while at < ends:
        yield at
        at += dice.expovariate(rate)
