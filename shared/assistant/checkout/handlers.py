"""Address, way to pay, and the tap that makes the order."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import (
    CancelCheckout,
    ChoosePayment,
    Confirm,
    HandOnInvoice,
    LeaveCheckout,
    StartCheckout,
    UseAddress,
)
from shared.assistant.cart import cart as carts
from shared.assistant.cart import screens as cart_screens
from shared.assistant.checkout import amending, calling_off, invoice, jobs, screens
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout.checkout import Checkout, Stage
from shared.assistant.desk import Desk, Screen
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home, home_keyboard
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, F, FSMContext, Message, Router, State, StatesGroup

SHORTEST, LONGEST = 5, 300
"""Characters of an address."""


class CheckoutStates(StatesGroup):
    """Where the dialogue stands."""

    address = State()
    payment = State()


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="checkout")
    router.callback_query.register(start, StartCheckout.filter())
    router.callback_query.register(use_address, UseAddress.filter())
    router.callback_query.register(choose_payment, ChoosePayment.filter())
    router.callback_query.register(confirm, Confirm.filter())
    router.callback_query.register(cancel, CancelCheckout.filter())
    router.callback_query.register(leave, LeaveCheckout.filter())
    router.callback_query.register(invoice.hand_on, HandOnInvoice.filter())
    calling_off.register(router)
    amending.register(router)
    router.message.register(take_address, CheckoutStates.address, F.text, ~F.text.startswith("/"))
    return router


async def start(callback: CallbackQuery, turn: Turn, desk: Desk, master: Master, state: FSMContext) -> None:
    """Ask where to deliver."""
    desk.toast()
    cart = await carts.load(turn.unit, master.telegram_id)
    if not cart.lines:
        desk.show(cart_screens.empty())
        return
    await state.set_state(CheckoutStates.address)
    desk.show(screens.ask_address(master.addresses))


async def take_address(message: Message, desk: Desk, state: FSMContext) -> None:
    """Take a typed address."""
    address = " ".join((message.text or "").split())
    if not SHORTEST <= len(address) <= LONGEST:
        desk.say(Screen(texts.checkout.address_odd()))
        return
    await _ask_payment(desk, state, address)


async def use_address(
    callback: CallbackQuery, callback_data: UseAddress, desk: Desk, master: Master, state: FSMContext
) -> None:
    """Take a saved address."""
    if not 0 <= callback_data.index < len(master.addresses):
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return
    desk.toast()
    await _ask_payment(desk, state, master.addresses[callback_data.index])


async def _ask_payment(desk: Desk, state: FSMContext, address: str) -> None:
    await state.set_state(CheckoutStates.payment)
    await state.update_data(address=address)
    desk.show(screens.ask_payment(address))


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
    desk.typing()
    await state.clear()
    await turn.want(jobs.confirm_job(desk.place, master, cart, address, callback_data.payment))


async def confirm(callback: CallbackQuery, callback_data: Confirm, turn: Turn, desk: Desk, master: Master) -> None:
    """Make the order once, however often this is tapped."""
    checkout = await _shown(callback_data.checkout, turn, desk, master)
    if checkout is not None:
        desk.toast(texts.labels.BUSY)
        checkout.at(Stage.CHECKING).save(turn.unit)
        desk.buttons(screens.busy_keyboard())
        await turn.want(jobs.recheck_job(desk.place, checkout))


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
