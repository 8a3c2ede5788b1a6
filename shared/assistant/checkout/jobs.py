"""The checks of a checkout, before the confirmation and at the tap, and the registry of its kinds of job.

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
        loop until nothing is missing
            W->>B: the order's next request (job make_order:<checkout>, Idempotency-Key)
        end
        W->>M: Заказ № … создан
    end
```

The jobs of a checkout have its id in theirs, so a step cannot be wanted twice. Between the check and the order it is
the checkout's turn to order for its buyer (`shared.domain.baskets`); others of the same buyer wait for theirs and are
checked again then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.checkout import (
    cancel_order,
    choices,
    clearing_up,
    company,
    contact_comment,
    delivery,
    ending_screens,
    endings,
    invoice,
    naming,
    pickup,
    placing,
    refused,
    screens,
    totals,
)
from shared.assistant.checkout.buttons import OrderAgain
from shared.assistant.checkout.payloads import KINDS_BEFORE, ConfirmPayload, OrderPayload
from shared.assistant.checkout.turns import RECHECK, pass_on
from shared.assistant.job_handler import JobHandlers, MasterJobHandler, by_button, is_misread
from shared.assistant.keyboard import Row
from shared.assistant.navigation import StartCheckout
from shared.bitrix.portal import Operation
from shared.domain import baskets, checkouts, deliveries, masters
from shared.domain.cart_lines import CartLine
from shared.domain.checkout_changes import Change, compare
from shared.domain.checkouts import Checkout, CheckoutStage, new_id
from shared.domain.deliveries import DeliveryService
from shared.domain.masters import Master
from shared.domain.offers import Offer
from shared.domain.orders import PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal

CONFIRM = "confirm"


def confirm_job(
    target: ChatTarget,
    master: Master,
    lines: Sequence[CartLine],
    address: str,
    payment: PaymentKind,
    *,
    from_cart: bool = True,
    fetched: bool = False,
) -> Job:
    """Return the job that shows the confirmation of these lines.

    `from_cart`: they lie in the cart until then. `fetched`: he said that he will fetch them.
    """
    payload = ConfirmPayload(
        target=target,
        user_id=master.telegram_id,
        buyer_id=master.bitrix_user_id,
        lines=tuple(lines),
        address=address,
        payment=payment,
        phone=master.phone,
        from_cart=from_cart,
        delivery=master.delivery,
        pickup=master.pickup,
        fetched=fetched,
    )
    return Job(CONFIRM, Lane.READ, payload.as_data())


def _stock(offers: Mapping[str, Offer]) -> dict[str, Decimal]:
    return {product: offer.available for product, offer in offers.items()}


async def _show(
    decision: Decision, view: ChatView, checkout: Checkout, changes: Sequence[Change], notice: str = ""
) -> None:
    """Show a confirmation, or say that nothing of it is sold any more."""
    if not checkout.lines:
        view.show(ending_screens.nothing_left(changes, from_cart=checkout.from_cart))
        await endings.remember_choices(checkout, decision)
        return
    cart = await checkouts.present(decision.unit, checkout)
    view.show(screens.confirmation(checkout, changes, second=bool(cart.leaving), notice=notice))


class _CheckHandler(MasterJobHandler):
    """Asks for price and stock of the order's lines."""

    def _quote(self, lines: Sequence[CartLine], target: ChatTarget) -> Operation[dict[str, Offer]]:
        return self._portal.quote([line.product_id for line in lines], target.price_type)

    def _in_vain(self, reason: Refusal, wanted: ConfirmPayload | OrderPayload, again: Row) -> Screen:
        """Say that nothing was ordered."""
        if is_misread(reason):
            text, again = texts.trouble.misread_checkout(), ()
        else:
            text = texts.trouble.portal_silent_checkout()
        return ending_screens.not_made(text, wanted.lines, again, from_cart=wanted.from_cart)


class ConfirmOrderHandler(_CheckHandler):
    """The check before the confirmation."""

    def plan(self, job: Job) -> Operation[Any]:
        """Ask for the lines' products, and in the same request for the ways to get them where there is a choice."""
        payload = ConfirmPayload.from_data(job.payload)
        return delivery.asked_with(self._portal, self._quote(payload.lines, payload.target))

    async def done(self, job: Job, value: Mapping[str, Offer] | list[Any], decision: Decision) -> None:
        """Show the confirmation with what differs from the cart."""
        payload = ConfirmPayload.from_data(job.payload)
        told = delivery.told(self._portal, value)
        offers, services = told.offers, told.services
        service = _proposed(payload, services)
        lines, changes = compare(payload.lines, None, offers)
        checkout = Checkout(
            id=job.id,
            user_id=payload.user_id,
            buyer_id=payload.buyer_id,
            lines=lines,
            available=_stock(offers),
            address=payload.address,
            payment=payload.payment,
            phone=payload.phone,
            from_cart=payload.from_cart,
            services=tuple(services),
            delivery=service.id if service else "",
            pickup=payload.pickup,
            slots=tuple(told.slots),
        )
        view = ChatView(decision, payload.target)
        if payload.fetched and checkout.lines and checkout.is_fetched and not checkout.has_destination:
            await pickup.ask_first(decision, view.target, checkout, changes)
            return
        gone = texts.deliveries.no_pickup() if payload.fetched and not checkout.is_fetched else ""
        await _show(decision, view, checkout, changes, gone)
        if checkout.lines:
            await contact_comment.offer_phone(decision, view, checkout.user_id)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Say that nothing was ordered, and keep what was chosen for it."""
        payload = ConfirmPayload.from_data(job.payload)
        master = await masters.load(decision.unit, payload.user_id)
        if master is not None:
            master.choosing(payload.address, payload.payment).save(decision.unit)
        await super().failed(job, reason, decision)

    def trouble(self, job: Job, reason: Refusal) -> Screen:
        """Say that nothing was ordered."""
        return self._in_vain(reason, ConfirmPayload.from_data(job.payload), self.once_more(job))


def _proposed(payload: ConfirmPayload, services: Sequence[DeliveryService]) -> DeliveryService | None:
    """Return the delivery service to begin with: the one he chose last, or a pick-up when he asked for that."""
    fetching = next((service for service in services if service.pickup), None) if payload.fetched else None
    return fetching or deliveries.proposed(services, payload.delivery, has_point=payload.pickup is not None)


class RecheckHandler(_CheckHandler):
    """The check at the tap."""

    def plan(self, job: Job) -> Operation[Any]:
        """Ask for the lines' products, and in the same request whether what he chose is still there."""
        wanted = OrderPayload.from_data(job.payload)
        return choices.asked_with(self._portal, self._quote(wanted.lines, wanted.target), wanted)

    async def done(self, job: Job, value: Mapping[str, Offer] | list[Any], decision: Decision) -> None:
        """Go on to the order if nothing changed, else show the difference and ask again."""
        wanted = OrderPayload.from_data(job.payload)
        checkout = await checkouts.load(decision.unit, wanted.checkout)
        if checkout is None or checkout.stage is not CheckoutStage.CHECKING:
            await pass_on(wanted.buyer_id, decision)
            return
        offers, told = choices.told(self._portal, wanted, value)
        lines, changes = compare(checkout.lines, checkout.available, offers)
        left = choices.mended(checkout, told)
        if not changes and not left.notice:
            await self._go_on(job, wanted, checkout, decision)
            return
        await pass_on(wanted.buyer_id, decision)
        checkout.at(CheckoutStage.REPLACED).save(decision.unit)
        await checkouts.come_back(decision.unit, checkout)
        fresh = replace(left.checkout, id=new_id(), lines=lines, available=_stock(offers), stage=CheckoutStage.SHOWN)
        await _show(decision, ChatView(decision, wanted.target), fresh, changes, left.notice)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Let the checkout go; it is begun again from where its goods are."""
        wanted = OrderPayload.from_data(job.payload)
        await endings.give_up(wanted, decision)
        await pass_on(wanted.buyer_id, decision)
        again = StartCheckout() if wanted.from_cart else OrderAgain(checkout=wanted.checkout)
        ChatView(decision, wanted.target).show(self._in_vain(reason, wanted, by_button(again)))
        await self.report(job, reason, decision)

    async def _go_on(self, job: Job, wanted: OrderPayload, checkout: Checkout, decision: Decision) -> None:
        """Take the turn and place the order, or wait for it, or call for help when strange things lie in the basket."""
        basket = await baskets.load(decision.unit, checkout.buyer_id)
        if not basket.is_free_for(checkout.id):
            basket.queued(wanted.as_data()).save(decision.unit)
            return
        if not basket.may_become(checkout.lines):
            await endings.give_up(wanted, decision)
            await pass_on(wanted.buyer_id, decision)
            text = texts.checkout.order_refused(from_cart=wanted.from_cart)
            ChatView(decision, wanted.target).show(ending_screens.refused(text, wanted))
            await self.report(job, Refusal("BASKET_NOT_EMPTY", operators=True), decision)
            return
        basket.taken(checkout.id).save(decision.unit)
        checkout.at(CheckoutStage.PLACING).save(decision.unit)
        await decision.enqueue(placing.first_job(self._portal, wanted.target, checkout, basket.left))


JOB_HANDLERS: JobHandlers = {
    CONFIRM: ConfirmOrderHandler,
    RECHECK: RecheckHandler,
    **dict.fromkeys((placing.PLACE_ORDER, *KINDS_BEFORE), placing.PlaceOrderHandler),
    clearing_up.CLEAR_UP: refused.RefusedOrderHandler,
    clearing_up.CANCEL: clearing_up.CancelOrderHandler,
    naming.NAME_CLIENT: naming.NameClientHandler,
    company.READ_COMPANY: company.ReadCompanyHandler,
    **cancel_order.JOB_HANDLERS,
    invoice.INVOICE: invoice.InvoiceHandler,
    totals.READ_TOTAL: totals.ReadTotalHandler,
    pickup.PICKUP_POINTS: pickup.PickupPointsHandler,
}
