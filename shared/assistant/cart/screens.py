"""The screens of the cart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from shared.assistant import texts
from shared.assistant.cart.buttons import ClearCart, SetLine
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import empty_cart
from shared.assistant.keyboard import button, column, keyboard
from shared.assistant.navigation import Idle, SearchMore, ShowCart, StartCheckout
from shared.domain.carts import Cart, CartLine
from shared.domain.offers import Offer
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup

_NOTHING_ASKED: Mapping[str, Offer | None] = MappingProxyType({})


def nothing_to_repeat(number: str) -> Screen:
    """An order without goods."""
    return Screen(texts.cart.nothing_to_repeat(number), column(button(texts.labels.SEARCH_MORE, SearchMore())))


def cart(cart: Cart, asked: Mapping[str, Offer | None] = _NOTHING_ASKED) -> Screen:
    """The cart; with what the portal was just asked about it also says what is not sold (None) or not in stock."""
    if not cart.lines:
        return empty_cart()
    lines = [texts.cart.cart_head(), ""]
    for position, line in enumerate(cart.lines, 1):
        lines += _entry(position, line, asked)
    sold = replace(cart, lines=tuple(line for line in cart.lines if not _is_gone(line, asked)))
    return Screen("\n".join([*lines, "", texts.common.total(sold.total, cart.currency)]), _keyboard(cart))


def _is_gone(line: CartLine, asked: Mapping[str, Offer | None]) -> bool:
    return line.product_id in asked and asked[line.product_id] is None


def _entry(position: int, line: CartLine, asked: Mapping[str, Offer | None]) -> list[str]:
    if _is_gone(line, asked):
        return [f"{position}. {texts.cart.line_not_sold(line.name)}"]
    entry = [f"{position}. {texts.common.line(line.name, line.quantity, line.price, line.currency)}"]
    offer = asked.get(line.product_id)
    if offer is not None and offer.available < line.quantity:
        entry.append(texts.cart.line_on_order(offer.available))
    return entry


def _keyboard(cart: Cart) -> InlineKeyboardMarkup:
    lines = [
        [
            _set(texts.labels.MINUS, line, line.quantity - 1),
            button(texts.labels.line(position, line.quantity), Idle()),
            _set(texts.labels.PLUS, line, line.quantity + 1),
            _set(texts.labels.REMOVE, line, 0),
        ]
        for position, line in enumerate(cart.lines, 1)
    ]
    rest = [button(texts.labels.CLEAR, ClearCart()), button(texts.labels.SEARCH_MORE, SearchMore())]
    return keyboard(*lines, [button(texts.labels.CHECKOUT, StartCheckout())], rest)


def _set(text: str, line: CartLine, quantity: int) -> InlineKeyboardButton:
    return button(text, SetLine(product=line.product_id, quantity=quantity))


def added_keyboard(count: int) -> InlineKeyboardMarkup:
    """Return the card's buttons after the product went into the cart."""
    return column(
        button(texts.labels.in_cart(count), ShowCart(fresh=True)), button(texts.labels.SEARCH_MORE, SearchMore())
    )
