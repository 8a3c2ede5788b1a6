"""The weather that every exactly-once test has: the line, the portal as a whole, the tokens; and who comes in when."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from infra.local.portal.faults import FaultKind
from tests.chaos import wire
from tests.chaos.town import Town

T = TypeVar("T")

WIRE = {
    "read": {wire.REFUSED: 0.01, wire.TORN_BEFORE: 0.01, wire.LOST_ANSWER: 0.01},
    "write": {wire.REFUSED: 0.01, wire.TORN_BEFORE: 0.02, wire.TORN_DURING: 0.06, wire.LOST_ANSWER: 0.06},
    "token": {wire.REFUSED: 0.01},
}


def everywhere(town: Town) -> None:
    """Let any request fail in every way that passes: before, during and after its work."""
    faults = town.portal.rest.faults
    for kind in (FaultKind.SERVER_ERROR, FaultKind.HTML_502, FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER):
        faults.add(kind, rate=0.005)
    faults.add(FaultKind.RATE_LIMIT, rate=0.02)
    faults.add(FaultKind.EXPIRED_TOKEN, rate=0.005 if town.plan.oauth else 0.0)
    town.wire.rates = WIRE


def upon(town: Town, method: str, rate: float = 0.03) -> None:
    """Let a writing method fail in all the ways that leave a doubt."""
    faults = town.portal.rest.faults
    for kind in (FaultKind.DONE_THEN_5XX, FaultKind.TIMEOUT_AFTER, FaultKind.TIMEOUT_BEFORE, FaultKind.SERVER_ERROR):
        faults.add(kind, rate=rate, method=method)
    faults.add(FaultKind.SLOW, rate=0.02, method=method, seconds=20.0)


async def tokens_expire(town: Town, until: float) -> None:
    """End all access tokens now and then, as long as masters come in.

    Not for ever: what is tried again minutes later would meet the next expiry each time.
    """
    while town.clock.monotonic() < until:
        await town.clock.sleep(town.dice.uniform(40.0, 80.0))
        town.portal.tokens.expire()


async def all_tap(town: Town, wanted: Sequence[T], tap: Callable[[Town, T], Awaitable[None]], within: float) -> None:
    """Have all masters tap within that many seconds, and wait until nothing is under way."""
    expiring = asyncio.create_task(tokens_expire(town, within))
    arrivals = sorted(town.dice.uniform(0.0, within) for _ in wanted)
    for wish, at in zip(wanted, arrivals, strict=True):
        await town.clock.sleep(at - town.clock.monotonic())
        await tap(town, wish)
    await town.rests()
    await expiring


def report(town: Town) -> str:
    """Say what the storm was like; pytest shows it when the test fails."""
    calls = town.portal.rest.calls.since()
    faults = Counter(call.fault for call in calls if call.fault)
    return (
        f"{town.plan}: {len(calls)} requests in {town.clock.monotonic():.0f} s, {town.killed} killed, "
        f"{dict(faults)}, {dict(town.wire.troubles)}, {dict(town.phones.answers)}, repeated {len(town.repeated)}"
    )
