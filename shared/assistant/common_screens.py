"""Screens that several capabilities fall back to."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, column, keyboard, link
from shared.assistant.navigation import (
    TO_CATALOGUE,
    AskManager,
    HandOnInvoice,
    ShowCart,
    ShowOrders,
)
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


def home(name: str) -> Screen:
    """Greet who is known: the screen everything falls back to."""
    return Screen(texts.onboarding.welcome_back(name), home_keyboard())


def unknown_order(order_id: str) -> Screen:
    """Say that no order of this master has the number, which may be anything that a person typed."""
    return Screen(texts.orders.order_unknown(order_id), ways_elsewhere())


def ways_elsewhere() -> InlineKeyboardMarkup:
    """Return the ways on where an order leads nowhere: the list of orders, and people."""
    mine = button(texts.labels.MY_ORDERS, ShowOrders(page=0))
    return column(mine, button(texts.labels.ASK_MANAGER, AskManager()))
