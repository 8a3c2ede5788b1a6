"""The schedule of asking the portal about watched products. Loads no aiogram: `housekeeping` starts fast.

Each run of housekeeping takes the masters who are due, at most `MOST_LOOKS`. A quote of 20 products takes 5 of the 50
commands of a batch at a real portal and 20 in the contract, so a run costs at worst 2 or 10 of the 120 requests of its
minute. That gives 1,200 masters an hour their turn. With more, looks come later, and who waits for a search is not
slowed down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.domain import masters, watches
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload

LOOK_AT_WATCHES = "look_at_watches"
MOST_LOOKS = 20


@dataclass(frozen=True)
class LookAtWatchesPayload(Payload):
    """A master's watched products, and the kind of price he buys at. What he began after `asked_at` is not looked at.

    No `chat_id`: he does not wait for it, so nobody tells him of the queue.
    """

    user: int
    products: tuple[str, ...]
    asked_at: datetime
    price_type: str = ""


async def look_again(decision: Decision, telegram_id: int) -> None:
    """Have the products a master watches looked at, if it is time; a run beside this one may have been faster.

    The record is due again in an hour, whatever becomes of the look. Who has blocked the bot is passed over, and what a
    master watched who was shut out is forgotten.
    """
    mine = await watches.load(decision.unit, telegram_id)
    due_at = decision.unit.due_at(watches.key(telegram_id))
    if due_at is None or due_at > decision.now:
        return
    master = await masters.load(decision.unit, telegram_id)
    if master is None or master.blocked:
        watches.save(decision.unit, telegram_id, watches.Watches())
        return
    watches.save(decision.unit, telegram_id, mine, look_at=decision.now + watches.EVERY)
    if master.reachable and mine.items:
        await decision.enqueue(_look_job(decision, master, mine), background=True)


def _look_job(decision: Decision, master: Master, mine: watches.Watches) -> Job:
    products = tuple(watch.product for watch in mine.items)
    payload = LookAtWatchesPayload(master.telegram_id, products, decision.now, master.price_type)
    return Job(LOOK_AT_WATCHES, Lane.READ, payload.as_data(), id=f"{LOOK_AT_WATCHES}:{master.telegram_id}")
