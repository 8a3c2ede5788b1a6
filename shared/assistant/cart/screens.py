"""The cart as a master sees it."""

from __future__ import annotations

from collections.abc import Mapping

from shared.assistant import texts
from shared.assistant.buttons import ClearCart, Idle, SearchMore, SetLine, StartCheckout
from shared.assistant.cart.cart import Cart, Line
from shared.assistant.desk import Screen
from shared.assistant.keyboard import button, column, keyboard
from shared.bitrix.model import Offer
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup


def empty() -> Screen:
    """An empty cart."""
    return Screen(texts.cart_empty(), column(button(texts.SEARCH_MORE, SearchMore())))


def cart(cart: Cart, offers: Mapping[str, Offer] | None = None) -> Screen:
    """The cart; with offers at hand it also says what is not sold or not in stock."""
    if not cart.lines:
        return empty()
    lines = [texts.cart_head(), ""]
    for position, line in enumerate(cart.lines, 1):
        lines += _entry(position, line, offers)
    return Screen("\n".join([*lines, "", texts.total(cart.total, cart.currency)]), _keyboard(cart))


def _entry(position: int, line: Line, offers: Mapping[str, Offer] | None) -> list[str]:
    if offers is not None and line.product_id not in offers:
        return [f"{position}. {texts.line_not_sold(line.name)}"]
    entry = [f"{position}. {texts.line(line.name, line.quantity, line.price, line.currency)}"]
    if offers is not None and offers[line.product_id].available < line.quantity:
        entry.append(texts.line_on_order(offers[line.product_id].available))
    return entry


def _keyboard(cart: Cart) -> InlineKeyboardMarkup:
    lines = [
        [
            _set(texts.MINUS, line, line.quantity - 1),
            button(texts.button_line(position, line.quantity), Idle()),
            _set(texts.PLUS, line, line.quantity + 1),
            _set(texts.REMOVE, line, 0),
        ]
        for position, line in enumerate(cart.lines, 1)
    ]
    rest = [button(texts.CLEAR, ClearCart()), button(texts.SEARCH_MORE, SearchMore())]
    return keyboard(*lines, [button(texts.CHECKOUT, StartCheckout())], rest)


def _set(text: str, line: Line, quantity: int) -> InlineKeyboardButton:
    return button(text, SetLine(product=line.product_id, quantity=quantity))
