"""When the portal is asked about watched products. Loads no aiogram: `housekeeping` starts fast.

Each run of housekeeping takes the masters who are due, at most `MOST_LOOKS`. A quote of 20 products takes 5 of the 50
commands of a batch at a real portal and 20 in the contract, so a run costs at worst 2 or 10 of the 120 requests of its
minute. That gives 1,200 masters an hour their turn. With more, looks come later, and who waits for a search is not
slowed down.
"""

from __future__ import annotations

from shared.assistant import masters
from shared.assistant.masters import Master
from shared.assistant.watching import watches
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.turn import Turn

LOOK_AT_WATCHES = "look_at_watches"
MOST_LOOKS = 20


async def look_again(turn: Turn, telegram_id: int) -> None:
    """Have the products a master watches looked at, if it is time; a run beside this one may have been faster.

    The record is due again in an hour, whatever becomes of the look. Who has blocked the bot is passed over, and what a
    master watched who was shut out is forgotten.
    """
    mine = await watches.load(turn.unit, telegram_id)
    due_at = turn.unit.due_at(watches.key(telegram_id))
    if due_at is None or due_at > turn.now:
        return
    master = await masters.load(turn.unit, telegram_id)
    if master is None or master.blocked:
        watches.save(turn.unit, telegram_id, watches.Watches())
        return
    watches.save(turn.unit, telegram_id, mine, look_at=turn.now + watches.EVERY)
    if master.reachable and mine.items:
        await turn.want(_look_job(turn, master, mine), background=True)


def _look_job(turn: Turn, master: Master, mine: watches.Watches) -> Job:
    payload = {
        "user": master.telegram_id,
        "products": [watch.product for watch in mine.items],
        "asked_at": turn.now,
        "price_type": master.price_type,
    }
    return Job(LOOK_AT_WATCHES, Lane.READ, payload, id=f"{LOOK_AT_WATCHES}:{master.telegram_id}")
