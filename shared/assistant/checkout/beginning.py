"""The beginning of a checkout: of the cart, or of one product or a list at once.

Who has ordered before sees the confirmation at once, with the address and the way to pay of the last time: each can be
changed there. Who has not is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import address as addresses
from shared.assistant.checkout import jobs
from shared.assistant.common_screens import answer_stale, empty_cart
from shared.assistant.navigation import OrderList, OrderNow, StartCheckout
from shared.domain import carts
from shared.domain.cart_lines import CartLine, line_data, line_from_data
from shared.domain.masters import Master
from shared.domain.pasted_lists import quoted
from shared.domain.searches import load_of
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, FSMContext, Router


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(start, StartCheckout.filter())
    router.callback_query.register(order_now, OrderNow.filter())
    router.callback_query.register(order_list, OrderList.filter())


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
    await _without_cart(lines, decision, view, master, state, offers_pickup=offers_pickup)


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
    await _without_cart(wanted.at_once, decision, view, master, state, offers_pickup=offers_pickup)


async def _without_cart(
    lines: Sequence[CartLine],
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    *,
    offers_pickup: bool,
) -> None:
    view.toast()
    below = ChatView(decision, view.target.below)
    if await _confirm_at_once(lines, decision, below, master, state, from_cart=False):
        return
    may_fetch = {"may_fetch": True} if offers_pickup else {}
    await state.set_data({"lines": [line_data(line) for line in lines], **may_fetch})
    await addresses.ask(below, state, master)


async def _confirm_at_once(
    lines: Sequence[CartLine],
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    *,
    from_cart: bool,
) -> bool:
    """Show the confirmation if nothing has to be asked; return whether that is so."""
    knows_where = bool(master.addresses) or master.pickup is not None
    if not knows_where or master.pays is None:
        return False
    await state.clear()
    address = master.addresses[0] if master.addresses else ""
    job = jobs.confirm_job(view.target, master, lines, address, master.pays, from_cart=from_cart)
    await decision.enqueue(job)
    return True


async def wanted_lines(state: FSMContext, decision: Decision, master: Master) -> tuple[Sequence[CartLine], bool]:
    """Return what the questions are about, and whether it is the cart."""
    kept = (await state.get_data()).get("lines")
    if kept:
        return [line_from_data(line) for line in kept], False
    return (await carts.load(decision.unit, master.telegram_id)).orderable, True
