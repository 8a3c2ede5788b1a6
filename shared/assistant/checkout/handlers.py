"""The handlers of the way to pay, and of the tap that makes the order."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import address, cancel_order, contact_comment, invoice, jobs, screens
from shared.assistant.checkout.buttons import CancelCheckout, ChoosePayment, ConfirmOrder, LeaveCheckout
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.checkout.turns import recheck_job
from shared.assistant.common_screens import answer_stale, empty_cart, home_keyboard
from shared.assistant.navigation import HandOnInvoice, StartCheckout
from shared.domain import carts, checkouts
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, FSMContext, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="checkout")
    router.callback_query.register(start, StartCheckout.filter())
    router.callback_query.register(choose_payment, ChoosePayment.filter())
    router.callback_query.register(confirm, ConfirmOrder.filter())
    router.callback_query.register(cancel, CancelCheckout.filter())
    router.callback_query.register(leave, LeaveCheckout.filter())
    router.callback_query.register(invoice.hand_on, HandOnInvoice.filter())
    cancel_order.register(router)
    contact_comment.register(router)
    address.register(router)
    return router


async def start(callback: CallbackQuery, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Ask where to deliver."""
    view.toast()
    cart = await carts.load(decision.unit, master.telegram_id)
    if not cart.lines:
        view.show(empty_cart())
        return
    await address.ask(view, state, master)


async def choose_payment(
    callback: CallbackQuery,
    callback_data: ChoosePayment,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Have prices and stock checked, then show the confirmation."""
    address = (await state.get_data()).get("address")
    cart = await carts.load(decision.unit, master.telegram_id)
    if not isinstance(address, str) or not cart.orderable:
        answer_stale(view, master)
        return
    view.toast()
    await state.clear()
    await decision.enqueue(jobs.confirm_job(view.target, master, cart.orderable, address, callback_data.payment))


async def confirm(
    callback: CallbackQuery, callback_data: ConfirmOrder, decision: Decision, view: ChatView, master: Master
) -> None:
    """Make the order once, however often this is tapped."""
    checkout = await _shown(callback_data.checkout, decision, view, master)
    if checkout is not None:
        view.toast(texts.labels.BUSY)
        # He may have given his phone after the confirmation was shown.
        agreed = replace(checkout, phone=checkout.phone or master.phone)
        agreed.at(CheckoutStage.CHECKING).save(decision.unit)
        view.buttons(screens.busy_keyboard())
        await decision.enqueue(recheck_job(OrderPayload.of(view.target, agreed)))


async def cancel(
    callback: CallbackQuery, callback_data: CancelCheckout, decision: Decision, view: ChatView, master: Master
) -> None:
    """Do not order; a later tap on the same confirmation's «Заказать» is stale then."""
    checkout = await _shown(callback_data.checkout, decision, view, master)
    if checkout is not None:
        checkout.at(CheckoutStage.REPLACED).save(decision.unit)
        view.toast()
        view.show(Screen(texts.onboarding.canceled(), home_keyboard()))


async def _shown(checkout_id: str, decision: Decision, view: ChatView, master: Master) -> Checkout | None:
    """Return the confirmation if it still waits for an answer; else say how far it is."""
    checkout = await checkouts.load(decision.unit, checkout_id)
    if (
        checkout is None
        or checkout.user_id != master.telegram_id
        or checkout.stage in (CheckoutStage.REPLACED, CheckoutStage.FAILED)
    ):
        answer_stale(view, master)
        return None
    if checkout.stage is CheckoutStage.SHOWN:
        return checkout
    done = checkout.stage is CheckoutStage.DONE
    view.toast(texts.checkout.already_placed(checkout.order_number) if done else texts.checkout.placing())
    return None


async def leave(callback: CallbackQuery, view: ChatView, master: Master, state: FSMContext) -> None:
    """Leave the questions; the cart stays."""
    if await state.get_state() is None:
        answer_stale(view, master)
        return
    await state.clear()
    view.toast()
    view.show(Screen(texts.onboarding.canceled(), home_keyboard()))
