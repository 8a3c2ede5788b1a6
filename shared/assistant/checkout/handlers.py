"""Address, way to pay, and the tap that makes the order."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.buttons import (
    CancelCheckout,
    ChoosePayment,
    Confirm,
    HandOnInvoice,
    LeaveCheckout,
    StartCheckout,
)
from shared.assistant.cart import cart as carts
from shared.assistant.cart import screens as cart_screens
from shared.assistant.checkout import addressing, amending, calling_off, invoice, jobs, screens
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout.checkout import Checkout, Stage
from shared.assistant.desk import Desk, Screen
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home, home_keyboard
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, FSMContext, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="checkout")
    router.callback_query.register(start, StartCheckout.filter())
    router.callback_query.register(choose_payment, ChoosePayment.filter())
    router.callback_query.register(confirm, Confirm.filter())
    router.callback_query.register(cancel, CancelCheckout.filter())
    router.callback_query.register(leave, LeaveCheckout.filter())
    router.callback_query.register(invoice.hand_on, HandOnInvoice.filter())
    calling_off.register(router)
    amending.register(router)
    addressing.register(router)
    return router


async def start(callback: CallbackQuery, turn: Turn, desk: Desk, master: Master, state: FSMContext) -> None:
    """Ask where to deliver."""
    desk.toast()
    cart = await carts.load(turn.unit, master.telegram_id)
    if not cart.lines:
        desk.show(cart_screens.empty())
        return
    await addressing.ask(desk, state, master)


async def choose_payment(
    callback: CallbackQuery, callback_data: ChoosePayment, turn: Turn, desk: Desk, master: Master, state: FSMContext
) -> None:
    """Have prices and stock checked, then show the confirmation."""
    address = (await state.get_data()).get("address")
    cart = await carts.load(turn.unit, master.telegram_id)
    if not isinstance(address, str) or not cart.lines:
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return
    desk.toast()
    await state.clear()
    await turn.want(jobs.confirm_job(desk.place, master, cart, address, callback_data.payment))


async def confirm(callback: CallbackQuery, callback_data: Confirm, turn: Turn, desk: Desk, master: Master) -> None:
    """Make the order once, however often this is tapped."""
    checkout = await _shown(callback_data.checkout, turn, desk, master)
    if checkout is not None:
        desk.toast(texts.labels.BUSY)
        # He may have given his phone after the confirmation was shown.
        agreed = replace(checkout, phone=checkout.phone or master.phone)
        agreed.at(Stage.CHECKING).save(turn.unit)
        desk.buttons(screens.busy_keyboard())
        await turn.want(jobs.recheck_job(desk.place, agreed))


async def cancel(
    callback: CallbackQuery, callback_data: CancelCheckout, turn: Turn, desk: Desk, master: Master
) -> None:
    """Do not order; a later tap on the same confirmation's «Заказать» is stale then."""
    checkout = await _shown(callback_data.checkout, turn, desk, master)
    if checkout is not None:
        checkout.at(Stage.REPLACED).save(turn.unit)
        desk.toast()
        desk.show(Screen(texts.onboarding.canceled(), home_keyboard()))


async def _shown(checkout_id: str, turn: Turn, desk: Desk, master: Master) -> Checkout | None:
    """Return the confirmation if it still waits for an answer; else say how far it is."""
    checkout = await checkouts.load(turn.unit, checkout_id)
    if checkout is None or checkout.user_id != master.telegram_id or checkout.stage in (Stage.REPLACED, Stage.FAILED):
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return None
    if checkout.stage is Stage.SHOWN:
        return checkout
    done = checkout.stage is Stage.DONE
    desk.toast(texts.checkout.already_placed(checkout.order_id) if done else texts.checkout.placing())
    return None


async def leave(callback: CallbackQuery, desk: Desk, master: Master, state: FSMContext) -> None:
    """Leave the questions; the cart stays."""
    if await state.get_state() is None:
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return
    await state.clear()
    desk.toast()
    desk.show(Screen(texts.onboarding.canceled(), home_keyboard()))
