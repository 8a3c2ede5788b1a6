"""Putting goods into the cart and changing it. Only opening it asks Bitrix; its buttons answer at once."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import AddToCart, ClearCart, RepeatOrder, SetLine, ShowCart
from shared.assistant.cart import cart as carts
from shared.assistant.cart import jobs, screens
from shared.assistant.cart.cart import Cart
from shared.assistant.desk import Desk, Place
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home
from shared.assistant.orders import orders
from shared.assistant.orders.screens import unknown
from shared.assistant.search.screens import added_keyboard
from shared.assistant.search.shelf import load_search
from shared.pipeline.jobs import is_under_way
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Command, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="cart")
    router.message.register(command, Command("cart", ignore_mention=True))
    router.callback_query.register(add, AddToCart.filter())
    router.callback_query.register(show, ShowCart.filter())
    router.callback_query.register(set_line, SetLine.filter())
    router.callback_query.register(clear, ClearCart.filter())
    router.callback_query.register(repeat, RepeatOrder.filter())
    return router


async def command(message: Message, turn: Turn, desk: Desk, master: Master) -> None:
    """Show the cart as a new message."""
    await _open(turn, desk, master, desk.place.below)


async def show(callback: CallbackQuery, callback_data: ShowCart, turn: Turn, desk: Desk, master: Master) -> None:
    """Show the cart, in place or as a new message."""
    desk.toast()
    await _open(turn, desk, master, desk.place.below if callback_data.fresh else desk.place)


async def _open(turn: Turn, desk: Desk, master: Master, where: Place) -> None:
    cart = await carts.load(turn.unit, master.telegram_id)
    if not cart.lines:
        Desk(turn, where).show(screens.empty())
        return
    await turn.want(jobs.cart_job(where, master.telegram_id, cart))


async def add(callback: CallbackQuery, callback_data: AddToCart, turn: Turn, desk: Desk, master: Master) -> None:
    """Put the card's product into the cart; the card's button then says how many there are."""
    search = await load_search(turn.unit, callback_data.search)
    product = search.products.get(callback_data.product) if search else None
    if product is None:
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return
    cart = await carts.load(turn.unit, master.telegram_id)
    changed = cart.add(product, callback_data.price, callback_data.currency, callback_data.quantity)
    if changed is None:
        desk.toast(texts.cart.cart_full(carts.MOST_LINES), alert=True)
        return
    carts.save(turn.unit, master.telegram_id, changed)
    count = changed.quantity(product.id)
    desk.toast(texts.cart.in_cart(count))
    desk.buttons(added_keyboard(count))


async def set_line(callback: CallbackQuery, callback_data: SetLine, turn: Turn, desk: Desk, master: Master) -> None:
    """Change or remove a line."""
    cart = await carts.load(turn.unit, master.telegram_id)
    if not cart.quantity(callback_data.product):
        desk.toast(texts.cart.cart_changed())
        desk.show(screens.cart(cart))
        return
    _change(turn, desk, master, cart.set(callback_data.product, callback_data.quantity))


async def clear(callback: CallbackQuery, turn: Turn, desk: Desk, master: Master) -> None:
    """Empty the cart."""
    await carts.load(turn.unit, master.telegram_id)
    _change(turn, desk, master, Cart())


async def repeat(callback: CallbackQuery, callback_data: RepeatOrder, turn: Turn, desk: Desk, master: Master) -> None:
    """Put an order's goods into the cart once more, however often this is tapped."""
    known = await orders.load_of(turn.unit, callback_data.order, master.telegram_id)
    if known is None:
        desk.say(unknown(callback_data.order))
        return
    job = jobs.repeat_job(desk.place.below, master.telegram_id, known.id)
    if await is_under_way(turn.unit, job.id):
        desk.toast(texts.cart.repeating())
        return
    desk.toast()
    await turn.want(job)


def _change(turn: Turn, desk: Desk, master: Master, cart: Cart) -> None:
    carts.save(turn.unit, master.telegram_id, cart)
    desk.toast()
    desk.show(screens.cart(cart))
