"""What a checkout asks of Bitrix: a check before the confirmation, the same check at the tap, then two writes.

```mermaid
sequenceDiagram
    participant M as master
    participant W as worker
    participant B as Bitrix24
    M->>W: «Оплата по ссылке» (job confirm)
    W->>B: prices and stock
    W->>M: Проверьте заказ [Заказать]
    M->>W: tap (job recheck:<checkout>)
    W->>B: prices and stock once more
    alt something changed
        W->>M: Пока вы оформляли, … [Согласен, заказать]
    else the same
        W->>B: fill the basket (job basket:<checkout>, Idempotency-Key)
        W->>B: make the order (job order:<checkout>, Idempotency-Key)
        W->>M: Заказ № … создан
    end
```

The jobs of a checkout have its id in theirs, so a step cannot be wanted twice. Between the check and the order the
checkout holds the buyer's basket (`basket`); others of the same buyer wait for their turn and are checked again then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant import masters, texts
from shared.assistant.cart import cart as carts
from shared.assistant.cart.cart import Cart, Line, line_data, line_from_data
from shared.assistant.checkout import basket as baskets
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout import screens
from shared.assistant.checkout.checkout import Change, Checkout, Stage, compare, new_id
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.masters import Master
from shared.assistant.notifications.jobs import sync_job
from shared.assistant.orders import orders
from shared.bitrix.model import BasketLine, CreatedOrder, NewOrder, Offer, PaymentKind
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused, Unknown
from shared.pipeline.turn import Turn

CONFIRM = "confirm"
RECHECK = "recheck"
FILL_BASKET = "fill_basket"
PLACE_ORDER = "place_order"


def confirm_job(where: Place, master: Master, cart: Cart, address: str, payment: PaymentKind) -> Job:
    """Return the job that shows the confirmation."""
    payload = {
        **address_of(where),
        "user_id": master.telegram_id,
        "buyer_id": master.bitrix_user_id,
        "lines": [line_data(line) for line in cart.lines],
        "address": address,
        "payment": str(payment),
    }
    return Job(CONFIRM, Lane.READ, payload)


def recheck_job(where: Place, checkout: Checkout) -> Job:
    """Return the job that checks once more at the tap."""
    return _step(RECHECK, Lane.READ, where, checkout)


def _step(kind: str, lane: Lane, where: Place, checkout: Checkout, add: Sequence[BasketLine] = ()) -> Job:
    payload = {
        **address_of(where),
        "checkout": checkout.id,
        "lines": [line_data(line) for line in checkout.lines],
        "add": [{"product_id": line.product_id, "quantity": line.quantity} for line in add],
        "buyer_id": checkout.buyer_id,
        "address": checkout.address,
        "payment": str(checkout.payment),
    }
    return _job(kind, lane, payload)


def _job(kind: str, lane: Lane, payload: Mapping[str, Any]) -> Job:
    return Job(kind, lane, payload, id=f"{kind}:{payload['checkout']}")


def _lines(job: Job) -> tuple[Line, ...]:
    return tuple(line_from_data(line) for line in job.payload["lines"])


def _stock(offers: Mapping[str, Offer]) -> dict[str, Decimal]:
    return {product: offer.available for product, offer in offers.items()}


async def _show(turn: Turn, desk: Desk, checkout: Checkout, changes: Sequence[Change]) -> None:
    """Show a confirmation, or say that nothing of it is sold any more."""
    if not checkout.lines:
        desk.show(screens.back_to_cart(texts.nothing_left()))
        return
    await turn.unit.get(checkouts.key(checkout.id))
    checkout.save(turn.unit)
    desk.show(screens.confirmation(checkout, changes))


async def _give_up(job: Job, turn: Turn) -> None:
    checkout = await checkouts.load(turn.unit, job.payload["checkout"])
    if checkout is not None:
        checkout.at(Stage.FAILED).save(turn.unit)


async def _release(job: Job, turn: Turn, *, unclear: bool) -> None:
    """Free the buyer's basket and let the next checkout that waits for it be checked."""
    basket, following = (await baskets.load(turn.unit, job.payload["buyer_id"])).released(unclear=unclear)
    basket.save(turn.unit)
    if following is not None:
        await turn.want(_job(RECHECK, Lane.READ, following))


async def _pass_on(job: Job, turn: Turn) -> None:
    """Wake who waits for a basket that this checkout will not take: it may have been this one's turn."""
    basket = await baskets.load(turn.unit, job.payload["buyer_id"])
    if not basket.holder and basket.waiting:
        await _release(job, turn, unclear=False)


class _Check(Kind):
    """Asks for price and stock of the order's lines."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the lines' products."""
        return self._portal.quote([line.product_id for line in _lines(job)])

    def trouble(self, job: Job) -> Screen:
        """Say that nothing was ordered."""
        return screens.back_to_cart(texts.portal_silent_checkout())


class ConfirmOrder(_Check):
    """The check before the confirmation."""

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the confirmation with what differs from the cart."""
        lines, changes = compare(_lines(job), None, value)
        checkout = Checkout(
            id=job.id,
            user_id=job.payload["user_id"],
            buyer_id=job.payload["buyer_id"],
            lines=lines,
            available=_stock(value),
            address=job.payload["address"],
            payment=PaymentKind(job.payload["payment"]),
        )
        await _show(turn, Desk(turn, place(job)), checkout, changes)


class Recheck(_Check):
    """The check at the tap."""

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Go on to the order if nothing changed, else show the difference and ask again."""
        checkout = await checkouts.load(turn.unit, job.payload["checkout"])
        if checkout is None or checkout.stage is not Stage.CHECKING:
            await _pass_on(job, turn)
            return
        lines, changes = compare(checkout.lines, checkout.available, value)
        if not changes:
            await self._go_on(job, checkout, turn)
            return
        await _pass_on(job, turn)
        checkout.at(Stage.REPLACED).save(turn.unit)
        fresh = replace(checkout, id=new_id(), lines=lines, available=_stock(value), stage=Stage.SHOWN)
        await _show(turn, Desk(turn, place(job)), fresh, changes)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Let the checkout go; the cart is still there."""
        await _give_up(job, turn)
        await _pass_on(job, turn)
        await super().failed(job, reason, turn)

    async def _go_on(self, job: Job, checkout: Checkout, turn: Turn) -> None:
        """Take the buyer's basket and fill it, or wait for it, or call for help when strange things lie in it."""
        basket = await baskets.load(turn.unit, checkout.buyer_id)
        if not basket.is_free_for(checkout.id):
            basket.queued(job.payload).save(turn.unit)
            return
        add = basket.missing(checkout.lines)
        if add is None:
            await _give_up(job, turn)
            await _pass_on(job, turn)
            Desk(turn, place(job)).show(screens.back_to_cart(texts.order_refused()))
            self.report(job, Refused("BASKET_NOT_EMPTY", operators=True), turn)
            return
        basket.taken(checkout.id).save(turn.unit)
        checkout.at(Stage.PLACING).save(turn.unit)
        kind = FILL_BASKET if add else PLACE_ORDER
        await turn.want(_step(kind, Lane.WRITE, place(job), checkout, add))


class _Write(Kind):
    """A modifying step of an order."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def trouble(self, job: Job) -> Screen:
        """Say that nothing was ordered."""
        return screens.back_to_cart(texts.order_refused())

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Say that nothing was ordered, and free the basket."""
        await _give_up(job, turn)
        await _release(job, turn, unclear=reason.unsure)
        await super().failed(job, reason, turn)


class FillBasket(_Write):
    """The lines go into the buyer's basket (spec §2, row 3). No order comes of it yet, whatever happens."""

    def plan(self, job: Job) -> Operation[list[str]]:
        """Add what is not in it."""
        lines = [BasketLine(line["product_id"], line["quantity"]) for line in job.payload["add"]]
        return self._portal.fill_basket(job.payload["buyer_id"], lines)

    async def done(self, job: Job, value: list[str], turn: Turn) -> None:
        """Go on to the order."""
        checkout = await checkouts.load(turn.unit, job.payload["checkout"])
        if checkout is None:
            raise LookupError("a basket was filled for a checkout that is gone")
        basket = await baskets.load(turn.unit, checkout.buyer_id)
        basket.filled(checkout.lines).save(turn.unit)
        await turn.want(_step(PLACE_ORDER, Lane.WRITE, place(job), checkout))

    async def unsure(self, job: Job, reason: Unknown, turn: Turn) -> None:
        """Say that it takes longer."""
        Desk(turn, place(job)).show(screens.unsure(texts.order_slow()))


class PlaceOrder(_Write):
    """The basket becomes an order (spec §2, row 4)."""

    def plan(self, job: Job) -> Operation[CreatedOrder]:
        """Make the order."""
        return self._portal.create_order(
            NewOrder(
                key=job.idempotency_key,
                buyer_id=job.payload["buyer_id"],
                lines=[BasketLine(line.product_id, line.quantity) for line in _lines(job)],
                payment=PaymentKind(job.payload["payment"]),
                address=job.payload["address"],
            )
        )

    async def done(self, job: Job, value: CreatedOrder, turn: Turn) -> None:
        """Remember the order, empty the cart of what was ordered, show it, and look at it once more soon (spec §2)."""
        checkout = await checkouts.load(turn.unit, job.payload["checkout"])
        if checkout is None:
            raise LookupError("an order was made for a checkout that is gone")
        checkout.at(Stage.DONE, value.id).save(turn.unit)
        basket = await baskets.load(turn.unit, checkout.buyer_id)
        basket.filled([]).save(turn.unit)
        await _release(job, turn, unclear=False)
        await orders.remember(turn.unit, orders.KnownOrder.made(checkout, value, place(job).chat_id, turn.now))
        await _tidy_up(checkout, turn)
        Desk(turn, place(job)).show(screens.order_made(checkout, value.id, value.payment_url))
        await turn.want(sync_job(value.id), background=True)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Tell what is known: refused, or never found out, which is for people to finish."""
        if not reason.unsure:
            await super().failed(job, reason, turn)
            return
        await _give_up(job, turn)
        await _release(job, turn, unclear=True)
        Desk(turn, place(job)).show(screens.unsure(texts.order_lost()))
        self.report(job, reason, turn)

    async def unsure(self, job: Job, reason: Unknown, turn: Turn) -> None:
        """Tell the master not to order a second time."""
        Desk(turn, place(job)).show(screens.unsure(texts.order_unsure()))


async def _tidy_up(checkout: Checkout, turn: Turn) -> None:
    """Take what was ordered out of the cart, and remember the address."""
    cart = await carts.load(turn.unit, checkout.user_id)
    ordered = {line.product_id: line.quantity for line in checkout.lines}
    carts.save(turn.unit, checkout.user_id, cart.without(ordered))
    master = await masters.load(turn.unit, checkout.user_id)
    if master is not None:
        master.with_address(checkout.address).save(turn.unit)


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (CONFIRM, ConfirmOrder(portal, operators_chat_id)),
        (RECHECK, Recheck(portal, operators_chat_id)),
        (FILL_BASKET, FillBasket(portal, operators_chat_id)),
        (PLACE_ORDER, PlaceOrder(portal, operators_chat_id)),
    )
