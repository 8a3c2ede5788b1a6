"""What the jobs of a checkout have in common: their payload, and how a checkout ends (well or badly)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.assistant import masters, texts
from shared.assistant.cart import cart as carts
from shared.assistant.cart.cart import Line, line_data, line_from_data
from shared.assistant.checkout import basket as baskets
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout import screens
from shared.assistant.checkout.checkout import Checkout, Stage
from shared.assistant.desk import Desk, Place
from shared.assistant.kind import address_of, place
from shared.assistant.notifications.jobs import sync_job
from shared.assistant.orders import orders
from shared.bitrix.model import BasketLine, CreatedOrder, NewOrder, PaymentKind
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.turn import Turn

RECHECK = "recheck"
FILL_BASKET = "fill_basket"
PLACE_ORDER = "place_order"
MAKE_ORDER = "make_order"


def step(kind: str, lane: Lane, where: Place, checkout: Checkout, add: Sequence[BasketLine] = ()) -> Job:
    """Return a job of the checkout; named after it, so that it cannot be wanted twice."""
    payload = {
        **address_of(where),
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


def lines_of(job: Job) -> tuple[Line, ...]:
    """Return the order's lines."""
    return tuple(line_from_data(line) for line in job.payload["lines"])


def new_order(job: Job, key: str) -> NewOrder:
    """Return the order that is wanted; `key` is its idempotency key."""
    return NewOrder(
        key=key,
        buyer_id=job.payload["buyer_id"],
        lines=[BasketLine(line.product_id, line.quantity) for line in lines_of(job)],
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


async def give_up(job: Job, turn: Turn) -> None:
    """Let the checkout go: its buttons are stale from now on."""
    checkout = await checkouts.load(turn.unit, job.payload["checkout"])
    if checkout is not None:
        checkout.at(Stage.FAILED).save(turn.unit)


async def release(job: Job, turn: Turn, *, unclear: bool) -> None:
    """Free the buyer's basket and let the next checkout that waits for it be checked."""
    await _free(await baskets.load(turn.unit, job.payload["buyer_id"]), turn, unclear=unclear)


async def clear_basket(buyer_id: str, turn: Turn) -> bool:
    """Take the buyer's basket to be empty, for operators have emptied it; wake who waits.

    Returns whether it stood in the way of orders. One that a checkout is filling just now is left to it.
    """
    basket = await baskets.load(turn.unit, buyer_id)
    if basket.holder or not (basket.unclear or basket.left):
        return False
    await _free(basket.emptied(), turn, unclear=False)
    return True


async def _free(basket: baskets.Basket, turn: Turn, *, unclear: bool) -> None:
    basket, following = basket.released(unclear=unclear)
    basket.save(turn.unit)
    if following is not None:
        await turn.want(_named(RECHECK, Lane.READ, following))


async def pass_on(job: Job, turn: Turn) -> None:
    """Wake who waits for a basket that this checkout will not take: it may have been this one's turn."""
    basket = await baskets.load(turn.unit, job.payload["buyer_id"])
    if not basket.holder and basket.waiting:
        await release(job, turn, unclear=False)


async def finish(job: Job, created: CreatedOrder, turn: Turn, total: Decimal | None = None) -> None:
    """Remember the order, empty the cart of what was ordered, show it, and look at it once more soon (spec §2).

    `total` is what the portal says the order costs, when it said so.
    """
    checkout = await checkouts.load(turn.unit, job.payload["checkout"])
    if checkout is None:
        raise LookupError("an order was made for a checkout that is gone")
    checkout.at(Stage.DONE, created.id).save(turn.unit)
    basket = await baskets.load(turn.unit, checkout.buyer_id)
    basket.filled([]).save(turn.unit)
    await release(job, turn, unclear=False)
    await orders.remember(turn.unit, orders.KnownOrder.made(checkout, created, place(job).chat_id, turn.now))
    await _tidy_up(checkout, turn)
    Desk(turn, place(job)).show(screens.order_made(checkout, created.id, created.payment_url, total))
    await turn.want(sync_job(created.id), background=True)


async def _tidy_up(checkout: Checkout, turn: Turn) -> None:
    """Take what was ordered out of the cart, and remember the address."""
    cart = await carts.load(turn.unit, checkout.user_id)
    ordered = {line.product_id: line.quantity for line in checkout.lines}
    carts.save(turn.unit, checkout.user_id, cart.without(ordered))
    master = await masters.load(turn.unit, checkout.user_id)
    if master is not None:
        master.with_address(checkout.address).save(turn.unit)
