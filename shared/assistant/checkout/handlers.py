"""The handlers of the way to pay, and of the tap that makes the order."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import (
    address,
    amending,
    beginning,
    cancel_order,
    contact_comment,
    delivery,
    invoice,
    jobs,
    pickup,
    screens,
)
from shared.assistant.checkout.address import CheckoutStates
from shared.assistant.checkout.buttons import CancelCheckout, ChoosePayment, ConfirmOrder, LeaveCheckout, SwitchPayment
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.checkout.turns import recheck_job
from shared.assistant.common_screens import answer_stale, home_keyboard
from shared.assistant.navigation import HandOnInvoice
from shared.assistant.words import takes_back
from shared.domain import carts, checkouts
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, FSMContext, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="checkout")
    beginning.register(router)
    router.callback_query.register(choose_payment, ChoosePayment.filter())
    router.callback_query.register(switch_payment, SwitchPayment.filter())
    router.callback_query.register(confirm, ConfirmOrder.filter())
    router.callback_query.register(cancel, CancelCheckout.filter())
    router.callback_query.register(leave, LeaveCheckout.filter())
    router.callback_query.register(invoice.hand_on, HandOnInvoice.filter())
    router.message.register(break_off, takes_back, _asks_nothing_else)
    cancel_order.register(router)
    contact_comment.register(router)
    delivery.register(router)
    pickup.register(router)
    address.register(router)
    return router


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
    lines, from_cart = await beginning.wanted_lines(state, decision, master)
    if not isinstance(address, str) or not lines:
        answer_stale(view, master)
        return
    view.toast()
    await state.clear()
    job = jobs.confirm_job(
        view.target, master, lines, address, callback_data.payment, from_cart=from_cart, fetched=not address
    )
    await decision.enqueue(job)


async def switch_payment(
    callback: CallbackQuery, callback_data: SwitchPayment, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show the confirmation with the other way to pay, in place."""
    await amending.in_place(callback_data.checkout, decision, view, master, payment=callback_data.payment)


async def confirm(
    callback: CallbackQuery, callback_data: ConfirmOrder, decision: Decision, view: ChatView, master: Master
) -> None:
    """Make the order once, however often this is tapped."""
    checkout = await _shown(callback_data.checkout, decision, view, master)
    if checkout is not None and not checkout.has_destination:
        view.toast(texts.checkout.where_first(), alert=True)
    elif checkout is not None:
        view.toast(texts.labels.BUSY)
        # He may have given his phone after the confirmation was shown.
        agreed = replace(checkout, phone=checkout.phone or master.phone)
        agreed.at(CheckoutStage.CHECKING).save(decision.unit)
        await checkouts.depart(decision.unit, agreed)
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


_OWN_STATES = frozenset(each.state for each in CheckoutStates.__all_states__)


async def _asks_nothing_else(message: Message, state: FSMContext) -> bool:
    """Let through while the dialogue is about no question but the checkout's."""
    asked = await state.get_state()
    return asked is None or asked in _OWN_STATES


async def break_off(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """End the questions, and the confirmation that waits: what is said to be canceled is not ordered afterwards."""
    asked = await state.get_state() is not None
    changing = await amending.shown(str((await state.get_data()).get("checkout")), decision, master)
    await state.clear()
    if changing is not None:
        view.say(screens.confirmation(changing))
        return
    waited = await checkouts.withdraw(decision.unit, master.telegram_id)
    done = texts.onboarding.canceled() if asked or waited else texts.onboarding.nothing_to_cancel()
    view.say(Screen(done, home_keyboard()))


async def _shown(checkout_id: str, decision: Decision, view: ChatView, master: Master) -> Checkout | None:
    """Return the confirmation if it still waits for an answer; else say how far it is."""
    checkout = await checkouts.load(decision.unit, checkout_id)
    if (
        checkout is None
        or checkout.user_id != master.telegram_id
        or checkout.stage in (CheckoutStage.REPLACED, CheckoutStage.FAILED)
    ):
        if (await carts.load(decision.unit, master.telegram_id)).leaving:
            view.toast(texts.checkout.placing_other(), alert=True)
        else:
            answer_stale(view, master)
        return None
    if checkout.stage is CheckoutStage.SHOWN:
        return checkout
    done = checkout.stage is CheckoutStage.DONE
    view.toast(texts.checkout.already_placed(checkout.order_number) if done else texts.checkout.placing())
    return None


async def leave(callback: CallbackQuery, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Leave the questions; the cart stays, and so does a confirmation whose address was to be changed."""
    if await state.get_state() is None:
        answer_stale(view, master)
        return
    waits = await amending.shown(str((await state.get_data()).get("checkout")), decision, master)
    await state.clear()
    view.toast()
    if waits is not None:
        view.show(screens.confirmation(waits))
        return
    view.show(Screen(texts.onboarding.canceled(), home_keyboard()))
