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
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.checkout import cancel_order, contact_comment, invoice, screens
from shared.assistant.checkout.making import (
    CANCEL,
    CLEAR_UP,
    CancelOrderHandler,
    ClearUpHandler,
    MakeOrderHandler,
    make_job,
)
from shared.assistant.checkout.placing import FillBasketHandler, PlaceOrderHandler
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
from shared.assistant.job_handler import MasterJobHandler, price_type_of, target_of, target_payload
from shared.bitrix.portal import Operation, Portal
from shared.domain import baskets, checkouts
from shared.domain.carts import Cart, line_data
from shared.domain.checkouts import Change, Checkout, CheckoutStage, compare, new_id
from shared.domain.masters import Master
from shared.domain.offers import Offer
from shared.domain.orders import LineItem, PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.registry import JobHandler

CONFIRM = "confirm"


def confirm_job(where: ChatTarget, master: Master, cart: Cart, address: str, payment: PaymentKind) -> Job:
    """Return the job that shows the confirmation."""
    payload = {
        **target_payload(where),
        "user_id": master.telegram_id,
        "buyer_id": master.bitrix_user_id,
        "lines": [line_data(line) for line in cart.lines],
        "address": address,
        "payment": str(payment),
        "phone": master.phone,
    }
    return Job(CONFIRM, Lane.READ, payload)


def recheck_job(where: ChatTarget, checkout: Checkout) -> Job:
    """Return the job that checks once more at the tap."""
    return step(RECHECK, Lane.READ, where, checkout)


def _stock(offers: Mapping[str, Offer]) -> dict[str, Decimal]:
    return {product: offer.available for product, offer in offers.items()}


async def _show(decision: Decision, view: ChatView, checkout: Checkout, changes: Sequence[Change]) -> None:
    """Show a confirmation, or say that nothing of it is sold any more."""
    if not checkout.lines:
        view.show(screens.back_to_cart(texts.checkout.nothing_left()))
        return
    await decision.unit.get(checkouts.key(checkout.id))
    checkout.save(decision.unit)
    view.show(screens.confirmation(checkout, changes))


class _CheckHandler(MasterJobHandler):
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


class ConfirmOrderHandler(_CheckHandler):
    """The check before the confirmation."""

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
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
        view = ChatView(decision, target_of(job))
        await _show(decision, view, checkout, changes)
        if checkout.lines:
            await contact_comment.offer_phone(decision, view, checkout.user_id)


class RecheckHandler(_CheckHandler):
    """The check at the tap."""

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Go on to the order if nothing changed, else show the difference and ask again."""
        checkout = await checkouts.load(decision.unit, job.payload["checkout"])
        if checkout is None or checkout.stage is not CheckoutStage.CHECKING:
            await pass_on(job, decision)
            return
        lines, changes = compare(checkout.lines, checkout.available, value)
        if not changes:
            await self._go_on(job, checkout, decision)
            return
        await pass_on(job, decision)
        checkout.at(CheckoutStage.REPLACED).save(decision.unit)
        fresh = replace(checkout, id=new_id(), lines=lines, available=_stock(value), stage=CheckoutStage.SHOWN)
        await _show(decision, ChatView(decision, target_of(job)), fresh, changes)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Let the checkout go; the cart is still there."""
        await give_up(job, decision)
        await pass_on(job, decision)
        await super().failed(job, reason, decision)

    async def _go_on(self, job: Job, checkout: Checkout, decision: Decision) -> None:
        """Take the buyer's basket and fill it, or wait for it, or call for help when strange things lie in it."""
        basket = await baskets.load(decision.unit, checkout.buyer_id)
        if not basket.is_free_for(checkout.id):
            basket.queued(job.payload).save(decision.unit)
            return
        add = basket.missing(checkout.lines)
        if add is None:
            await give_up(job, decision)
            await pass_on(job, decision)
            ChatView(decision, target_of(job)).show(screens.back_to_cart(texts.checkout.order_refused()))
            self.report(job, Refusal("BASKET_NOT_EMPTY", operators=True), decision)
            return
        basket.taken(checkout.id).save(decision.unit)
        checkout.at(CheckoutStage.PLACING).save(decision.unit)
        await decision.enqueue(self._first_write(target_of(job), checkout, add))

    def _first_write(self, where: ChatTarget, checkout: Checkout, add: Sequence[LineItem]) -> Job:
        if not self._portal.has_baskets:
            return make_job(where, checkout)
        return step(FILL_BASKET if add else PLACE_ORDER, Lane.WRITE, where, checkout, add)


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobHandler]]:
    """Return this capability's part of the registry."""
    return (
        (CONFIRM, ConfirmOrderHandler(portal, operators_chat_id)),
        (RECHECK, RecheckHandler(portal, operators_chat_id)),
        (FILL_BASKET, FillBasketHandler(portal, operators_chat_id)),
        (PLACE_ORDER, PlaceOrderHandler(portal, operators_chat_id)),
        (MAKE_ORDER, MakeOrderHandler(portal, operators_chat_id)),
        (CLEAR_UP, ClearUpHandler(portal, operators_chat_id)),
        (CANCEL, CancelOrderHandler(portal, operators_chat_id)),
        *cancel_order.kinds(portal, operators_chat_id),
        (invoice.INVOICE, invoice.InvoiceHandler(portal, operators_chat_id)),
    )
