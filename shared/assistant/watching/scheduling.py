"""When the portal is asked about watched products. Loads no aiogram: `housekeeping` starts fast.

Each run of housekeeping takes the masters who are due, at most `MOST_LOOKS`. A quote of 20 products takes 5 of the 50
commands of a batch at a real portal and 20 in the contract, so a run costs at worst 2 or 10 of the 120 requests of its
minute. That gives 1,200 masters an hour their turn. With more, looks come later, and who waits for a search is not
slowed down.
"""

from __future__ import annotations

from shared.domain import masters, watches
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

LOOK_AT_WATCHES = "look_at_watches"
MOST_LOOKS = 20


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
    payload = {
        "user": master.telegram_id,
        "products": [watch.product for watch in mine.items],
        "asked_at": decision.now,
        "price_type": master.price_type,
    }
    return Job(LOOK_AT_WATCHES, Lane.READ, payload, id=f"{LOOK_AT_WATCHES}:{master.telegram_id}")
