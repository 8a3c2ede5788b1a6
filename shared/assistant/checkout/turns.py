"""The turns that checkouts of one buyer take: one places its order, the others wait and are checked anew."""

from __future__ import annotations

from shared.assistant.checkout.payloads import OrderPayload
from shared.domain import baskets
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

RECHECK = "recheck"


def recheck_job(wanted: OrderPayload) -> Job:
    """Return the job that checks once more at the tap; named after the checkout, so that it cannot be wanted twice."""
    return Job(RECHECK, Lane.READ, wanted.as_data(), id=f"{RECHECK}:{wanted.checkout}")


async def release(buyer_id: str, decision: Decision, *, unclear: bool) -> None:
    """End the turn and let the next checkout that waits be checked; `unclear`: nobody knows what the basket holds."""
    await _free(await baskets.load(decision.unit, buyer_id), decision, unclear=unclear)


async def clear_basket(buyer_id: str, decision: Decision) -> bool:
    """Take the buyer's basket to be empty, for operators have emptied it; wake who waits.

    Returns whether it stood in the way of orders. One that a checkout is filling just now is left to it.
    """
    basket = await baskets.load(decision.unit, buyer_id)
    if basket.holder or not (basket.unclear or basket.left):
        return False
    await _free(basket.emptied(), decision, unclear=False)
    return True


async def pass_on(buyer_id: str, decision: Decision) -> None:
    """Wake who waits for a turn that a checkout will not take: it may have been its own."""
    basket = await baskets.load(decision.unit, buyer_id)
    if not basket.holder and basket.waiting:
        await _free(basket, decision, unclear=False)


async def _free(basket: baskets.Basket, decision: Decision, *, unclear: bool) -> None:
    basket, following = basket.released(unclear=unclear)
    basket.save(decision.unit)
    if following is not None:
        await decision.enqueue(recheck_job(OrderPayload.from_data(following)))
