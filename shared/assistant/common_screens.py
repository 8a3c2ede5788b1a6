"""Screens that several capabilities fall back to."""

from __future__ import annotations

from datetime import date

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.keyboard import COPIED, Row, button, column, copying, keyboard, link, rows_of
from shared.assistant.navigation import TO_CATALOGUE, AskManager, HandOnInvoice, SearchMore, ShowCart, ShowOrders
from shared.domain.masters import Master
from shared.domain.orders import Order
from shared.telegram.api import InlineKeyboardMarkup


def payment_buttons(order_id: str, payment_url: str) -> Row:
    """Return the two buttons an order is paid by: the master's own, and the one for his client.

    They are two rows of a column, for the second has a long text.
    """
    client = button(texts.labels.FOR_CLIENT, HandOnInvoice(order=order_id))
    return [link(texts.labels.PAY, payment_url), client]


def home_keyboard() -> InlineKeyboardMarkup:
    """Return the places a master always finds his way to."""
    return keyboard(
        [button(texts.labels.CATALOGUE, TO_CATALOGUE)],
        [button(texts.labels.CART, ShowCart(fresh=True)), button(texts.labels.MY_ORDERS, ShowOrders(page=0))],
    )


def ask_manager() -> Row:
    """Return the row that leads to people."""
    return [button(texts.labels.ASK_MANAGER, AskManager())]


def apology() -> Screen:
    """Say that a bug of ours stopped the work, with all ways on."""
    return Screen(texts.trouble.apology(), keyboard(ask_manager(), *rows_of(home_keyboard())))


def home(name: str) -> Screen:
    """Greet who is known: the screen everything falls back to."""
    return Screen(texts.onboarding.welcome_back(name), home_keyboard())


def answer_stale(view: ChatView, master: Master) -> None:
    """Answer the button of an old screen, and show where to go on."""
    view.toast(texts.trouble.stale_button())
    view.say(home(master.name))


def unknown_order(number: str) -> Screen:
    """Say that no order of this master has the number, which may be anything that a person typed."""
    return Screen(texts.orders.order_unknown(number), ways_elsewhere())


def ways_elsewhere() -> InlineKeyboardMarkup:
    """Return the ways on where an order leads nowhere: the list of orders, and people."""
    mine = button(texts.labels.MY_ORDERS, ShowOrders(page=0))
    return column(mine, button(texts.labels.ASK_MANAGER, AskManager()))


MOST_SHIPMENTS = 5
"""Shipments that are told about, for the same reason."""


def shipment_lines(order: Order, today: date) -> list[str]:
    """Return when an order's shipments come and their tracking numbers, as far as the portal tells."""
    known = [shipment for shipment in order.shipments if shipment.eta or shipment.tracking_number]
    shipments = known[:MOST_SHIPMENTS]
    etas = [texts.orders.eta_line(shipment.eta, today) for shipment in shipments if shipment.eta]
    numbers = [texts.orders.tracking_line(item.tracking_number) for item in shipments if item.tracking_number]
    left = len(known) - len(shipments)
    return [*dict.fromkeys(etas), *numbers, *([texts.orders.shipments_left(left)] if left else [])]


def tracking_buttons(order: Order) -> Row:
    """Return a button for each tracking number that a button can copy."""
    numbers = dict.fromkeys(shipment.tracking_number for shipment in order.shipments)
    fitting = [number for number in numbers if 0 < len(number) <= COPIED]
    return [copying(texts.labels.copy_number(number), number) for number in fitting[:MOST_SHIPMENTS]]


def empty_cart(*, ordering: bool = False) -> Screen:
    """An empty cart; `ordering`: what was in it is being ordered just now."""
    text = texts.cart.cart_ordering() if ordering else texts.cart.cart_empty()
    return Screen(text, column(button(texts.labels.SEARCH_MORE, SearchMore())))
