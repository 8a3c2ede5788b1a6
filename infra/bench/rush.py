"""How long masters wait who all search at once, and the requests it takes, by the pace and the portal's time alone.

`pipeline` measures the same with the machine's own time in it; here the clock skips, so the figures are the same on
every machine.
"""

from __future__ import annotations

import asyncio
import random
from statistics import quantiles

from infra.bench.day_people import Crowd
from infra.bench.day_world import living
from infra.bench.figures import Sheet
from infra.bench.pipeline import RUSHES, Rush
from infra.local.skipping import run as run_skipping

PACE = 2
COLUMNS = ("case", "p50, s", "p95, s", "requests", "commands", "goal")
NOTES = (
    "native dialect; two permits a second; a page of goods takes the portal 0.04 s, a list of prices 0.03 s",
    "the first batch has at most 32 commands; names and prices are two requests to each master",
)


async def run(rounds: int) -> Sheet:
    """Have every rush `rounds` times."""
    rows = [await asyncio.to_thread(live, rush) for rush in RUSHES for _ in range(rounds)]
    return Sheet("rush", COLUMNS, rows, 1, NOTES)


def live(rush: Rush) -> list[str]:
    """Return a rush's row."""
    return run_skipping(_live(rush))


async def _live(rush: Rush) -> list[str]:
    dice = random.Random(rush.name)
    async with living(PACE, dice) as town:
        crowd = Crowd(town, dice)
        words = crowd.words(rush.words)
        await asyncio.gather(*(crowd.searches(0.0, words[number % len(words)]) for number in range(rush.masters)))
        await town.rests()
        calls = town.portal.rest.calls.since()
    waits = crowd.found()
    cuts = quantiles(waits, n=20, method="inclusive") if len(waits) > 1 else waits * 19
    commands = sum(max(len(call.commands), 1) for call in calls)
    return [rush.name, f"{cuts[9]:.1f}", f"{cuts[18]:.1f}", str(len(calls)), str(commands), rush.goal or "–"]
