"""The beginning of a checkout: of the cart, or of one product or a list at once.

Who has ordered before, or tried to, sees the confirmation at once, with the address and the way to pay of the last
time: each can be changed there. Who has not is asked. An order without the cart stands in a message of its own, below
what it is of: of several taps in a hurry there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import address as addresses
from shared.assistant.checkout import jobs
from shared.assistant.checkout.address import CheckoutStates
from shared.assistant.checkout.buttons import OrderAgain
from shared.assistant.common_screens import answer_stale, empty_cart
from shared.assistant.navigation import OrderList, OrderNow, StartCheckout
from shared.domain import carts, checkouts
from shared.domain.cart_lines import CartLine, line_data, line_from_data
from shared.domain.checkouts import CheckoutStage
from shared.domain.masters import Master
from shared.domain.pasted_lists import quoted
from shared.domain.searches import load_of
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, is_under_way
from shared.telegram.api import CallbackQuery, FSMContext, Router

HURRY = timedelta(seconds=10)
"""A second tap within this time is the first one's, as long as what that one began is there."""


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(start, StartCheckout.filter())
    router.callback_query.register(order_now, OrderNow.filter())
    router.callback_query.register(order_list, OrderList.filter())
    router.callback_query.register(order_again, OrderAgain.filter())


async def start(
    callback: CallbackQuery,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    offers_pickup: bool,  # noqa: FBT001 - the dispatcher's own data, by name
) -> None:
    """Begin with what is in the cart."""
    view.toast()
    cart = await carts.load(decision.unit, master.telegram_id)
    if not cart.lines:
        view.show(empty_cart(ordering=bool(cart.leaving)))
        return
    await state.set_data({"may_fetch": True} if offers_pickup else {})
    if cart.orderable and await _confirm_at_once(cart.orderable, decision, view, master, state, from_cart=True):
        return
    await addresses.ask(view, state, master)


async def order_now(
    callback: CallbackQuery,
    callback_data: OrderNow,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    offers_pickup: bool,  # noqa: FBT001 - the same
) -> None:
    """Begin with a card's product; the confirmation comes below the card."""
    search = await load_of(decision.unit, callback_data.search, master.telegram_id)
    line = search.offered(callback_data.product, callback_data.price, callback_data.currency) if search else None
    if line is None:
        answer_stale(view, master)
        return
    lines = [line.of(callback_data.quantity)]
    await _without_cart(lines, callback, decision, view, master, state, offers_pickup=offers_pickup)


async def order_list(
    callback: CallbackQuery,
    callback_data: OrderList,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    offers_pickup: bool,  # noqa: FBT001 - the same
) -> None:
    """Begin with what was found of a list; the confirmation comes below the list."""
    wanted = await quoted.load(decision.unit, callback_data.list, master.telegram_id)
    if wanted is None or not wanted.at_once:
        answer_stale(view, master)
        return
    await _without_cart(wanted.at_once, callback, decision, view, master, state, offers_pickup=offers_pickup)


async def order_again(
    callback: CallbackQuery,
    callback_data: OrderAgain,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Begin with what no order was made of, in place; prices and stock are asked anew."""
    before = await checkouts.load(decision.unit, callback_data.checkout)
    if before is None or before.user_id != master.telegram_id or before.stage is not CheckoutStage.FAILED:
        answer_stale(view, master)
        return
    view.toast()
    await state.clear()
    job = jobs.confirm_job(
        view.target, master, before.lines, before.address, before.payment, from_cart=before.from_cart
    )
    await decision.enqueue(job)


async def _without_cart(
    lines: Sequence[CartLine],
    callback: CallbackQuery,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    *,
    offers_pickup: bool,
) -> None:
    if await _is_begun(callback, decision, state):
        view.toast(texts.checkout.opened_already())
        return
    view.toast()
    below = ChatView(decision, view.target.below)
    tap = {"tapped": callback.data, "tapped_at": decision.now}
    job = await _confirm_at_once(lines, decision, below, master, state, from_cart=False)
    if job is not None:
        await state.set_data({**tap, "confirmation": job.id})
        return
    may_fetch = {"may_fetch": True} if offers_pickup else {}
    await state.set_data({**tap, "lines": [line_data(line) for line in lines], **may_fetch})
    await addresses.ask(below, state, master)


async def _is_begun(callback: CallbackQuery, decision: Decision, state: FSMContext) -> bool:
    """Whether this button was tapped before, and what that began is on its way or was shown just now."""
    before = await state.get_data()
    if before.get("tapped") != callback.data:
        return False
    job_id = before.get("confirmation")
    if job_id is not None and await is_under_way(decision.unit, job_id):
        return True
    if decision.now - before["tapped_at"] >= HURRY:
        return False
    if job_id is None:
        return await state.get_state() == CheckoutStates.address.state
    shown = await checkouts.load(decision.unit, job_id)
    return shown is not None and shown.stage is CheckoutStage.SHOWN


async def _confirm_at_once(
    lines: Sequence[CartLine],
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    *,
    from_cart: bool,
) -> Job | None:
    """Have the confirmation shown if nothing has to be asked; return the job for it, None when something has to be."""
    knows_where = bool(master.addresses) or master.pickup is not None
    if not knows_where or master.pays is None:
        return None
    await state.clear()
    address = master.addresses[0] if master.addresses else ""
    job = jobs.confirm_job(view.target, master, lines, address, master.pays, from_cart=from_cart)
    await decision.enqueue(job)
    return job


async def wanted_lines(state: FSMContext, decision: Decision, master: Master) -> tuple[Sequence[CartLine], bool]:
    """Return what the questions are about, and whether it is the cart."""
    kept = (await state.get_data()).get("lines")
    if kept:
        return [line_from_data(line) for line in kept], False
    return (await carts.load(decision.unit, master.telegram_id)).orderable, True
