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

from shared.assistant import texts
from shared.assistant.cart.cart import Cart, line_data
from shared.assistant.checkout import amending, calling_off, invoice, screens
from shared.assistant.checkout import basket as baskets
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout.checkout import Change, Checkout, Stage, compare, new_id
from shared.assistant.checkout.making import CANCEL, CLEAR_UP, CancelOrder, ClearUp, MakeOrder, make_job
from shared.assistant.checkout.placing import FillBasket, PlaceOrder
from shared.assistant.checkout.steps import (
    FILL_BASKET,
    MAKE_ORDER,
    PLACE_ORDER,
    RECHECK,
    give_up,
    lines_of,
    pass_on,
    step,
)
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place, price_type_of
from shared.assistant.masters import Master
from shared.bitrix.model import BasketLine, Offer, PaymentKind
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn

CONFIRM = "confirm"


def confirm_job(where: Place, master: Master, cart: Cart, address: str, payment: PaymentKind) -> Job:
    """Return the job that shows the confirmation."""
    payload = {
        **address_of(where),
        "user_id": master.telegram_id,
        "buyer_id": master.bitrix_user_id,
        "lines": [line_data(line) for line in cart.lines],
        "address": address,
        "payment": str(payment),
        "phone": master.phone,
    }
    return Job(CONFIRM, Lane.READ, payload)


def recheck_job(where: Place, checkout: Checkout) -> Job:
    """Return the job that checks once more at the tap."""
    return step(RECHECK, Lane.READ, where, checkout)


def _stock(offers: Mapping[str, Offer]) -> dict[str, Decimal]:
    return {product: offer.available for product, offer in offers.items()}


async def _show(turn: Turn, desk: Desk, checkout: Checkout, changes: Sequence[Change]) -> None:
    """Show a confirmation, or say that nothing of it is sold any more."""
    if not checkout.lines:
        desk.show(screens.back_to_cart(texts.checkout.nothing_left()))
        return
    await turn.unit.get(checkouts.key(checkout.id))
    checkout.save(turn.unit)
    desk.show(screens.confirmation(checkout, changes))


class _Check(Kind):
    """Asks for price and stock of the order's lines."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the lines' products."""
        return self._portal.quote([line.product_id for line in lines_of(job)], price_type_of(job))

    def trouble(self, job: Job) -> Screen:
        """Say that nothing was ordered."""
        return screens.back_to_cart(texts.trouble.portal_silent_checkout())


class ConfirmOrder(_Check):
    """The check before the confirmation."""

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the confirmation with what differs from the cart."""
        lines, changes = compare(lines_of(job), None, value)
        checkout = Checkout(
            id=job.id,
            user_id=job.payload["user_id"],
            buyer_id=job.payload["buyer_id"],
            lines=lines,
            available=_stock(value),
            address=job.payload["address"],
            payment=PaymentKind(job.payload["payment"]),
            phone=job.payload.get("phone", ""),
        )
        desk = Desk(turn, place(job))
        await _show(turn, desk, checkout, changes)
        if checkout.lines:
            await amending.offer_phone(turn, desk, checkout.user_id)


class Recheck(_Check):
    """The check at the tap."""

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Go on to the order if nothing changed, else show the difference and ask again."""
        checkout = await checkouts.load(turn.unit, job.payload["checkout"])
        if checkout is None or checkout.stage is not Stage.CHECKING:
            await pass_on(job, turn)
            return
        lines, changes = compare(checkout.lines, checkout.available, value)
        if not changes:
            await self._go_on(job, checkout, turn)
            return
        await pass_on(job, turn)
        checkout.at(Stage.REPLACED).save(turn.unit)
        fresh = replace(checkout, id=new_id(), lines=lines, available=_stock(value), stage=Stage.SHOWN)
        await _show(turn, Desk(turn, place(job)), fresh, changes)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Let the checkout go; the cart is still there."""
        await give_up(job, turn)
        await pass_on(job, turn)
        await super().failed(job, reason, turn)

    async def _go_on(self, job: Job, checkout: Checkout, turn: Turn) -> None:
        """Take the buyer's basket and fill it, or wait for it, or call for help when strange things lie in it."""
        basket = await baskets.load(turn.unit, checkout.buyer_id)
        if not basket.is_free_for(checkout.id):
            basket.queued(job.payload).save(turn.unit)
            return
        add = basket.missing(checkout.lines)
        if add is None:
            await give_up(job, turn)
            await pass_on(job, turn)
            Desk(turn, place(job)).show(screens.back_to_cart(texts.checkout.order_refused()))
            self.report(job, Refused("BASKET_NOT_EMPTY", operators=True), turn)
            return
        basket.taken(checkout.id).save(turn.unit)
        checkout.at(Stage.PLACING).save(turn.unit)
        await turn.want(self._first_write(place(job), checkout, add))

    def _first_write(self, where: Place, checkout: Checkout, add: Sequence[BasketLine]) -> Job:
        if not self._portal.has_baskets:
            return make_job(where, checkout)
        return step(FILL_BASKET if add else PLACE_ORDER, Lane.WRITE, where, checkout, add)


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (CONFIRM, ConfirmOrder(portal, operators_chat_id)),
        (RECHECK, Recheck(portal, operators_chat_id)),
        (FILL_BASKET, FillBasket(portal, operators_chat_id)),
        (PLACE_ORDER, PlaceOrder(portal, operators_chat_id)),
        (MAKE_ORDER, MakeOrder(portal, operators_chat_id)),
        (CLEAR_UP, ClearUp(portal, operators_chat_id)),
        (CANCEL, CancelOrder(portal, operators_chat_id)),
        *calling_off.kinds(portal, operators_chat_id),
        (invoice.INVOICE, invoice.Invoice(portal, operators_chat_id)),
    )
