"""The ends of a checkout: an order that was made, or one that is given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.assistant import funnel, texts
from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import ending_screens, turns
from shared.assistant.checkout.payloads import OrderPayload, PlaceOrderPayload
from shared.assistant.funnel import FunnelStep
from shared.assistant.notifications.jobs import sync_job
from shared.domain import baskets, carts, checkouts, masters, order_records
from shared.domain.charges import difference
from shared.domain.checkout_changes import ShortReserve
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.order_progress import OrderProgress
from shared.domain.order_record import OrderRecord
from shared.domain.orders import CreatedOrder
from shared.pipeline.decision import Decision


def by_hand(payload: PlaceOrderPayload, *, found_by_key: bool) -> str:
    """Return what people need to look for the order, or to make it themselves."""
    wanted = payload.confirmed
    told = [texts.common.line(line.name, line.quantity, line.unit, line.price, line.currency) for line in wanted.lines]
    return texts.operators.order_by_hand(payload.order, told, found_by_key=found_by_key)


async def give_up(wanted: OrderPayload, decision: Decision, *, lost: bool = False) -> None:
    """Let the checkout go: its buttons are stale from now on, and goods of the cart are there again.

    `lost`: nobody knows whether there is an order of them, so they are not offered to be ordered once more.
    """
    checkout = await checkouts.load(decision.unit, wanted.checkout)
    if checkout is not None:
        checkout.at(CheckoutStage.FAILED).save(decision.unit)
        if lost:
            await _tidy_up(checkout, decision)
        else:
            await checkouts.come_back(decision.unit, checkout)
        await remember_choices(checkout, decision)


async def need(wanted: OrderPayload, decision: Decision) -> Checkout:
    """Return the checkout that an order is made for. LookupError when it is gone, for then people must look."""
    checkout = await checkouts.load(decision.unit, wanted.checkout)
    if checkout is None:
        raise LookupError("an order is made for a checkout that is gone")
    return checkout


async def remember(wanted: OrderPayload, created: CreatedOrder, made: OrderProgress, decision: Decision) -> Checkout:
    """Remember the order and empty the cart of what was ordered; return its confirmation.

    `made` says what the portal charges, as far as it does.
    """
    checkout = await need(wanted, decision)
    checkout.at(CheckoutStage.DONE, created).save(decision.unit)
    basket = await baskets.load(decision.unit, checkout.buyer_id)
    basket.holding({}).save(decision.unit)
    await turns.release(checkout.buyer_id, decision, unclear=False)
    where = wanted.target
    funnel.passed(FunnelStep.ORDER)
    record = OrderRecord.made(checkout, created, where.chat_id, decision.now, where.message_id, made.prices)
    if made.total is not None:
        record = replace(record, total=made.total)
    await order_records.remember(decision.unit, record)
    await _tidy_up(checkout, decision)
    await remember_choices(checkout, decision)
    return checkout


async def show(
    wanted: OrderPayload,
    checkout: Checkout,
    created: CreatedOrder,
    made: OrderProgress,
    short: Sequence[ShortReserve],
    decision: Decision,
) -> None:
    """Show the order, and look at it once more soon (spec §2); `short` is what was not set aside in full."""
    ChatView(decision, wanted.target).show(
        ending_screens.order_made(checkout, created, difference(checkout, made), short)
    )
    await decision.enqueue(sync_job(created.id), background=True)


async def _tidy_up(checkout: Checkout, decision: Decision) -> None:
    """Have the cart forget what was ordered."""
    cart = await carts.load(decision.unit, checkout.user_id)
    carts.save(decision.unit, checkout.user_id, cart.ordered(checkout.id, checkout.lines))


async def remember_choices(chosen: Checkout, decision: Decision) -> None:
    """Keep the address, the way to get it and the way to pay, that nobody says twice what the portal did not take."""
    master = await masters.load(decision.unit, chosen.user_id)
    if master is not None:
        kept = master.choosing(chosen.address, chosen.payment, chosen.delivery, chosen.fetched_at)
        kept.save(decision.unit)
