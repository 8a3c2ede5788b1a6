"""The screens of the cart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from shared.assistant import texts
from shared.assistant.cart.buttons import ClearCart, SetInCart, SetLine
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import ask_manager, empty_cart
from shared.assistant.keyboard import button, column, keyboard, rows_of
from shared.assistant.navigation import Idle, SearchMore, ShowCard, ShowCart, StartCheckout
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from shared.domain.offers import Offer
from shared.domain.quantities import written
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup

_NOTHING_ASKED: Mapping[str, Offer | None] = MappingProxyType({})
_NOTHING_BEFORE = Cart()


def nothing_to_repeat(number: str) -> Screen:
    """An order without goods."""
    return Screen(texts.cart.nothing_to_repeat(number), column(button(texts.labels.SEARCH_MORE, SearchMore())))


def cart(cart: Cart, asked: Mapping[str, Offer | None] = _NOTHING_ASKED, before: Cart = _NOTHING_BEFORE) -> Screen:
    """The cart; with what the portal was just asked about it also says what is not sold (None) or not in stock.

    `before` is the cart as it was: whose quantity has become another one is told.
    """
    if not cart.lines:
        return empty_cart(ordering=bool(cart.leaving))
    lines = [texts.cart.cart_head(), ""]
    for position, line in enumerate(cart.lines, 1):
        lines += _entry(position, line, asked, before)
    sold = replace(cart, lines=tuple(line for line in cart.lines if not _is_gone(line, asked)))
    text = "\n".join([*lines, "", texts.common.total(sold.total, cart.currency), *_ordering(cart)])
    return Screen(text, _keyboard(cart))


def _ordering(cart: Cart) -> list[str]:
    return ["", texts.cart.ordering()] if cart.leaving else []


def unpriced(cart: Cart, *, is_ours: bool) -> Screen:
    """The cart as it is kept, when nobody can say what it costs now; `is_ours`: it is our fault, not the portal's."""
    if not cart.lines:
        return empty_cart(ordering=bool(cart.leaving))
    lines = [f"{number}. {_kept(line)}" for number, line in enumerate(cart.lines, 1)]
    text = "\n".join(
        [texts.cart.cart_head(), "", *lines, "", texts.cart.prices_unknown(is_ours=is_ours), *_ordering(cart)]
    )
    again = [] if is_ours else [button(texts.labels.TRY_AGAIN, ShowCart(fresh=False))]
    return Screen(text, keyboard(again, *rows_of(_keyboard(cart, people=is_ours))))


def _kept(line: CartLine) -> str:
    return texts.common.goods_line(line.name, line.quantity, line.unit)


def _is_gone(line: CartLine, asked: Mapping[str, Offer | None]) -> bool:
    return line.product_id in asked and asked[line.product_id] is None


def _entry(position: int, line: CartLine, asked: Mapping[str, Offer | None], before: Cart) -> list[str]:
    if _is_gone(line, asked):
        return [f"{position}. {texts.cart.line_not_sold(line.name)}"]
    if line.obstacle:
        return [f"{position}. {_kept(line)}", texts.common.obstacle(line)]
    entry = [f"{position}. {texts.common.line(line.name, line.quantity, line.unit, line.price, line.currency)}"]
    wanted = before.quantity(line.product_id)
    if line.limit == line.quantity:
        entry.append(texts.cart.all_there_is(wanted, line.quantity, line.unit))
    elif wanted not in (0, line.quantity):
        entry.append(texts.cart.rounded(line.step, line.unit))
    offer = asked.get(line.product_id)
    if line.on_order and offer is not None and offer.available < line.quantity:
        entry.append(texts.cart.line_on_order(offer.available, line.unit))
    return entry


def _keyboard(cart: Cart, *, people: bool = False) -> InlineKeyboardMarkup:
    lines = [
        [
            _set(texts.labels.MINUS, line, max(line.quantity - line.step, Decimal(0))),
            button(texts.labels.line(position, line.quantity, line.unit), Idle()),
            _set(texts.labels.PLUS, line, line.quantity + line.step),
            _set(texts.labels.REMOVE, line, Decimal(0)),
        ]
        for position, line in enumerate(cart.lines, 1)
    ]
    order = [button(texts.labels.CHECKOUT, StartCheckout())] if cart.orderable else []
    ask = ask_manager() if people or len(cart.orderable) < len(cart.lines) else []
    rest = [button(texts.labels.CLEAR, ClearCart()), button(texts.labels.SEARCH_MORE, SearchMore())]
    return keyboard(*lines, order, ask, rest)


def _set(text: str, line: CartLine, quantity: Decimal) -> InlineKeyboardButton:
    return button(text, SetLine(product=line.product_id, quantity=Decimal(written(quantity))))


def added_keyboard(line: CartLine) -> InlineKeyboardMarkup:
    """Return the card's buttons after the product went into the cart: each says a number, so two taps add no two."""

    def leading_to(label: str, quantity: Decimal) -> InlineKeyboardButton:
        wanted = Decimal(written(max(quantity, Decimal(0))))
        return button(label, SetInCart(product=line.product_id, quantity=wanted))

    return keyboard(
        [button(texts.labels.in_cart(line.quantity, line.unit), ShowCart(fresh=True))],
        [
            leading_to(texts.labels.MINUS, line.quantity - line.step),
            leading_to(texts.labels.PLUS, line.quantity + line.step),
        ],
        [button(texts.labels.SEARCH_MORE, SearchMore())],
    )


def taken_out_keyboard(product_id: str) -> InlineKeyboardMarkup:
    """Return the card's buttons when the cart does not hold the product any more."""
    again = button(texts.labels.OPEN_CARD, ShowCard(search="", product=product_id))
    return column(again, button(texts.labels.CART, ShowCart(fresh=True)))
