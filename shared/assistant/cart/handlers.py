"""The handlers of the cart: /cart and its buttons. Only opening it asks Bitrix; the buttons answer at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shared.assistant import funnel, texts
from shared.assistant.cart import jobs, screens
from shared.assistant.cart.buttons import ClearCart, SetInCart, SetLine
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.common_screens import answer_stale, empty_cart, unknown_order
from shared.assistant.funnel import FunnelStep
from shared.assistant.navigation import AddToCart, RepeatOrder, ShowCart
from shared.assistant.spoken_commands import says
from shared.domain import carts, order_records
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from shared.domain.masters import Master
from shared.domain.searches import load_of
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import is_under_way
from shared.telegram.api import CallbackQuery, Command, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="cart")
    router.message.register(command, Command("cart", ignore_mention=True))
    router.callback_query.register(add, AddToCart.filter())
    router.callback_query.register(show, ShowCart.filter())
    router.callback_query.register(set_line, SetLine.filter())
    router.callback_query.register(set_in_cart, SetInCart.filter())
    router.callback_query.register(clear, ClearCart.filter())
    router.callback_query.register(repeat, RepeatOrder.filter())
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="cart by word")
    router.message.register(command, says("cart"))
    return router


async def command(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Show the cart as a new message."""
    await _open(decision, view, master, view.target.below)


async def show(
    callback: CallbackQuery, callback_data: ShowCart, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show the cart, in place or as a new message."""
    view.toast()
    await _open(decision, view, master, view.target.below if callback_data.fresh else view.target)


async def _open(decision: Decision, view: ChatView, master: Master, where: ChatTarget) -> None:
    cart = await carts.load(decision.unit, master.telegram_id)
    if not cart.lines:
        ChatView(decision, where).show(empty_cart(ordering=bool(cart.leaving)))
        return
    await decision.enqueue(jobs.cart_job(where, master.telegram_id, cart))


async def add(
    callback: CallbackQuery, callback_data: AddToCart, decision: Decision, view: ChatView, master: Master
) -> None:
    """Put the card's product into the cart, once; the card then says how many there are, and takes another number."""
    search = await load_of(decision.unit, callback_data.search, master.telegram_id)
    line = search.offered(callback_data.product, callback_data.price, callback_data.currency) if search else None
    if line is None:
        answer_stale(view, master)
        return
    cart = await carts.load(decision.unit, master.telegram_id)
    known = cart.line(line.product_id)
    if known is not None and view.target.message_id in cart.counted:
        view.toast(texts.cart.in_cart_already(known.quantity, known.unit))
        view.buttons(screens.added_keyboard(known))
        return
    changed = cart.add(line.of(callback_data.quantity))
    if changed is None:
        view.toast(texts.cart.cart_full(carts.MOST_LINES), alert=True)
        return
    carts.save(decision.unit, master.telegram_id, changed.counting(view.target.message_id))
    funnel.passed(FunnelStep.CART)
    in_cart = changed.line(line.product_id) or line
    _tell_count(view, in_cart, cart.quantity(line.product_id) + callback_data.quantity)


def _tell_count(view: ChatView, line: CartLine, wanted: Decimal) -> None:
    """Say how many there are now, on the card they came from."""
    told = texts.cart.in_cart_all if line.exceeds_stock(wanted) else texts.cart.in_cart
    view.toast(told(line.quantity, line.unit))
    view.buttons(screens.added_keyboard(line))


async def set_in_cart(
    callback: CallbackQuery, callback_data: SetInCart, decision: Decision, view: ChatView, master: Master
) -> None:
    """Change on its card how many of a product are in the cart."""
    cart = await carts.load(decision.unit, master.telegram_id)
    changed = cart.set(callback_data.product, callback_data.quantity)
    carts.save(decision.unit, master.telegram_id, changed)
    line = changed.line(callback_data.product)
    if line is not None:
        _tell_count(view, line, callback_data.quantity)
        return
    view.toast(texts.cart.taken_out() if cart.line(callback_data.product) else texts.cart.cart_changed())
    view.buttons(screens.taken_out_keyboard(callback_data.product))


async def set_line(
    callback: CallbackQuery, callback_data: SetLine, decision: Decision, view: ChatView, master: Master
) -> None:
    """Change or remove a line."""
    cart = await carts.load(decision.unit, master.telegram_id)
    line = cart.line(callback_data.product)
    if line is None:
        view.toast(texts.cart.cart_changed())
        view.show(screens.cart(cart))
        return
    short = line.exceeds_stock(callback_data.quantity)
    view.toast(texts.cart.no_more(line.limit or Decimal(0), line.unit) if short else None)
    _change(decision, view, master, cart.set(callback_data.product, callback_data.quantity))


async def clear(callback: CallbackQuery, decision: Decision, view: ChatView, master: Master) -> None:
    """Empty the cart."""
    cart = await carts.load(decision.unit, master.telegram_id)
    view.toast()
    _change(decision, view, master, replace(cart, lines=()))


async def repeat(
    callback: CallbackQuery, callback_data: RepeatOrder, decision: Decision, view: ChatView, master: Master
) -> None:
    """Put an order's goods into the cart once more, however often this is tapped."""
    known = await order_records.load_of(decision.unit, callback_data.order, master.telegram_id)
    if known is None:
        view.say(unknown_order(callback_data.order))
        return
    job = jobs.repeat_job(view.target.below, master.telegram_id, known.id)
    if await is_under_way(decision.unit, job.id):
        view.toast(texts.cart.repeating())
        return
    view.toast()
    await decision.enqueue(job)


def _change(decision: Decision, view: ChatView, master: Master, cart: Cart) -> None:
    carts.save(decision.unit, master.telegram_id, cart)
    view.show(screens.cart(cart))
