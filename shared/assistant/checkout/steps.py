"""What the jobs of a checkout have in common: their payload, and how a checkout ends (well or badly)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.checkout import screens
from shared.assistant.job_handler import target_of, target_payload
from shared.assistant.notifications.jobs import sync_job
from shared.domain import baskets, carts, checkouts, masters, order_records
from shared.domain.carts import CartLine, line_data, line_from_data
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.orders import CreatedOrder, LineItem, NewOrder, PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

RECHECK = "recheck"
FILL_BASKET = "fill_basket"
PLACE_ORDER = "place_order"
MAKE_ORDER = "make_order"


def step(kind: str, lane: Lane, where: ChatTarget, checkout: Checkout, add: Sequence[LineItem] = ()) -> Job:
    """Return a job of the checkout; named after it, so that it cannot be wanted twice."""
    payload = {
        **target_payload(where),
        "checkout": checkout.id,
        "lines": [line_data(line) for line in checkout.lines],
        "add": [{"product_id": line.product_id, "quantity": line.quantity} for line in add],
        "buyer_id": checkout.buyer_id,
        "address": checkout.address,
        "payment": str(checkout.payment),
        "phone": checkout.phone,
        "comment": checkout.comment,
    }
    return _named(kind, lane, payload)


def _named(kind: str, lane: Lane, payload: Mapping[str, Any]) -> Job:
    return Job(kind, lane, payload, id=f"{kind}:{payload['checkout']}")


def lines_of(job: Job) -> tuple[CartLine, ...]:
    """Return the order's lines."""
    return tuple(line_from_data(line) for line in job.payload["lines"])


def new_order(job: Job, key: str) -> NewOrder:
    """Return the order that is wanted; `key` is its idempotency key."""
    return NewOrder(
        key=key,
        buyer_id=job.payload["buyer_id"],
        lines=[LineItem(line.product_id, line.quantity) for line in lines_of(job)],
        payment=PaymentKind(job.payload["payment"]),
        address=job.payload["address"],
        # Jobs wanted before the update have neither.
        phone=job.payload.get("phone", ""),
        comment=job.payload.get("comment", ""),
    )


def by_hand(job: Job, key: str, *, found_by_key: bool) -> str:
    """Return what people need to look for the order, or to make it themselves."""
    told = [texts.common.line(line.name, line.quantity, line.price, line.currency) for line in lines_of(job)]
    return texts.operators.order_by_hand(new_order(job, key), told, job.payload["chat_id"], found_by_key=found_by_key)


async def give_up(job: Job, decision: Decision) -> None:
    """Let the checkout go: its buttons are stale from now on."""
    checkout = await checkouts.load(decision.unit, job.payload["checkout"])
    if checkout is not None:
        checkout.at(CheckoutStage.FAILED).save(decision.unit)


async def release(job: Job, decision: Decision, *, unclear: bool) -> None:
    """Free the buyer's basket and let the next checkout that waits for it be checked."""
    await _free(await baskets.load(decision.unit, job.payload["buyer_id"]), decision, unclear=unclear)


async def clear_basket(buyer_id: str, decision: Decision) -> bool:
    """Take the buyer's basket to be empty, for operators have emptied it; wake who waits.

    Returns whether it stood in the way of orders. One that a checkout is filling just now is left to it.
    """
    basket = await baskets.load(decision.unit, buyer_id)
    if basket.holder or not (basket.unclear or basket.left):
        return False
    await _free(basket.emptied(), decision, unclear=False)
    return True


async def _free(basket: baskets.Basket, decision: Decision, *, unclear: bool) -> None:
    basket, following = basket.released(unclear=unclear)
    basket.save(decision.unit)
    if following is not None:
        await decision.enqueue(_named(RECHECK, Lane.READ, following))


async def pass_on(job: Job, decision: Decision) -> None:
    """Wake who waits for a basket that this checkout will not take: it may have been this one's turn."""
    basket = await baskets.load(decision.unit, job.payload["buyer_id"])
    if not basket.holder and basket.waiting:
        await release(job, decision, unclear=False)


async def finish(job: Job, created: CreatedOrder, decision: Decision, total: Decimal | None = None) -> None:
    """Remember the order, empty the cart of what was ordered, show it, and look at it once more soon (spec §2).

    `total` is what the portal says the order costs, when it said so.
    """
    checkout = await checkouts.load(decision.unit, job.payload["checkout"])
    if checkout is None:
        raise LookupError("an order was made for a checkout that is gone")
    checkout.at(CheckoutStage.DONE, created.id).save(decision.unit)
    basket = await baskets.load(decision.unit, checkout.buyer_id)
    basket.filled([]).save(decision.unit)
    await release(job, decision, unclear=False)
    await order_records.remember(
        decision.unit, order_records.OrderRecord.made(checkout, created, target_of(job).chat_id, decision.now)
    )
    await _tidy_up(checkout, decision)
    ChatView(decision, target_of(job)).show(screens.order_made(checkout, created.id, created.payment_url, total))
    await decision.enqueue(sync_job(created.id), background=True)


async def _tidy_up(checkout: Checkout, decision: Decision) -> None:
    """Take what was ordered out of the cart, and remember the address."""
    cart = await carts.load(decision.unit, checkout.user_id)
    ordered = {line.product_id: line.quantity for line in checkout.lines}
    carts.save(decision.unit, checkout.user_id, cart.without(ordered))
    master = await masters.load(decision.unit, checkout.user_id)
    if master is not None:
        master.with_address(checkout.address).save(decision.unit)
