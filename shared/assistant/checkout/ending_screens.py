"""The screens of an order once it is wanted: made, refused, to be paid or handed on, canceled."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.checkout.buttons import AgreeToCancelOrder, OrderAgain
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.checkout.told_changes import told_change
from shared.assistant.common_screens import ask_manager, payment_buttons
from shared.assistant.job_handler import by_button
from shared.assistant.keyboard import COPIED, Row, button, column, copying, keyboard
from shared.assistant.navigation import (
    AskManager,
    AskToCancelOrder,
    Idle,
    RepeatOrder,
    ShowCard,
    ShowCart,
    ShowOrder,
    ShowOrders,
)
from shared.domain.cart_lines import CartLine
from shared.domain.charges import TotalDifference
from shared.domain.checkout_changes import Change, NotForSale, ShortReserve
from shared.domain.checkouts import Checkout
from shared.domain.order_record import OrderRecord
from shared.domain.orders import CreatedOrder, Numbered, PaymentKind
from shared.domain.text import utf16_length
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup
from shared.telegram.formatting import escape


def order_made(
    checkout: Checkout,
    made: CreatedOrder,
    differs: TotalDifference | None = None,
    short: Sequence[ShortReserve] = (),
    *,
    unread: bool = False,
) -> Screen:
    """Show the new order with its way to pay.

    When the portal charges another sum than was confirmed, there is no way to pay before the master has agreed. Of an
    order that was not set aside in full it is a person who says what to do. `unread`: nobody could ask for its link.
    """
    text = _made_text(checkout, made, differs, unread=unread)
    first: Sequence[InlineKeyboardButton] = ()
    if short:
        text = f"{text}\n\n{texts.checkout.short_reserves(short)}"
        first = [button(texts.labels.ASK_MANAGER, AskManager())]
    elif differs is not None:
        agree = texts.labels.agree_to(differs.total, checkout.currency)
        text = f"{text}\n\n{texts.charges.agree_or_leave()}"
        return Screen(text, column(_shown(made, agree), button(texts.labels.CALL_OFF, AskToCancelOrder(order=made.id))))
    elif made.payment_url is not None and checkout.payment is PaymentKind.PREPAID:
        first = payment_buttons(made.id, made.payment_url)
    shown = _shown(made, texts.labels.order(made.number))
    return Screen(text, column(*first, shown, button(texts.labels.MY_ORDERS, ShowOrders(page=0))))


def _shown(made: CreatedOrder, label: str) -> InlineKeyboardButton:
    return button(label, ShowOrder(order=made.id, fresh=True))


def _made_text(checkout: Checkout, made: CreatedOrder, differs: TotalDifference | None, *, unread: bool = False) -> str:
    if differs is not None:
        lines = [told_change(change, checkout.currency) for change in differs.repriced]
        return texts.charges.total_differs(made.number, differs, lines, checkout.currency)
    text = _made_head(checkout, made)
    if made.payment_url is None and checkout.payment is PaymentKind.PREPAID:
        text = f"{text}\n{texts.checkout.total_unread() if unread else texts.checkout.no_link()}"
    return text


def _made_head(checkout: Checkout, made: CreatedOrder) -> str:
    fetched = checkout.fetched_at is not None
    return texts.checkout.order_made(made.number, checkout.payment, checkout.total, checkout.currency, fetched=fetched)


def invoice(number: str, amount: Decimal, currency: str, payment_url: str) -> Screen:
    """The link as a message to be handed on; its button copies all of it, or the link alone when that is too long."""
    words = texts.checkout.invoice(number, amount, currency, payment_url)
    fitting = [text for text in (words, payment_url) if utf16_length(text) <= COPIED]
    return Screen(escape(words), column(copying(texts.labels.COPY, fitting[0])) if fitting else None)


def about_order(text: str, order: Numbered, again: Row = ()) -> Screen:
    """Say something about an order, with the ways to it and to people, and to ask once more where that is of use."""
    to_order = [button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))]
    return Screen(text, keyboard(again, to_order, ask_manager()))


def ask_call_off(known: OrderRecord) -> Screen:
    """Ask whether an order shall really be canceled."""
    yes = button(texts.labels.CALL_OFF_YES, AgreeToCancelOrder(order=known.id))
    no = button(texts.labels.CALL_OFF_NO, ShowOrder(order=known.id, fresh=False))
    return Screen(texts.cancellation.ask_call_off(known.number, known.total, known.currency), keyboard([yes, no]))


def calling_off_keyboard() -> InlineKeyboardMarkup:
    """Return what the question's buttons turn into at the tap."""
    return column(button(texts.labels.CALLING_OFF, Idle()))


def order_canceled(order: Numbered, reason: str) -> Screen:
    """Say that an order is canceled, and offer it once more."""
    return Screen(texts.cancellation.order_canceled(order.number, reason), canceled_keyboard(order))


def canceled_keyboard(order: Numbered) -> InlineKeyboardMarkup:
    """What is left to do with a canceled order."""
    again = button(texts.labels.REPEAT, RepeatOrder(order=order.id))
    return column(again, button(texts.labels.MY_ORDERS, ShowOrders(page=0)))


def not_made(text: str, lines: Sequence[CartLine], again: Row = (), *, from_cart: bool) -> Screen:
    """Say why there is no order, with the ways to its goods and to people, and to ask once more where that is of use.

    `from_cart`: the goods are in the cart, else on the card or the list above.
    """
    return Screen(text, keyboard(again, _to_goods(lines, from_cart=from_cart), ask_manager()))


def refused(text: str, wanted: OrderPayload) -> Screen:
    """Say that the portal did not take an order; what the cart does not have can be begun again here."""
    again = () if wanted.from_cart else by_button(OrderAgain(checkout=wanted.checkout))
    return not_made(text, wanted.lines, again, from_cart=wanted.from_cart)


def _to_goods(lines: Sequence[CartLine], *, from_cart: bool) -> Row:
    """Return the way to what no order was made of. A list has no way back: it stands above."""
    if from_cart:
        return [button(texts.labels.CART, ShowCart(fresh=False))]
    if len(lines) > 1:
        return []
    return [button(texts.labels.OPEN_CARD, ShowCard(search="", product=line.product_id)) for line in lines]


def unsure(text: str) -> Screen:
    """Say that the outcome is being found out; the only way on is to the orders."""
    return Screen(text, column(button(texts.labels.MY_ORDERS, ShowOrders(page=0))))


def nothing_left(changes: Sequence[Change], *, from_cart: bool) -> Screen:
    """Say why nothing of a confirmation is left."""
    others_were_faster = all(isinstance(change, NotForSale) and change.line.limit == 0 for change in changes)
    text = texts.checkout.sold_out() if others_were_faster else texts.checkout.nothing_left(from_cart=from_cart)
    have_a_card = [change.line for change in changes if isinstance(change, NotForSale)]
    return not_made(text, have_a_card, from_cart=from_cart)
